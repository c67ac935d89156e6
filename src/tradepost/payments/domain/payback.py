"""What a refund comes to: what is credited, and which tenders the money goes back by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import (
    CreditNoteId,
    CustomerId,
    Ids,
    OrderId,
    OrderLineId,
    PaymentId,
    RefundId,
    ReturnId,
)
from tradepost.kernel.money import Currency, Money
from tradepost.payments.domain.credit import Creditable, CreditKind, CreditNote, Part
from tradepost.payments.domain.dues import Due
from tradepost.payments.domain.payment import Method, Payment
from tradepost.payments.domain.purse import Drawn, Purse
from tradepost.payments.domain.refund import WAY_BACK, Refund, RefundState
from tradepost.payments.errors import (
    NothingToRefund,
    RefundAboveCaptured,
    RefundedByTotal,
)


@dataclass(frozen=True, slots=True)
class RefundWish:
    """What somebody wants back: on an order by lines, an amount or all of it; or a payment's
    credit. ``method`` is the way back where it is not the way the money came."""

    order_id: OrderId | None
    payment_id: PaymentId | None
    lines: tuple[tuple[OrderLineId, int | None], ...]
    amount: int | None
    method: Method | None
    reason: str
    at: datetime
    business_date: date


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A return to be credited and paid back; without an order, by the method named."""

    return_id: ReturnId
    order_id: OrderId | None
    customer_id: CustomerId | None
    currency: Currency
    lines: tuple[Part, ...]
    method: Method | None
    reason: str
    at: datetime
    business_date: date


@dataclass(frozen=True, slots=True)
class PayBack:
    """A worked-out refund: the credit note, if something is credited, and the ways back."""

    order_id: OrderId | None
    currency: Currency
    note: CreditNote | None
    refunds: tuple[Refund, ...]


class Refunding:
    """Works refunds out one after the other on what was sold, paid, credited and refunded."""

    def __init__(
        self,
        dues: Mapping[OrderId, Due],
        sold: Mapping[OrderId, Sequence[Part]],
        notes: Sequence[CreditNote],
        purse: Purse,
        ids: Ids,
    ) -> None:
        self._dues = dues
        self._purse = purse
        self._ids = ids
        credited: dict[OrderId, list[Part]] = {order_id: [] for order_id in sold}
        for note in notes:
            if note.order_id is not None:
                credited[note.order_id] += note.lines
        self._left = {place: Creditable(parts, credited[place]) for place, parts in sold.items()}
        self._credited = {place: _sum(parts) for place, parts in credited.items()}

    def refund(self, wish: RefundWish) -> PayBack:
        """Money back on an order, or of a payment's credit.

        On an order, what it was paid too much goes back as it is; the rest is a concession.

        :raises RefundAboveCaptured: if less came in, or has gone back already.
        """
        if wish.order_id is None:
            return self._refund_credit(wish)
        due = self._due(wish.order_id)
        if wish.lines and due.is_cancelled:
            raise RefundedByTotal(due.number)
        tenders = self._purse.allocations(due.order_id, wish.payment_id)
        captured = sum(one.refundable.amount for one in tenders)
        parts = self._conceded(wish, due, captured)
        amount = _sum(parts) if wish.lines else _or(wish.amount, captured)
        if amount > captured:
            raise RefundAboveCaptured(captured, amount, due.currency.code)
        if amount <= 0:
            raise NothingToRefund
        note = self._note(CreditKind.CONCESSION, wish, due.currency, due.customer_id, parts)
        drawn = self._purse.draw(due.order_id, amount, wish.payment_id)
        return PayBack(due.order_id, due.currency, note, self._ways(wish, drawn, note))

    def concede(self, wish: RefundWish) -> PayBack:
        """Credit all that an order still owes; nothing goes back.

        :raises NothingToRefund: if it owes nothing.
        """
        assert wish.order_id is not None
        due = self._due(wish.order_id)
        owed = -self._overpaid(due)
        if owed <= 0:
            raise NothingToRefund
        parts = self._left[due.order_id].by_amount(owed)
        note = self._note(CreditKind.CONCESSION, wish, due.currency, due.customer_id, parts)
        return PayBack(due.order_id, due.currency, note, ())

    def give_back(self, made: GivenBack) -> PayBack:
        """Credit what came back; pay back what that leaves the customer to get."""
        if made.order_id is None:
            note = self._note(CreditKind.RETURN, made, made.currency, made.customer_id, made.lines)
            refunds = self._without_payment(made, note)
            return PayBack(None, made.currency, note, refunds)
        due = self._due(made.order_id)
        if due.is_cancelled:
            return self._after_reversal(made, due)
        left = self._left[due.order_id]
        parts = left.given_back(made.lines)
        parts += left.without(parts).spared_by_coins()
        note = self._note(CreditKind.RETURN, made, due.currency, due.customer_id, parts)
        amount = max(0, min(self._overpaid(due), _sum(parts)))
        drawn = self._purse.draw(due.order_id, amount)
        return PayBack(due.order_id, due.currency, note, self._ways(made, drawn, note))

    def _after_reversal(self, made: GivenBack, due: Due) -> PayBack:
        """A called-off order's sale is void: money goes back, and nothing is left to credit."""
        amount = min(self._purse.given(due.order_id), _sum(made.lines))
        drawn = self._purse.draw(due.order_id, amount)
        return PayBack(due.order_id, due.currency, None, self._ways(made, drawn, None))

    def _due(self, order_id: OrderId) -> Due:
        due = self._dues.get(order_id)
        if due is None:
            raise Unknown("order", str(order_id))
        return due

    def _overpaid(self, due: Due) -> int:
        """What was paid above what the order comes to after all that was credited on it."""
        owed = 0 if due.is_cancelled else due.total.amount - self._credited[due.order_id]
        return self._purse.given(due.order_id) - owed

    def _conceded(self, wish: RefundWish, due: Due, captured: int) -> tuple[Part, ...]:
        left = self._left[due.order_id]
        if wish.lines:
            return left.by_lines(wish.lines)
        amount = _or(wish.amount, captured)
        above = min(amount, captured) - max(0, self._overpaid(due))
        return left.by_amount(above) if above > 0 else ()

    def _refund_credit(self, wish: RefundWish) -> PayBack:
        assert wish.payment_id is not None
        paid = self._purse.payment(wish.payment_id)
        amount = _or(wish.amount, paid.credit.amount)
        if amount > paid.credit.amount:
            raise RefundAboveCaptured(paid.credit.amount, amount, paid.currency.code)
        if amount <= 0:
            raise NothingToRefund
        drawn = [self._purse.draw_credit(paid.id, amount)]
        return PayBack(None, paid.currency, None, self._ways(wish, drawn, None))

    def _note(
        self,
        kind: CreditKind,
        cause: RefundWish | GivenBack,
        currency: Currency,
        customer_id: CustomerId | None,
        parts: tuple[Part, ...],
    ) -> CreditNote | None:
        """A credit note on the parts, which from now on are credited; it has no number yet."""
        if not parts:
            return None
        if cause.order_id is not None:
            self._left[cause.order_id] = self._left[cause.order_id].without(parts)
            self._credited[cause.order_id] += _sum(parts)
        return issued(kind, cause, currency, customer_id, parts, self._ids)

    def _ways(
        self, cause: RefundWish | GivenBack, drawn: Sequence[Drawn], note: CreditNote | None
    ) -> tuple[Refund, ...]:
        return tuple(
            self._way(cause, paid, Money(amount, paid.currency), note) for paid, amount in drawn
        )

    def _without_payment(self, made: GivenBack, note: CreditNote | None) -> tuple[Refund, ...]:
        assert made.method not in (None, Method.GATEWAY), made.return_id
        if note is None or not note.total.amount:
            return ()
        return (self._way(made, None, note.total, note),)

    def _way(
        self,
        cause: RefundWish | GivenBack,
        paid: Payment | None,
        amount: Money,
        note: CreditNote | None,
    ) -> Refund:
        method = cause.method or (WAY_BACK.get(paid.method, paid.method) if paid else None)
        assert method is not None
        asks = paid is not None and method is Method.GATEWAY
        return Refund(
            id=RefundId(self._ids.new()),
            payment_id=paid.id if paid else None,
            order_id=cause.order_id,
            return_id=cause.return_id if isinstance(cause, GivenBack) else None,
            credit_note_id=note.id if note else None,
            method=method,
            gateway=paid.gateway if paid and asks else None,
            state=RefundState.PENDING if asks else RefundState.ISSUED,
            currency=amount.currency,
            amount=amount,
            reason=cause.reason,
            reference="",
            requested_at=cause.at,
            closed_at=None if asks else cause.at,
            settled_at=None,
            business_date=cause.business_date,
            version=1,
        )


def issued(
    kind: CreditKind,
    cause: RefundWish | GivenBack,
    currency: Currency,
    customer_id: CustomerId | None,
    parts: tuple[Part, ...],
    ids: Ids,
) -> CreditNote:
    """A credit note on the parts; its number is still to be taken."""
    return CreditNote(
        id=CreditNoteId(ids.new()),
        number=0,
        kind=kind,
        order_id=cause.order_id,
        return_id=cause.return_id if isinstance(cause, GivenBack) else None,
        customer_id=customer_id,
        currency=currency,
        total=Money(_sum(parts), currency),
        tax=Money(sum(part.tax for part in parts), currency),
        lines=parts,
        reason=cause.reason,
        issued_at=cause.at,
        business_date=cause.business_date,
    )


def _sum(parts: Sequence[Part]) -> int:
    return sum(part.amount for part in parts)


def _or(amount: int | None, otherwise: int) -> int:
    return otherwise if amount is None else amount
