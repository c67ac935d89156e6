"""Tables and repositories of the counter."""
