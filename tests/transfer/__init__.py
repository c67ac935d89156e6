"""Import and export, proven on small files written here."""
