"""Carts and orders: what somebody wants, and what was agreed."""
