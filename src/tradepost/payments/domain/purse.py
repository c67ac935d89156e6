"""The money that came in and can go back, while a batch of refunds is worked out on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import AllocationId, OrderId, PaymentId
from tradepost.kernel.money import Money
from tradepost.payments.domain.payment import Payment, PaymentAllocation

Drawn = tuple[Payment, int]
"""A payment, and how much of it goes back in minor units."""


class Purse:
    """Locked payments with what orders were given of them, in the order in which they came in."""

    def __init__(
        self, payments: Mapping[PaymentId, Payment], allocations: Iterable[PaymentAllocation]
    ) -> None:
        self._payments = dict(payments)
        self._was = payments
        self._allocations = {one.id: one for one in allocations}
        self._of: dict[OrderId, list[AllocationId]] = defaultdict(list)
        for one in self._allocations.values():
            self._of[one.order_id].append(one.id)
        self._touched: set[AllocationId] = set()

    def payment(self, payment_id: PaymentId) -> Payment:
        """A payment as it now stands; :class:`Unknown` if there is none."""
        found = self._payments.get(payment_id)
        if found is None:
            raise Unknown("payment", str(payment_id))
        return found

    def allocations(
        self, order_id: OrderId, payment_id: PaymentId | None = None
    ) -> list[PaymentAllocation]:
        """What an order was given, of one payment or of all."""
        found = [self._allocations[place] for place in self._of[order_id]]
        return [one for one in found if payment_id in (None, one.payment_id)]

    def given(self, order_id: OrderId) -> int:
        """What came in for an order and has not gone back, in minor units."""
        return sum(one.refundable.amount for one in self.allocations(order_id))

    def draw(
        self, order_id: OrderId, amount: int, payment_id: PaymentId | None = None
    ) -> list[Drawn]:
        """Take an amount back from what an order was given, the oldest first."""
        drawn = []
        for one in self.allocations(order_id, payment_id):
            part = min(amount, one.refundable.amount)
            if part:
                money = Money(part, one.currency)
                self._allocations[one.id] = replace(one, refunded=one.refunded + money)
                self._touched.add(one.id)
                drawn.append((self._refund(one.payment_id, money), part))
                amount -= part
        assert amount == 0, order_id
        return drawn

    def holds(self, payment_id: PaymentId, order_id: OrderId | None, amount: int) -> bool:
        """Whether so much can still be taken back from what a payment gave, or from its credit."""
        if order_id is None:
            return amount <= self.payment(payment_id).credit.amount
        given = self.allocations(order_id, payment_id)
        return amount <= sum(one.refundable.amount for one in given)

    def draw_credit(self, payment_id: PaymentId, amount: int) -> Drawn:
        """Take an amount back from what no order was given."""
        money = Money(amount, self.payment(payment_id).currency)
        paid = self._refund(payment_id, money)
        paid = replace(paid, credit_refunded=paid.credit_refunded + money)
        self._payments[payment_id] = paid
        return paid, amount

    def restore(self, payment_id: PaymentId, order_id: OrderId | None, amount: Money) -> None:
        """Put back what a failed refund had taken."""
        paid = self._refund(payment_id, -amount)
        if order_id is None:
            paid = replace(paid, credit_refunded=paid.credit_refunded - amount)
            self._payments[payment_id] = paid
            return
        left = amount.amount
        for one in reversed(self.allocations(order_id, payment_id)):
            part = min(left, one.refunded.amount)
            refunded = one.refunded - Money(part, one.currency)
            self._allocations[one.id] = replace(one, refunded=refunded)
            self._touched.add(one.id)
            left -= part
        assert left == 0, order_id

    @property
    def changed_payments(self) -> list[Payment]:
        """Payments to be written back."""
        return [one for one in self._payments.values() if one is not self._was.get(one.id)]

    @property
    def changed_allocations(self) -> list[PaymentAllocation]:
        """Allocations to be written back."""
        return [self._allocations[place] for place in sorted(self._touched)]

    def _refund(self, payment_id: PaymentId, amount: Money) -> Payment:
        paid = self.payment(payment_id)
        paid = replace(paid, refunded=paid.refunded + amount, version=paid.version + 1)
        self._payments[payment_id] = paid
        return paid
