"""What the shop can read about itself, made from facts alone."""
