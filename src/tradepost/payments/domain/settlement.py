"""Money that others held for the shop arrives: the carrier's, the card company's, the gateway's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from tradepost.kernel.money import Currency, Money
from tradepost.payments.domain.payment import Method, Payment
from tradepost.payments.domain.refund import Refund, RefundState
from tradepost.payments.errors import FeeAboveSettlement, NotToSettle, SettlementMixed

HELD = frozenset({Method.COD, Method.CARD_TERMINAL, Method.GATEWAY})
"""Methods whose money somebody holds before the shop has it."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What arrived: ``amount`` less the ``fee``, for payments and refunds of one method; or, where
    a person held it, less what is ``missing``."""

    id: UUID
    method: Method
    currency: Currency
    amount: Money
    fee: Money
    missing: Money
    held_by: UUID | None
    at: datetime
    business_date: date


def settled(
    payments: Sequence[Payment], refunds: Sequence[Refund], at: datetime
) -> tuple[list[Payment], list[Refund]]:
    """The payments and refunds as settled.

    :raises NotToSettle: for one whose money nobody holds, or that was settled before.
    """
    for paid in payments:
        if paid.method not in HELD or not paid.captured_at or paid.settled_at:
            raise NotToSettle("payment", str(paid.id))
    for gone in refunds:
        issued = gone.state is RefundState.ISSUED
        if gone.method not in HELD or not issued or gone.settled_at:
            raise NotToSettle("refund", str(gone.id))
    return (
        [replace(paid, settled_at=at, version=paid.version + 1) for paid in payments],
        [replace(gone, settled_at=at, version=gone.version + 1) for gone in refunds],
    )


def settlement(
    id: UUID,
    payments: Sequence[Payment],
    refunds: Sequence[Refund],
    kept: tuple[int, int],
    at: datetime,
    day: date,
) -> Settlement:
    """What payments and refunds come to, checked to be of one method, currency and holder.

    ``kept`` are the fee, and what is missing of what a person held.
    """
    whole_of: list[Payment | Refund] = [*payments, *refunds]
    first = whole_of[0]
    for one in whole_of:
        if one.method is not first.method or one.currency is not first.currency:
            raise SettlementMixed
    holders = {one.held_by for one in payments} | ({None} if refunds else set())
    if len(holders) > 1:
        raise SettlementMixed
    (held_by,) = holders
    taken = sum(paid.captured.amount for paid in payments)
    whole = taken - sum(gone.amount.amount for gone in refunds)
    fee, missing = kept
    if min(kept) < 0 or fee + missing > max(whole, 0) or (missing and held_by is None):
        raise FeeAboveSettlement(fee + missing, whole)
    currency = first.currency
    return Settlement(
        id,
        first.method,
        currency,
        Money(whole, currency),
        Money(fee, currency),
        Money(missing, currency),
        held_by,
        at,
        day,
    )
