"""The teller leads payments through their life: every step of every command comes by here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tradepost.kernel.errors import Stale, Unknown
from tradepost.kernel.ids import Ids, PaymentId
from tradepost.kernel.messages import Facts
from tradepost.kernel.money import Money
from tradepost.payments.commands.record import take_in
from tradepost.payments.commands.told import allocated_fact, payment_fact
from tradepost.payments.domain.dues import OpenDues
from tradepost.payments.domain.payment import Payment, PaymentState, Share
from tradepost.payments.ports import Books, Dues, Payments, Terms


class Teller:
    """Moves locked payments; orders are locked before their payments, always."""

    def __init__(
        self, dues: Dues, payments: Payments, books: Books, terms: Terms, ids: Ids, facts: Facts
    ) -> None:
        self._dues = dues
        self._payments = payments
        self._books = books
        self._terms = terms
        self._ids = ids
        self._facts = facts
        self._owed = OpenDues({})

    async def lock(
        self, payment_id: PaymentId, version: int | None = None, shares: Sequence[Share] = ()
    ) -> Payment:
        """A payment with the orders it is meant for, and further orders, nobody else's.

        :raises Unknown: if there is no such payment.
        :raises Stale: if it is no longer at the version.
        """
        meant = await self._payments.shares_of([payment_id])
        orders = sorted({*meant, *(share.order_id for share in shares)})
        self._owed = OpenDues(await self._dues.lock(orders) if orders else {})
        payment = (await self._payments.lock([payment_id])).get(payment_id)
        if payment is None:
            raise Unknown("payment", str(payment_id))
        if version is not None and version != payment.version:
            raise Stale("payment", version, payment.version)
        return payment

    async def move(
        self, payment: Payment, action: str, at: datetime, reference: str = "", note: str = ""
    ) -> Payment:
        """One step that moves no money; orders count on what is authorized, and on nothing else."""
        moved = payment.moved(action, reference=reference, note=note)
        authorized = moved.state is PaymentState.AUTHORIZED
        moved = replace(moved, promised=self._owed.promise(moved) if authorized else ())
        await self._payments.save([moved])
        self._facts.tell(payment_fact(moved), moved.version, at)
        await self._promise(payment, moved, at)
        return moved

    async def capture(
        self, payment: Payment, amount: Money, at: datetime, reference: str = ""
    ) -> Payment:
        """Money came in: the orders it is meant for get their shares."""
        taken = payment.with_captured(amount, self._terms.day_of(at), at, reference)
        taken = replace(taken, promised=())
        paid, made = self._owed.lay(taken, taken.shares, self._ids, at)
        await self._payments.save([paid])
        await take_in([(paid, made)], self._dues, self._payments, self._books, self._facts)
        await self._promise(payment, paid, at)
        return paid

    async def _promise(self, before: Payment, after: Payment, at: datetime) -> None:
        """Tell orders what they may count on now, and what no longer."""
        if before.promised != after.promised:
            gone = [Share(one.order_id, -(one.amount or 0)) for one in before.promised]
            await self._dues.promised([*gone, *after.promised], after.currency, at)

    async def allocate(self, payment: Payment, shares: Sequence[Share], at: datetime) -> Payment:
        """Give orders of a payment's credit."""
        self._owed.check(shares, payment.currency)
        named = sum(share.amount or 0 for share in shares)
        payment.check_credit(Money(named, payment.currency))
        paid, made = self._owed.lay(payment.next_version(), shares, self._ids, at)
        await self._payments.save([paid])
        self._payments.allocate(made)
        if made:
            self._books.credit_used(paid, paid.allocated - payment.allocated, at)
            self._facts.tell(allocated_fact(paid, made), paid.version, at)
            await self._dues.paid(made)
        return paid
