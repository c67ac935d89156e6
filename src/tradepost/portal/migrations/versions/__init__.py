"""The revisions of the portal's store, by number; each says all of what it does."""
