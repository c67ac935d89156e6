"""The doors of the mall."""
