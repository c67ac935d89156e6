"""Zones, slots, pick tasks, deliveries, couriers and what they owe."""
