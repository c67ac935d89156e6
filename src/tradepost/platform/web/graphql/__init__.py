"""Reads as a graph: types and resolvers are the contexts', bounds and endpoint are here.

The library behind it is loaded with the first question, so that a shop that never gets one starts
sooner and stays smaller: :mod:`.endpoint`, :mod:`.limits` and :mod:`.errors` do without it.
"""
