"""Reads of the stock room: what shops and replays ask, and what staff look at."""

from tradepost.inventory.queries.documents import (
    CountView,
    TransferView,
    count_page,
    counts,
    shortfall_page,
    shortfalls,
    transfer_page,
    transfers,
)
from tradepost.inventory.queries.levels import StockView, movements, reservations, stock_levels
from tradepost.inventory.queries.shelf import FreeStock, StockTotals, availability, on_hand_of

__all__ = [
    "CountView",
    "FreeStock",
    "StockTotals",
    "StockView",
    "TransferView",
    "availability",
    "count_page",
    "counts",
    "movements",
    "on_hand_of",
    "reservations",
    "shortfall_page",
    "shortfalls",
    "stock_levels",
    "transfer_page",
    "transfers",
]
