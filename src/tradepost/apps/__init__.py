"""The processes of the house; no app imports another."""
