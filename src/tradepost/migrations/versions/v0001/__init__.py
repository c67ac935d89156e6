"""The first schema, a module for the tables of each context."""
