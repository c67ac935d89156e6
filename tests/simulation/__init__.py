"""Histories played out in virtual time: many processes, one store, faults by seed, the laws kept.

``python -m tests.simulation`` runs them for as long as one likes; ``TRADEPOST_SIMULATION_SEED``
replays one.
"""
