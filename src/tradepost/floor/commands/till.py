"""Money at a table: taken for a check, laid on the orders that owe; a tab without debt closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from tradepost.events.floor import CheckPaid
from tradepost.floor.commands.opened import TabAnswer, close, tab_answer
from tradepost.floor.domain.bill import Bill
from tradepost.floor.domain.check import (
    Check,
    CheckPayment,
    TenderMethod,
    handed,
    tendered_for,
)
from tradepost.floor.domain.tab import Round, RoundState, Tab
from tradepost.floor.ports import Kitchen, OrderBook, Tabs, Tender
from tradepost.kernel.ids import CheckId, CheckPaymentId, Ids, PaymentId
from tradepost.kernel.messages import Facts
from tradepost.kernel.text import one_line
from tradepost.kernel.whole import whole_number

AMOUNT_MAX: Final = 10**15


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """A check; amounts in minor units."""

    check_id: CheckId
    number: int
    state: str
    amount: int
    due: int


@dataclass(frozen=True, slots=True)
class PaidAnswer:
    """What was taken, what goes back over the table, and what is still due; minor units."""

    tab: TabAnswer
    check: CheckAnswer
    payment_id: PaymentId
    currency: str
    amount: int
    tip: int
    change: int
    tab_due: int


class Handed(Protocol):
    """How somebody pays."""

    @property
    def method(self) -> TenderMethod: ...
    @property
    def tip(self) -> int: ...
    @property
    def tendered(self) -> int | None: ...
    @property
    def reference(self) -> str: ...
    @property
    def at(self) -> datetime: ...


class Till:
    """Takes money for checks of locked tabs."""

    def __init__(
        self, tabs: Tabs, kitchen: Kitchen, book: OrderBook, facts: Facts, ids: Ids
    ) -> None:
        self._tabs = tabs
        self._kitchen = kitchen
        self._book = book
        self._facts = facts
        self._ids = ids

    async def taken(
        self, how: Handed, bill: Bill, check: Check, amount: int
    ) -> tuple[Check, CheckPayment]:
        """The check with an amount paid, recorded as one payment of the orders that owe."""
        tip = whole_number(how.tip, "tip", 0, AMOUNT_MAX)
        cash = how.tendered if how.method is TenderMethod.CASH else None
        tendered = handed(amount, tip, cash, check.currency)
        reference = one_line(how.reference, "reference", shortest=0)
        shares, method = tuple(bill.laid(amount)), how.method.value
        payment_id = await self._book.pay(Tender(shares, method, tip, reference, how.at))
        id = CheckPaymentId(self._ids.new())
        payment = tendered_for(check, id, payment_id, (method, tendered), (amount, tip), how.at)
        self._tabs.add_payment(payment)
        return check.with_payment(amount, tip, how.at), payment

    async def settled(
        self,
        bill: Bill,
        rounds: Sequence[Round],
        check: Check,
        payment: CheckPayment,
        at: datetime,
    ) -> PaidAnswer:
        """Tell the payment, and close the tab if it owes nothing and nothing is written down."""
        tab, due = bill.tab, bill.due - payment.amount.amount
        self._facts.tell(_told(check, payment), tab.version, at)
        if due > 0 or any(one.state is RoundState.DRAFT for one in rounds):
            await self._tabs.save(tab)
        else:
            tab = replace(tab, version=tab.version + 1)
            neighbours = self._tabs, self._kitchen, self._book, self._facts
            tab = await close(tab, rounds, at, *neighbours)
        return _answer(tab, check, payment, due)


def check_answer(check: Check) -> CheckAnswer:
    """What is answered of a check."""
    return CheckAnswer(check.id, check.number, check.state.value, check.amount.amount, check.due)


def _told(check: Check, payment: CheckPayment) -> CheckPaid:
    return CheckPaid(
        check.tab_id,
        check.id,
        payment.payment_id,
        check.currency.code,
        payment.amount.amount,
        payment.tip.amount,
        check.state.value,
    )


def _answer(tab: Tab, check: Check, payment: CheckPayment, due: int) -> PaidAnswer:
    return PaidAnswer(
        tab_answer(tab),
        check_answer(check),
        payment.payment_id,
        tab.currency.code,
        payment.amount.amount,
        payment.tip.amount,
        payment.change,
        due,
    )
