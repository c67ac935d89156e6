"""What payments are, and the rules that protect them."""
