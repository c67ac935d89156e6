"""What orders owe, and how money that comes in is laid on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import AllocationId, CustomerId, Ids, OrderId
from tradepost.kernel.money import Currency, Money
from tradepost.payments.domain.payment import Payment, PaymentAllocation, Share
from tradepost.payments.errors import (
    CurrencyDiffers,
    OrderTwice,
    ShareExceedsDue,
    SharesExceedPayment,
)


@dataclass(frozen=True, slots=True)
class Due:
    """An order as payments must know it; a called-off order owes nothing.

    ``total`` is what it comes to, ``paid`` what payments gave it, of which ``refunded`` went back,
    ``credited`` what credit notes took off.
    """

    order_id: OrderId
    number: int
    customer_id: CustomerId | None
    currency: Currency
    total: Money
    paid: Money
    refunded: Money
    credited: Money
    is_cancelled: bool
    payment_method: str

    @property
    def owed(self) -> Money:
        """What is still to be paid, never below zero."""
        left = self.total - self.credited - (self.paid - self.refunded)
        gone = self.is_cancelled or left.amount < 0
        return Money.zero(self.currency) if gone else left


Laid = tuple[Payment, list[PaymentAllocation]]


class OpenDues:
    """What orders owe while a batch of payments is laid on them, one after the other."""

    def __init__(self, found: Mapping[OrderId, Due]) -> None:
        self._found = found
        self._left = {order_id: due.owed.amount for order_id, due in found.items()}

    def of(self, order_id: OrderId) -> Due:
        """The order; :class:`Unknown` if there is none."""
        due = self._found.get(order_id)
        if due is None:
            raise Unknown("order", str(order_id))
        return due

    def owed(self, share: Share) -> int:
        """What a share comes to: its amount, or all that the order still owes."""
        self.of(share.order_id)
        return self._left[share.order_id] if share.amount is None else share.amount

    def check(self, shares: Sequence[Share], currency: Currency) -> None:
        """Refuse shares that name an order twice, in another currency, or above what it owes."""
        for place, share in enumerate(shares):
            due, left = self.of(share.order_id), self._left[share.order_id]
            if any(share.order_id == other.order_id for other in shares[:place]):
                raise OrderTwice(str(share.order_id))
            if due.currency is not currency:
                raise CurrencyDiffers(currency.code, due.number, due.currency.code)
            if share.amount is not None and not 0 < share.amount <= left:
                raise ShareExceedsDue(due.number, left, share.amount, currency.code)

    def promise(self, payment: Payment) -> tuple[Share, ...]:
        """What orders may count on of an authorized payment: their shares, as far as they owe.

        Its tip is promised to nobody.
        """
        promised: list[Share] = []
        left = (payment.amount - payment.tip).amount
        for share in payment.shares:
            amount = min(self.owed(share), self._left[share.order_id], left)
            if amount > 0:
                left -= amount
                promised.append(Share(share.order_id, amount))
        return tuple(promised)

    def lay(self, payment: Payment, shares: Sequence[Share], ids: Ids, at: datetime) -> Laid:
        """Give orders their shares of a payment's credit, in order, as far as they still owe.

        What nobody owes any more stays the customer's credit.
        """
        made: list[PaymentAllocation] = []
        left = payment.credit.amount
        for share in shares:
            amount = min(self.owed(share), self._left[share.order_id], left)
            if amount <= 0:
                continue
            left -= amount
            self._left[share.order_id] -= amount
            made.append(_allocation(payment, share.order_id, amount, ids, at))
        given = Money.total(payment.currency, (one.amount for one in made))
        return payment.with_allocated(given), made


def check_shares(shares: Sequence[Share], amount: int) -> None:
    """Refuse shares that add up to more than the payment."""
    named = sum(share.amount or 0 for share in shares)
    if named > amount:
        raise SharesExceedPayment(named, amount)


def _allocation(
    payment: Payment, order_id: OrderId, amount: int, ids: Ids, at: datetime
) -> PaymentAllocation:
    currency = payment.currency
    return PaymentAllocation(
        id=AllocationId(ids.new()),
        payment_id=payment.id,
        order_id=order_id,
        currency=currency,
        amount=Money(amount, currency),
        refunded=Money.zero(currency),
        allocated_at=at,
    )
