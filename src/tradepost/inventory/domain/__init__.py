"""Stock, movements, reservations, and the rules by which goods are promised."""
