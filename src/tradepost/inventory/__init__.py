"""The stock room: what lies where, what of it is promised, and every movement of goods."""
