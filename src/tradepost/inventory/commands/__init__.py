"""What the stock room does: for staff, for carts, and for orders on their way."""
