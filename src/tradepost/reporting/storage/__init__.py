"""Tables that are made from facts alone, and how facts change them."""

from tradepost.reporting.storage.sales import SALES_BY_DAY
from tradepost.reporting.storage.timeline import ORDER_TIMELINE

__all__ = ["ORDER_TIMELINE", "SALES_BY_DAY"]
