"""Payments, refunds and credit notes as staff see them; amounts in minor units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import tuple_

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import (
    CreditNoteId,
    CustomerId,
    OrderId,
    PaymentId,
    RefundId,
    ReturnId,
)
from tradepost.payments.domain.credit import CreditNote, Part
from tradepost.payments.domain.payment import Payment, PaymentAllocation, PaymentState
from tradepost.payments.domain.refund import Refund
from tradepost.payments.ports import KnownOrders
from tradepost.payments.storage.payments import (
    ALLOCATION_ROWS,
    PAYMENT_ROWS,
    payment_allocations,
    payments,
)
from tradepost.payments.storage.refunds import NOTE_ROWS, REFUND_ROWS, credit_notes, refunds
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Reader


@dataclass(frozen=True, slots=True)
class ShareView:
    """What an order was given of a payment, and what of that went back or is on its way."""

    order_id: OrderId
    amount: int
    refunded: int
    allocated_at: datetime


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund."""

    id: RefundId
    payment_id: PaymentId | None
    order_id: OrderId | None
    return_id: ReturnId | None
    credit_note_id: CreditNoteId | None
    method: str
    state: str
    currency: str
    amount: int
    reason: str
    requested_at: datetime
    closed_at: datetime | None
    needs_review: bool
    note: str
    version: int


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment in a list; ``credit`` is what came in and no order was given."""

    id: PaymentId
    method: str
    gateway: str | None
    state: str
    currency: str
    amount: int
    captured: int
    allocated: int
    tip: int
    credit: int
    refunded: int
    customer_id: CustomerId | None
    reference: str
    note: str
    opened_at: datetime
    captured_at: datetime | None
    settled_at: datetime | None
    business_date: date
    version: int


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment with the orders it went to and what of it went back."""

    payment: PaymentRow
    orders: tuple[ShareView, ...]
    refunds: tuple[RefundRow, ...]


@dataclass(frozen=True, slots=True)
class CreditNoteView:
    """A credit note with its lines as they were credited."""

    id: CreditNoteId
    number: int
    kind: str
    order_id: OrderId | None
    return_id: ReturnId | None
    customer_id: CustomerId | None
    currency: str
    total: int
    tax: int
    lines: tuple[Part, ...]
    reason: str
    issued_at: datetime
    business_date: date


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """All money of an order, the oldest first."""

    payments: tuple[PaymentRow, ...]
    shares: tuple[ShareView, ...]
    refunds: tuple[RefundRow, ...]
    credit_notes: tuple[CreditNoteView, ...]


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """Which payments are wanted; what is left out does not matter."""

    state: PaymentState | None = None
    reference: str | None = None
    customer_id: CustomerId | None = None


Position = tuple[datetime, PaymentId]
"""Where a page of payments ended."""
_p, _a, _r, _n = payments.c, payment_allocations.c, refunds.c, credit_notes.c
_PAYMENTS = scoped(payments, *PAYMENT_ROWS.columns)
_ONE = Statement(_PAYMENTS.where(_p.id == param("id")))
_MANY = Statement(_PAYMENTS.where(any_of(_p.id, "ids")).order_by(_p.opened_at, _p.id))
_SHARES = scoped(payment_allocations, *ALLOCATION_ROWS.columns)
_shares_in_order = (_a.allocated_at, _a.id)
_SHARES_OF = Statement(
    _SHARES.where(_a.payment_id == param("payment_id")).order_by(*_shares_in_order)
)
_SHARES_FOR = Statement(_SHARES.where(_a.order_id == param("order_id")).order_by(*_shares_in_order))
_REFUNDS = scoped(refunds, *REFUND_ROWS.columns)
_refunds_in_order = (_r.requested_at, _r.id)
_REFUNDS_OF = Statement(
    _REFUNDS.where(_r.payment_id == param("payment_id")).order_by(*_refunds_in_order)
)
_REFUNDS_FOR = Statement(
    _REFUNDS.where(_r.order_id == param("order_id")).order_by(*_refunds_in_order)
)
_NOTES = scoped(credit_notes, *NOTE_ROWS.columns)
_NOTES_FOR = Statement(_NOTES.where(_n.order_id == param("order_id")).order_by(_n.number))
_NOTE = Statement(_NOTES.where(_n.number == param("number")))
_IS = {
    "state": _p.state == param("state"),
    "reference": _p.reference == param("reference"),
    "customer_id": _p.customer_id == param("customer_id"),
}


async def payment_page(db: Reader, payment_id: PaymentId) -> PaymentView:
    """A payment; :class:`Unknown` if there is none."""
    row = await db.one(_ONE, id=payment_id)
    if row is None:
        raise Unknown("payment", str(payment_id))
    shares = await db.all(_SHARES_OF, payment_id=payment_id)
    gone = await db.all(_REFUNDS_OF, payment_id=payment_id)
    return PaymentView(
        _payment(PAYMENT_ROWS.load(row)),
        tuple(_share(ALLOCATION_ROWS.load(one)) for one in shares),
        tuple(_refund(REFUND_ROWS.load(one)) for one in gone),
    )


async def payment_rows(
    db: Reader, wanted: PaymentFilter, after: Position | None, limit: int
) -> list[PaymentRow]:
    """Payments, the newest first."""
    given: dict[str, Any] = {
        name: value for name in _IS if (value := getattr(wanted, name)) is not None
    }
    statement = _listing(tuple(given), after is not None)
    if after is not None:
        given |= {"after_at": after[0], "after_id": after[1]}
    return [
        _payment(PAYMENT_ROWS.load(row)) for row in await db.all(statement, **given, limit=limit)
    ]


async def check_owner(
    db: Reader, order_id: OrderId, owner: CustomerId, orders: KnownOrders
) -> None:
    """Refuse an order that is not this customer's, as if there were none."""
    await orders.check(order_id, owner)


async def order_money(db: Reader, order_id: OrderId, orders: KnownOrders) -> OrderMoney:
    """The payments, refunds and credit notes of an order; nothing for one that nobody paid."""
    await orders.check(order_id)
    shares = [ALLOCATION_ROWS.load(row) for row in await db.all(_SHARES_FOR, order_id=order_id)]
    paid = await db.all(_MANY, ids=[one.payment_id for one in shares])
    gone = await db.all(_REFUNDS_FOR, order_id=order_id)
    notes = await db.all(_NOTES_FOR, order_id=order_id)
    return OrderMoney(
        tuple(_payment(PAYMENT_ROWS.load(row)) for row in paid),
        tuple(map(_share, shares)),
        tuple(_refund(REFUND_ROWS.load(row)) for row in gone),
        tuple(_note(NOTE_ROWS.load(row)) for row in notes),
    )


async def credit_note_page(db: Reader, number: int) -> CreditNoteView:
    """A credit note by its number; :class:`Unknown` if there is none."""
    row = await db.one(_NOTE, number=number)
    if row is None:
        raise Unknown("credit note", str(number))
    return _note(NOTE_ROWS.load(row))


@cache
def _listing(names: Sequence[str], continued: bool) -> Statement:
    chosen = _PAYMENTS.where(*(_IS[name] for name in names))
    if continued:
        last = tuple_(param("after_at", like=_p.opened_at), param("after_id", like=_p.id))
        chosen = chosen.where(tuple_(_p.opened_at, _p.id) < last)
    newest = (_p.opened_at.desc(), _p.id.desc())
    return Statement(chosen.order_by(*newest).limit(param("limit")))


def _payment(one: Payment) -> PaymentRow:
    return PaymentRow(
        id=one.id,
        method=one.method.value,
        gateway=one.gateway,
        state=one.state.value,
        currency=one.currency.code,
        amount=one.amount.amount,
        captured=one.captured.amount,
        allocated=one.allocated.amount,
        tip=one.tip.amount,
        credit=one.credit.amount,
        refunded=one.refunded.amount,
        customer_id=one.customer_id,
        reference=one.reference,
        note=one.note,
        opened_at=one.opened_at,
        captured_at=one.captured_at,
        settled_at=one.settled_at,
        business_date=one.business_date,
        version=one.version,
    )


def _share(one: PaymentAllocation) -> ShareView:
    return ShareView(one.order_id, one.amount.amount, one.refunded.amount, one.allocated_at)


def _refund(one: Refund) -> RefundRow:
    return RefundRow(
        id=one.id,
        payment_id=one.payment_id,
        order_id=one.order_id,
        return_id=one.return_id,
        credit_note_id=one.credit_note_id,
        method=one.method.value,
        state=one.state.value,
        currency=one.currency.code,
        amount=one.amount.amount,
        reason=one.reason,
        requested_at=one.requested_at,
        closed_at=one.closed_at,
        needs_review=one.needs_review,
        note=one.note,
        version=one.version,
    )


def _note(one: CreditNote) -> CreditNoteView:
    return CreditNoteView(
        id=one.id,
        number=one.number,
        kind=one.kind.value,
        order_id=one.order_id,
        return_id=one.return_id,
        customer_id=one.customer_id,
        currency=one.currency.code,
        total=one.total.amount,
        tax=one.tax.amount,
        lines=one.lines,
        reason=one.reason,
        issued_at=one.issued_at,
        business_date=one.business_date,
    )
