"""Import and export: files of others, taken in as commands and handed out again."""
