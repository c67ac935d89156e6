"""Tables and repositories of ordering."""
