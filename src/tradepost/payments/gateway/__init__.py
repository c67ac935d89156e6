"""Outside services that take money, and the desk that speaks with them."""
