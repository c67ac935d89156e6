"""Payments and what of them went to which order, as rows."""

from __future__ import annotations

from collections.abc import Sequence

from tradepost.kernel.ids import OrderId, PaymentId
from tradepost.payments.domain.payment import Payment, PaymentAllocation
from tradepost.payments.domain.purse import Purse
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, any_of, scoped
from tradepost.platform.db.work import Work

payments = tenant_table(
    "payments",
    Payment,
    indexes=[("opened_at",), ("state", "opened_at"), ("reference",), ("customer_id",)],
    checks={
        "captured": "captured_amount <= amount_amount",
        "allocated": "allocated_amount + credit_refunded_amount <= captured_amount",
        "refunded": "refunded_amount between credit_refunded_amount and captured_amount",
    },
)
payment_allocations = tenant_table(
    "payment_allocations",
    PaymentAllocation,
    indexes=[("payment_id",), ("order_id",)],
    references={"payment_id": "payments"},
    checks={"amount": "amount_amount > 0", "refunded": "refunded_amount <= amount_amount"},
)
PAYMENT_ROWS = Mapper(Payment, payments)
ALLOCATION_ROWS = Mapper(PaymentAllocation, payment_allocations)
_SHARES = Statement(scoped(payments, payments.c.shares).where(any_of(payments.c.id, "ids")))
_LOCK = Statement(
    scoped(payments, *PAYMENT_ROWS.columns)
    .where(any_of(payments.c.id, "ids"))
    .order_by(payments.c.id)
    .with_for_update()
)
_ALLOCATIONS = Statement(
    scoped(payment_allocations, *ALLOCATION_ROWS.columns)
    .where(any_of(payment_allocations.c.order_id, "ids"))
    .order_by(payment_allocations.c.allocated_at, payment_allocations.c.id)
)
_CHANGING = (
    "state",
    "amount_amount",
    "captured_amount",
    "allocated_amount",
    "tip_amount",
    "refunded_amount",
    "credit_refunded_amount",
    "promised",
    "reference",
    "note",
    "captured_at",
    "settled_at",
    "business_date",
    "version",
)


class SqlPayments:
    """Answers the Payments port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, payment: Payment) -> None:
        """Keep a fresh payment."""
        self._work.add(payments, PAYMENT_ROWS.dump(payment))

    def allocate(self, made: Sequence[PaymentAllocation]) -> None:
        """Keep fresh allocations."""
        self._work.add(payment_allocations, *map(ALLOCATION_ROWS.dump, made))

    async def shares_of(self, ids: Sequence[PaymentId]) -> list[OrderId]:
        """The orders that payments are meant for; a payment's shares never change."""
        rows = await self._work.all(_SHARES, ids=list(ids))
        return sorted({share.order_id for row in rows for share in row[0]})

    async def lock(self, ids: Sequence[PaymentId]) -> dict[PaymentId, Payment]:
        """The payments, locked in the order of their identifiers."""
        rows = await self._work.all(_LOCK, ids=sorted(set(ids)))
        return {payment.id: payment for payment in map(PAYMENT_ROWS.load, rows)}

    async def save(self, changed: Sequence[Payment]) -> None:
        """Write locked payments back."""
        rows = [PAYMENT_ROWS.dump(one) for one in changed]
        kept = [{name: row[name] for name in ("id", *_CHANGING)} for row in rows]
        await self._work.update_rows(payments, ("id",), kept)

    async def purse(self, orders: Sequence[OrderId], named: Sequence[PaymentId]) -> Purse:
        """What orders were given; the orders' locks keep their allocations still."""
        rows = await self._work.all(_ALLOCATIONS, ids=list(orders)) if orders else []
        allocations = [ALLOCATION_ROWS.load(row) for row in rows]
        found = {one.payment_id for one in allocations} | set(named)
        return Purse(await self.lock(list(found)) if found else {}, allocations)

    async def save_allocations(self, changed: Sequence[PaymentAllocation]) -> None:
        """Write back what of allocations was refunded."""
        rows = [{"id": one.id, "refunded_amount": one.refunded.amount} for one in changed]
        await self._work.update_rows(payment_allocations, ("id",), rows)
