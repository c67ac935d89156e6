"""The counter, looked at."""

from tradepost.counter.queries.pages import (
    RegisterView,
    SaleView,
    ShiftView,
    register_page,
    register_rows,
    sale_page,
    shift_page,
    shift_report,
    shift_rows,
)
from tradepost.counter.queries.waiting import (
    flagged_sales,
    parked_sales,
    set_aside_rows,
    unanswered_charges,
)

__all__ = [
    "RegisterView",
    "SaleView",
    "ShiftView",
    "flagged_sales",
    "parked_sales",
    "register_page",
    "register_rows",
    "sale_page",
    "set_aside_rows",
    "shift_page",
    "shift_report",
    "shift_rows",
    "unanswered_charges",
]
