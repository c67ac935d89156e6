"""Tables and repositories of payments."""
