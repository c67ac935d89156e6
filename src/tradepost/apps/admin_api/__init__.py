"""The API of those who work here."""
