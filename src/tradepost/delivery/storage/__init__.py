"""Where delivery keeps its records."""
