"""Tables and repositories of fulfillment."""
