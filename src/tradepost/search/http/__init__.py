"""The doors of search."""
