"""Tradepost: one commerce backend for every way a merchant sells."""

__version__ = "0.1.0"
