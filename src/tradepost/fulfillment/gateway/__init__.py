"""Fulfillment and the world outside: the file store."""
