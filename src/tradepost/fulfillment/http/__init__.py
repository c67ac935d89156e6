"""The doors of fulfillment."""
