"""The doors of ordering."""
