"""A restaurant's orders as tabs: reads files of the form of Maven's "Restaurant Orders"."""
