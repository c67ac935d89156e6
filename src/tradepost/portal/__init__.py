"""The control plane: who has a shop, in which cell it lives, and where it is in its life."""
