"""The API of shoppers."""
