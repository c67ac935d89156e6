"""Zones, slots, picking, couriers and their cash."""
