"""Payments: money that comes in for orders, and money that goes back."""
