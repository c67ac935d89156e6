"""The doors of pricing, for staff only: shoppers see what comes of it."""
