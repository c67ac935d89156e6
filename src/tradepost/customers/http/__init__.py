"""Customers as their own record shows them, and as staff keep it."""
