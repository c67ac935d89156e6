"""The restaurant floor: tables, tabs, rounds, the kitchen, and checks."""
