"""Checks: a tab is split, each part is paid, and with the last one the tab closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tradepost.events.floor import CheckPaid, TabSplit
from tradepost.floor.commands.opened import (
    TabAnswer,
    bill_of,
    close,
    lock_kitchen,
    open_tab,
    tab_answer,
)
from tradepost.floor.commands.service import charge_service
from tradepost.floor.domain.bill import REST, Bill, Split
from tradepost.floor.domain.check import Check, CheckPayment, handed, tendered_for
from tradepost.floor.domain.tab import Round, RoundState, Tab
from tradepost.floor.ports import Floors, Kitchen, OrderBook, Tabs, Tender, Terms
from tradepost.kernel.ids import CheckId, CheckPaymentId, Ids, PaymentId, TabId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.text import one_line
from tradepost.kernel.whole import whole_number

AMOUNT_MAX = 10**15


class TenderMethod(StrEnum):
    """What is taken at a table."""

    CASH = "cash"
    CARD_TERMINAL = "card_terminal"


@dataclass(frozen=True, slots=True)
class SplitTab(Command):
    """Make checks of what stands on none yet."""

    tab_id: TabId
    how: Split = REST
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CancelCheck(Command):
    """Take a check back of which nothing was paid."""

    tab_id: TabId
    check_id: CheckId
    version: int | None = None


@dataclass(frozen=True, slots=True)
class PayCheck(Command):
    """Take money for a check, in minor units: all of it, or an ``amount``; the ``tip`` on top.

    ``tendered`` is the cash that was handed over.
    """

    tab_id: TabId
    check_id: CheckId
    method: TenderMethod
    amount: int | None = None
    tip: int = 0
    tendered: int | None = None
    reference: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """A check; amounts in minor units."""

    check_id: CheckId
    number: int
    state: str
    amount: int
    due: int


@dataclass(frozen=True, slots=True)
class SplitAnswer:
    """The checks that were made, and what of the tab stands on none."""

    tab: TabAnswer
    checks: tuple[CheckAnswer, ...]
    open: int


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


async def split_tab(
    wish: SplitTab,
    floors: Floors,
    tabs: Tabs,
    book: OrderBook,
    terms: Terms,
    facts: Facts,
    ids: Ids,
) -> SplitAnswer:
    """Checks of what is open; the service charge is made with them."""
    tab = await open_tab(wish.tab_id, wish.version, tabs)
    unit = (await floors.plan(tab.unit_id)).unit
    rounds = await tabs.rounds(tab.id)
    rounds = await charge_service(tab, rounds, unit, terms, tabs, book, wish.at, ids)
    bill = await bill_of(tab, rounds, tabs, book)
    made = bill.split(wish.how, wish.at, ids)
    tabs.add_checks(made)
    await _told_split(tab, made, (), wish.at, tabs, facts)
    left = bill.open - sum(check.due for check in made)
    return SplitAnswer(tab_answer(tab), tuple(check_answer(one) for one in made), left)


async def cancel_check(wish: CancelCheck, tabs: Tabs, book: OrderBook, facts: Facts) -> SplitAnswer:
    """The check is gone, and what stood on it is open again."""
    tab = await open_tab(wish.tab_id, wish.version, tabs)
    rounds = await tabs.rounds(tab.id)
    bill = await bill_of(tab, rounds, tabs, book, locked=False)
    check = bill.check(wish.check_id).cancelled()
    await tabs.save_check(check)
    await _told_split(tab, (), (check,), wish.at, tabs, facts)
    left = replace(bill, checks=tuple(check if one.id == check.id else one for one in bill.checks))
    return SplitAnswer(tab_answer(tab), (check_answer(check),), left.open)


async def pay_check(
    wish: PayCheck,
    tabs: Tabs,
    kitchen: Kitchen,
    book: OrderBook,
    facts: Facts,
    ids: Ids,
) -> PaidAnswer:
    """The money is recorded for the orders that owe; a tab that owes nothing closes."""
    tab = await open_tab(wish.tab_id, wish.version, tabs)
    rounds = await tabs.rounds(tab.id)
    await lock_kitchen(rounds, kitchen)
    bill = await bill_of(tab, rounds, tabs, book)
    check = bill.check(wish.check_id)
    amount = bill.payable(check, wish.amount)
    paid, payment = await _taken(wish, bill, check, amount, book, ids)
    await tabs.save_check(paid)
    tabs.add_payment(payment)
    facts.tell(_told(paid, payment), tab.version, wish.at)
    due = bill.due - amount
    tab = await _after_payment(tab, rounds, due, wish.at, tabs, kitchen, book, facts)
    return _answer(tab, paid, payment, due)


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


async def _taken(
    wish: PayCheck, bill: Bill, check: Check, amount: int, book: OrderBook, ids: Ids
) -> tuple[Check, CheckPayment]:
    tip = whole_number(wish.tip, "tip", 0, AMOUNT_MAX)
    currency = bill.tab.currency
    cash = wish.tendered if wish.method is TenderMethod.CASH else None
    tendered = handed(amount, tip, cash, currency)
    reference = one_line(wish.reference, "reference", shortest=0)
    shares = tuple(bill.laid(amount))
    payment_id = await book.pay(Tender(shares, wish.method.value, tip, reference, wish.at))
    paid = check.with_payment(amount, tip, wish.at)
    id, how = CheckPaymentId(ids.new()), (wish.method.value, tendered)
    return paid, tendered_for(check, id, payment_id, how, (amount, tip), wish.at)


async def _after_payment(
    tab: Tab,
    rounds: Sequence[Round],
    due: int,
    at: datetime,
    tabs: Tabs,
    kitchen: Kitchen,
    book: OrderBook,
    facts: Facts,
) -> Tab:
    if due > 0 or any(one.state is RoundState.DRAFT for one in rounds):
        await tabs.save(tab)
        return tab
    tab = replace(tab, version=tab.version + 1)
    return await close(tab, rounds, at, tabs, kitchen, book, facts)


async def _told_split(
    tab: Tab,
    made: Sequence[Check],
    cancelled: Sequence[Check],
    at: datetime,
    tabs: Tabs,
    facts: Facts,
) -> None:
    await tabs.save(tab)
    ids = tuple(one.id for one in made), tuple(one.id for one in cancelled)
    facts.tell(TabSplit(tab.id, *ids), tab.version, at)


def check_answer(check: Check) -> CheckAnswer:
    """What is answered of a check."""
    return CheckAnswer(check.id, check.number, check.state.value, check.amount.amount, check.due)


HANDLERS = {SplitTab: split_tab, CancelCheck: cancel_check, PayCheck: pay_check}
