"""Cash that couriers collect and hand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tradepost.delivery.errors import AboveOwed, NoteMissing, NothingOwed
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CourierId, HandInId, PaymentId
from tradepost.kernel.money import Currency, Money
from tradepost.kernel.text import one_line


@dataclass(frozen=True, slots=True)
class Collected:
    """A payment whose money a courier holds, in minor units."""

    payment_id: PaymentId
    order_id: UUID
    order_number: int
    amount: int
    currency: str
    collected_at: datetime


@dataclass(frozen=True, slots=True)
class HandIn:
    """Cash that a courier gave to the shop: what they owed, and what was counted.

    ``missing`` = ``owed`` − ``counted`` is nobody's debt any more; ``note`` says why.
    """

    id: HandInId
    courier_id: CourierId
    currency: Currency
    owed: Money
    counted: Money
    missing: Money
    payment_ids: tuple[PaymentId, ...]
    settlement_id: UUID
    note: str
    received_by: UUID | None
    at: datetime

    def settled(self, settlement_id: UUID) -> HandIn:
        """With the settlement that it caused."""
        return replace(self, settlement_id=settlement_id)


def chosen(owed: Sequence[Collected], named: Sequence[PaymentId]) -> list[Collected]:
    """The payments handed in: those named, or all.

    :raises Unknown: for one that the courier does not owe.
    :raises NothingOwed: if there are none.
    """
    by_id = {one.payment_id: one for one in owed}
    for payment_id in named:
        if payment_id not in by_id:
            raise Unknown("payment", str(payment_id))
    taken = [by_id[one] for one in dict.fromkeys(named)] if named else list(owed)
    if not taken:
        raise NothingOwed
    return taken


def handed_in(
    id: HandInId,
    courier_id: CourierId,
    taken: Sequence[Collected],
    counted: int,
    note: str,
    settlement_id: UUID,
    received_by: UUID | None,
    at: datetime,
) -> HandIn:
    """What it comes to.

    :raises AboveOwed: if more was counted than is owed.
    :raises NoteMissing: if something is missing and nobody says why.
    """
    currency = Currency.parse(taken[0].currency)
    owed = sum(one.amount for one in taken)
    if not 0 <= counted <= owed:
        raise AboveOwed(owed, counted, currency.code)
    kept = one_line(note, "note", shortest=0)
    missing = owed - counted
    if missing and not kept:
        raise NoteMissing(missing, currency.code)
    return HandIn(
        id,
        courier_id,
        currency,
        Money(owed, currency),
        Money(counted, currency),
        Money(missing, currency),
        tuple(one.payment_id for one in taken),
        settlement_id,
        kept,
        received_by,
        at,
    )
