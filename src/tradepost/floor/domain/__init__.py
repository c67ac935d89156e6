"""The rules of the floor."""
