"""What the floor needs: its repositories, and what it asks of its neighbours."""

from tradepost.floor.ports.asked import (
    Dish,
    Locations,
    Menu,
    OrderBook,
    Owed,
    Sold,
    SoldLine,
    Tender,
    Terms,
    Wanted,
)
from tradepost.floor.ports.kept import Floors, Kitchen, Tabs

__all__ = [
    "Dish",
    "Floors",
    "Kitchen",
    "Locations",
    "Menu",
    "OrderBook",
    "Owed",
    "Sold",
    "SoldLine",
    "Tabs",
    "Tender",
    "Terms",
    "Wanted",
]
