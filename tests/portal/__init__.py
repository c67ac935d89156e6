"""Portal and cell: tenants registered in one service and opened by another."""
