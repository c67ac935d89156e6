"""The store's schema through time: one history for both databases, run by the product itself.

A revision is a file of ``versions``; it says what it does in full and imports nothing that will
change later. What tables there are now is handed in by the wiring, which alone knows all contexts.
"""
