"""Why the stock room says no."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import Conflict, Invalid, Refused, TooLarge, TooMany


@dataclass(eq=False)
class Shortage(Conflict):
    """Only {available} of the {wanted} wanted units of variant {variant_id} are free.

    Order fewer units, or come back when more have arrived.
    """

    variant_id: str
    wanted: int
    available: int


@dataclass(eq=False)
class NotOnHand(Refused):
    """Only {on_hand} units of variant {variant_id} are on hand; {wanted} cannot leave.

    Receive the goods first, or count the shelf to book what is really there.
    """

    variant_id: str
    wanted: int
    on_hand: int


@dataclass(eq=False)
class NotAllocated(Conflict):
    """Only {allocated} units of order line {line_id} are allocated here, not {wanted}.

    Load the order again and look at what of it is still to be shipped, and from where.
    """

    line_id: str
    wanted: int
    allocated: int


@dataclass(eq=False)
class TooMuchStock(TooLarge):
    """More than {largest} units of variant {variant_id} at one place are a slip of the finger.

    Check the quantity and the unit it is counted in.
    """

    variant_id: str
    largest: int


@dataclass(eq=False)
class TooManyLines(TooLarge):
    """{lines} lines are more than the {largest} that one document may have.

    Split it into several documents.
    """

    lines: int
    largest: int


@dataclass(eq=False)
class SameLocation(Refused):
    """Goods cannot be transferred from location {location_id} to itself.

    Name two different locations.
    """

    location_id: str


@dataclass(eq=False)
class NotKeptInStock(Refused):
    """Variant {variant_id} is a service or a download; no stock is kept of it.

    Name goods that lie on a shelf.
    """

    variant_id: str


@dataclass(eq=False)
class NameOne(Invalid):
    """This list is too long to be shown whole.

    Name one of these at least: {parameters}.
    """

    parameters: str


@dataclass(eq=False)
class TooMuchHeld(TooMany):
    """One person may hold {units_max} units at once: {wanted} were wanted, {held} are held already.

    Order what is in the other carts or empty them; their holds end by themselves, the last within
    {retry_after_s} seconds. The shop may raise held_quantity_per_customer_max.
    """

    units_max: int
    wanted: int
    held: int
    retry_after_s: int
