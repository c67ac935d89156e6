"""The plumbing, once: it knows nothing of orders."""
