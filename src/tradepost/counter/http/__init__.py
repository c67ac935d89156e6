"""The doors of the counter: all of them are for those who work there."""

from tradepost.counter.http import receipts, registers, sales, shifts, waiting

ROUTES = (
    *registers.ROUTES,
    *shifts.ROUTES,
    *sales.ROUTES,
    *receipts.ROUTES,
    *waiting.ROUTES,
)
"""What tills and those who look after them may do."""
