"""The published language: one module per context, frozen facts of primitives and identifiers."""
