"""Goods on their way: shipments out, returns back."""
