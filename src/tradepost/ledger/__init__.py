"""The books: double entry under everything that is money."""
