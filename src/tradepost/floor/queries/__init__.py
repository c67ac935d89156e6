"""The floor, looked at."""
