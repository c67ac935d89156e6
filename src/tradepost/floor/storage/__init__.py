"""The floor as rows."""
