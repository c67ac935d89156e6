"""The portal's own tables; no cell has them, and the portal has none of a cell's."""
