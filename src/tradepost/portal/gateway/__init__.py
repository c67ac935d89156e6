"""How the portal speaks to its cells."""
