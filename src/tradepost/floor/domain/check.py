"""Checks: the parts of a tab that people pay, and what they pay them with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tradepost.floor.errors import CheckHasMoney, TooLittleHanded
from tradepost.kernel.ids import CheckId, CheckPaymentId, PaymentId, RoundLineId, TabId
from tradepost.kernel.money import Currency, Money
from tradepost.kernel.states import States


class TenderMethod(StrEnum):
    """What is taken at a table."""

    CASH = "cash"
    CARD_TERMINAL = "card_terminal"


class CheckState(StrEnum):
    """The life of a check."""

    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"


CHECK = States(
    "check",
    {
        CheckState.OPEN: {"pay": CheckState.PAID, "cancel": CheckState.CANCELLED},
        CheckState.PAID: {},
        CheckState.CANCELLED: {},
    },
)


class CheckKind(StrEnum):
    """What of the tab a check pays."""

    REST = "rest"
    ITEMS = "items"
    SHARE = "share"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class CheckItem:
    """Units of a line on a check, and what they come to in minor units."""

    line_id: RoundLineId
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class Check:
    """A part of a tab that somebody pays: ``amount`` without the tip, of which ``paid`` came in."""

    id: CheckId
    tab_id: TabId
    number: int
    kind: CheckKind
    state: CheckState
    currency: Currency
    amount: Money
    paid: Money
    tip: Money
    items: tuple[CheckItem, ...]
    made_at: datetime
    paid_at: datetime | None

    @property
    def due(self) -> int:
        """What is still to be paid of it, in minor units."""
        return (self.amount - self.paid).amount if self.state is CheckState.OPEN else 0

    def with_payment(self, amount: int, tip: int, at: datetime) -> Check:
        """After money came in for it."""
        paid = self.paid + Money(amount, self.currency)
        more = replace(self, paid=paid, tip=self.tip + Money(tip, self.currency))
        if paid < self.amount:
            return more
        return replace(more, state=CHECK.after(self.state, "pay"), paid_at=at)

    def cancelled(self) -> Check:
        """Taken back; :class:`CheckHasMoney` if something was paid."""
        state = CHECK.after(self.state, "cancel")
        if self.paid.amount:
            raise CheckHasMoney(self.number)
        return replace(self, state=state)


@dataclass(frozen=True, slots=True)
class CheckPayment:
    """One tender on a check: what came in for it, the tip, and what cash was handed over."""

    id: CheckPaymentId
    check_id: CheckId
    tab_id: TabId
    payment_id: PaymentId
    method: str
    currency: Currency
    amount: Money
    tip: Money
    tendered: Money
    at: datetime

    @property
    def change(self) -> int:
        """What goes back over the table."""
        return (self.tendered - self.amount - self.tip).amount


def handed(amount: int, tip: int, tendered: int | None, currency: Currency) -> int:
    """What was handed over for an amount with its tip; just that, unless it is said.

    :raises TooLittleHanded: if it is too little.
    """
    wanted = amount + tip
    given = wanted if tendered is None else tendered
    if given < wanted:
        raise TooLittleHanded(given, wanted, currency.code)
    return given


def tendered_for(
    check: Check,
    id: CheckPaymentId,
    payment_id: PaymentId,
    how: tuple[str, int],
    taken: tuple[int, int],
    at: datetime,
) -> CheckPayment:
    """A payment on a check: method and what was handed over, amount and tip in minor units."""
    method, tendered = how
    amount, tip = taken
    currency = check.currency
    return CheckPayment(
        id=id,
        check_id=check.id,
        tab_id=check.tab_id,
        payment_id=payment_id,
        method=method,
        currency=currency,
        amount=Money(amount, currency),
        tip=Money(tip, currency),
        tendered=Money(tendered, currency),
        at=at,
    )
