"""The store: tables from the domain's types, scoped statements, two drivers."""
