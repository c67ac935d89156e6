"""Delivery around the corner: zones and slots, picking, couriers, hand-over, and their cash."""
