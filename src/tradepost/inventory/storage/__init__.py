"""Tables of the stock room and the repositories that answer its ports."""

from tradepost.inventory.storage.counts import SqlCounts, stock_count_lines, stock_counts
from tradepost.inventory.storage.holders import SqlHolders
from tradepost.inventory.storage.marks import SqlDemandMarks
from tradepost.inventory.storage.requests import SqlRequests, reservation_requests
from tradepost.inventory.storage.reservations import SqlReservations, reservations
from tradepost.inventory.storage.shortfalls import SqlShortfalls, shortfalls
from tradepost.inventory.storage.stock import SqlStocks, stock_movements, stocks
from tradepost.inventory.storage.transfers import SqlTransferOrders, transfer_orders

__all__ = [
    "SqlCounts",
    "SqlDemandMarks",
    "SqlHolders",
    "SqlRequests",
    "SqlReservations",
    "SqlShortfalls",
    "SqlStocks",
    "SqlTransferOrders",
    "reservation_requests",
    "reservations",
    "shortfalls",
    "stock_count_lines",
    "stock_counts",
    "stock_movements",
    "stocks",
    "transfer_orders",
]
