"""What a line is; the first that matches wins, in the order of the table of :class:`LineKind`."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from tradepost.transfer import errors
from tradepost.transfer.retail.line import RetailLine

_SERVICE_CODES = frozenset(
    {"post", "dot", "c2", "m", "d", "s", "b", "pads", "cruk", "bank charges", "amazonfee"}
)
"""Postage, carriage, manual entries, discount, samples, fees: nothing that lies on a shelf."""

_VOUCHER_PREFIX = "gift_"


class LineKind(StrEnum):
    """What a line becomes; rows of the final table come in this order."""

    SALE = "sale"
    SERVICE = "service"
    RETURN = "return"
    SERVICE_RETURN = "service_return"
    ADJUSTMENT = "adjustment"
    WRITE_OFF = "write_off"
    FOUND = "found"


@lru_cache(65_536)
def is_service(sku_key: str) -> bool:
    """Whether a case-folded code is of a service, which has no stock."""
    return sku_key in _SERVICE_CODES or sku_key.startswith(_VOUCHER_PREFIX)


def kind_of(line: RetailLine, *, found: bool) -> LineKind:
    """The kind of a line; ``found`` tells of its whole invoice: no customer, all prices 0."""
    is_credit = line.invoice[0] == "C"
    if line.invoice[0] == "A":
        return LineKind.ADJUSTMENT
    if is_service(line.sku_key):
        return LineKind.SERVICE_RETURN if is_credit else LineKind.SERVICE
    if is_credit:
        return LineKind.RETURN
    if line.quantity < 0:
        return LineKind.WRITE_OFF
    return LineKind.FOUND if found else LineKind.SALE


def check(line: RetailLine, quantity: str, price: str) -> None:
    """Refuse what no kind can book; ``quantity`` and ``price`` are the cells as written."""
    kind = kind_of(line, found=False)
    if kind is LineKind.ADJUSTMENT:
        return
    if line.unit_price_micros < 0:
        raise errors.PriceBelowZero(line.line_number, "UnitPrice", price)
    if kind in {LineKind.RETURN, LineKind.SERVICE_RETURN} and line.quantity > 0:
        raise errors.CreditAddsGoods(line.line_number, "Quantity", quantity)
    if kind is LineKind.SERVICE and line.quantity < 0:
        raise errors.ServiceBelowZero(line.line_number, "Quantity", quantity)
    if kind is LineKind.WRITE_OFF and line.unit_price_micros:
        raise errors.WriteOffPriced(line.line_number, "UnitPrice", price)
