"""The doors of delivery."""
