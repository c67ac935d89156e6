"""The API of portals, by which a cell is asked for tenants."""
