"""The shop itself: what shoppers need to know of it, and what its staff decide."""
