"""Zones, slots, picking, deliveries and couriers, looked at."""
