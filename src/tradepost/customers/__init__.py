"""The people a shop sells to: a record of each, their addresses and their groups."""
