"""Binds ports to those who answer them; alone knows all contexts. One module per context."""
