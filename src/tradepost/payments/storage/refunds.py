"""Refunds and credit notes, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradepost.kernel.ids import OrderId, PaymentId, RefundId, ReturnId
from tradepost.payments.domain.credit import CreditNote
from tradepost.payments.domain.refund import Refund
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    insert,
    param,
    scoped,
    tenant_param,
)
from tradepost.platform.db.work import Work


@dataclass(frozen=True, slots=True)
class NextCreditNote:
    """The next number of a series of credit notes."""

    series: str
    next: int


refunds = tenant_table(
    "refunds",
    Refund,
    indexes=[("payment_id",), ("order_id",), ("return_id",), ("state", "requested_at")],
    references={"payment_id": "payments", "credit_note_id": "credit_notes"},
    checks={"amount": "amount_amount > 0"},
)
credit_notes = tenant_table(
    "credit_notes",
    CreditNote,
    unique=[("number",)],
    indexes=[("order_id",), ("return_id",), ("customer_id",)],
)
numbers = tenant_table("credit_note_numbers", NextCreditNote, key=("series",))
REFUND_ROWS = Mapper(Refund, refunds)
NOTE_ROWS = Mapper(CreditNote, credit_notes)
_LOCK = Statement(
    scoped(refunds, *REFUND_ROWS.columns)
    .where(any_of(refunds.c.id, "ids"))
    .order_by(refunds.c.id)
    .with_for_update()
)
_PAYMENT_OF = Statement(scoped(refunds, refunds.c.payment_id).where(refunds.c.id == param("id")))
_OF_RETURN = Statement(
    scoped(refunds, *REFUND_ROWS.columns)
    .where(refunds.c.return_id == param("return_id"))
    .order_by(refunds.c.id)
)
_CHANGING = (
    "state",
    "closed_at",
    "settled_at",
    "business_date",
    "reference",
    "version",
    "note",
    "needs_review",
)
_NOTES = Statement(
    scoped(credit_notes, *NOTE_ROWS.columns).where(any_of(credit_notes.c.order_id, "ids"))
)
_taken = insert(numbers).values(
    tenant_id=tenant_param(numbers), series="credit_note", next=param("count") + 1
)
_TAKE = Statement(
    _taken.on_conflict_do_update(
        index_elements=["tenant_id", "series"], set_={"next": numbers.c.next + param("count")}
    ).returning(numbers.c.next)
)


class SqlRefunds:
    """Answers the Refunds port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, made: Sequence[Refund]) -> None:
        """Keep fresh refunds."""
        self._work.add(refunds, *map(REFUND_ROWS.dump, made))

    async def lock(self, ids: Sequence[RefundId]) -> dict[RefundId, Refund]:
        """The refunds, locked in the order of their identifiers."""
        rows = await self._work.all(_LOCK, ids=sorted(set(ids)))
        return {refund.id: refund for refund in map(REFUND_ROWS.load, rows)}

    async def save(self, changed: Sequence[Refund]) -> None:
        """Write locked refunds back."""
        rows = [REFUND_ROWS.dump(one) for one in changed]
        kept = [{name: row[name] for name in ("id", *_CHANGING)} for row in rows]
        await self._work.update_rows(refunds, ("id",), kept)

    async def payment_of(self, refund_id: RefundId) -> PaymentId | None:
        """The payment of a refund, without locking anything."""
        payment_id: PaymentId | None = await self._work.value(_PAYMENT_OF, id=refund_id)
        return payment_id

    async def of_return(self, return_id: ReturnId) -> list[Refund]:
        """The refunds by which a return was paid for."""
        rows = await self._work.all(_OF_RETURN, return_id=return_id)
        return [REFUND_ROWS.load(row) for row in rows]

    async def notes_of(self, orders: Sequence[OrderId]) -> list[CreditNote]:
        """The credit notes of orders."""
        return list(map(NOTE_ROWS.load, await self._work.all(_NOTES, ids=list(orders))))

    async def numbers(self, count: int) -> int:
        """Take consecutive numbers in one statement; its row is held until the commit."""
        after = await self._work.value(_TAKE, count=count)
        return int(after) - count

    def add_notes(self, notes: Sequence[CreditNote]) -> None:
        """Keep fresh credit notes."""
        self._work.add(credit_notes, *map(NOTE_ROWS.dump, notes))
