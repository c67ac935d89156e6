"""What a shop offers: categories, products, their variants, and where they are offered."""
