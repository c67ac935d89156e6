"""The reasons fulfillment says no."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import Invalid, Refused, TooLarge


@dataclass(eq=False)
class NothingToShip(Refused):
    """Order {number} has nothing left to ship.

    Look at its shipments; services and digital goods need none.
    """

    number: int


@dataclass(eq=False)
class MoreThanOrdered(Refused):
    """Only {open} units of line {line_id} are still to ship; {wanted} were named.

    Ship the open units or fewer.
    """

    line_id: str
    open: int
    wanted: int


@dataclass(eq=False)
class NotReadyToShip(Refused):
    """Order {number} is {state} and cannot be shipped.

    Record its payment first, or choose an order that is pending_shipment.
    """

    number: int
    state: str


@dataclass(eq=False)
class MoreThanShipped(Refused):
    """Only {open} units of line {line_id} can still come back; {wanted} were named.

    Name what was shipped and has not been returned before.
    """

    line_id: str
    open: int
    wanted: int


@dataclass(eq=False)
class NothingReturned(Invalid):
    """A return needs at least one line with a positive quantity.

    Name what comes back.
    """


@dataclass(eq=False)
class AboveReturnLimit(TooLarge):
    """A return without a receipt may be worth {limit:money} {currency} at most; this one
    is {total:money}.

    Find the receipt, or ask a manager to raise the shop's limit.
    """

    total: int
    limit: int
    currency: str


@dataclass(eq=False)
class TooLateToReturn(Refused):
    """Units of line {line_id} could come back until {last_day}, {days} days after they arrived.

    Ask somebody who may take returns late.
    """

    line_id: str
    last_day: str
    days: int


@dataclass(eq=False)
class ArticleUnknown(Refused):
    """There is no article {sku} to take back.

    Look the article up again.
    """

    sku: str


@dataclass(eq=False)
class NowhereToPut(Refused):
    """The shop has no location that goods could come back to.

    Create a location first.
    """
