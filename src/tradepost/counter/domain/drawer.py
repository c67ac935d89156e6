"""What moves a drawer: each movement is posted, and their sum is what should lie in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from tradepost.counter.errors import NothingMoved
from tradepost.kernel.ids import DrawerMovementId, RegisterId, ShiftId
from tradepost.kernel.money import Currency, Money


class MovementKind(StrEnum):
    """Why cash went into a drawer or out of it."""

    FLOAT = "float"
    SALE = "sale"
    REFUND = "refund"
    PAID_IN = "paid_in"
    PAID_OUT = "paid_out"
    DROP = "drop"
    """To the safe, while the shift goes on."""
    NO_SALE = "no_sale"
    """The drawer was opened and nothing was moved."""
    DIFFERENCE = "difference"
    """Found when it was counted; below zero where cash was missing."""
    EMPTIED = "emptied"
    """To the safe, when the shift was closed."""


BY_HAND = frozenset(
    {MovementKind.PAID_IN, MovementKind.PAID_OUT, MovementKind.DROP, MovementKind.NO_SALE}
)
"""What a cashier records; the rest follows from sales, returns and shifts."""
OUT = frozenset({MovementKind.PAID_OUT, MovementKind.DROP})
AT_THE_END = frozenset({MovementKind.DIFFERENCE, MovementKind.EMPTIED})
"""What a close adds: everything else makes up the cash that is expected."""


@dataclass(frozen=True, slots=True)
class DrawerMovement:
    """Cash that went into a drawer, or below zero out of it; never changed afterwards.

    ``rounding`` is what was given back more in coins than was owed (below zero: less), and
    ``document_id`` the sale or the return it belongs to.
    """

    id: DrawerMovementId
    register_id: RegisterId
    shift_id: ShiftId
    kind: MovementKind
    currency: Currency
    amount: Money
    rounding: Money
    document_id: UUID | None
    reason: str
    cashier_id: UUID | None
    at: datetime
    business_date: date


def signed(kind: MovementKind, amount: int) -> int:
    """What a movement recorded by hand adds to the drawer.

    :raises NothingMoved: unless it is above zero, or nothing for a no-sale.
    """
    if (kind is MovementKind.NO_SALE) != (amount == 0) or amount < 0:
        raise NothingMoved(kind.value)
    return -amount if kind in OUT else amount
