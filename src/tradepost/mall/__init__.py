"""The mall: vendors, what the shop keeps of their sales, and what it pays out to them."""
