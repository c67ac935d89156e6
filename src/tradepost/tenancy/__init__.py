"""Tenants, their settings, their host names, and the stores and locations they have."""
