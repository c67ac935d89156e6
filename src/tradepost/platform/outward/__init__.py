"""Calls to places that somebody from outside has named: databases today, receivers of hooks."""
