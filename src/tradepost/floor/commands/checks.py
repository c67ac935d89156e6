"""Checks: a tab is split, each part is paid, and with the last one the tab closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.events.floor import TabSplit
from tradepost.floor.commands.opened import (
    TabAnswer,
    bill_of,
    lock_kitchen,
    open_tab,
    tab_answer,
)
from tradepost.floor.commands.service import charge_service
from tradepost.floor.commands.till import CheckAnswer, PaidAnswer, Till, check_answer
from tradepost.floor.domain.bill import REST, Split
from tradepost.floor.domain.check import Check, TenderMethod
from tradepost.floor.domain.tab import Tab
from tradepost.floor.ports import Floors, Kitchen, OrderBook, Tabs, Terms
from tradepost.kernel.ids import CheckId, Ids, TabId
from tradepost.kernel.messages import Command, Facts


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
class SplitAnswer:
    """The checks that were made, and what of the tab stands on none."""

    tab: TabAnswer
    checks: tuple[CheckAnswer, ...]
    open: int


@dataclass(frozen=True, slots=True)
class PayTab(Command):
    """Take money for all of a tab that stands on no check, without splitting it."""

    tab_id: TabId
    method: TenderMethod
    tip: int = 0
    tendered: int | None = None
    reference: str = ""
    version: int | None = None


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
    wish: PayCheck, tabs: Tabs, kitchen: Kitchen, book: OrderBook, facts: Facts, ids: Ids
) -> PaidAnswer:
    """The money is recorded for the orders that owe; a tab that owes nothing closes."""
    tab = await open_tab(wish.tab_id, wish.version, tabs)
    rounds = await tabs.rounds(tab.id)
    await lock_kitchen(rounds, kitchen)
    bill = await bill_of(tab, rounds, tabs, book)
    check = bill.check(wish.check_id)
    amount = bill.payable(check, wish.amount)
    till = Till(tabs, kitchen, book, facts, ids)
    paid, payment = await till.taken(wish, bill, check, amount)
    await tabs.save_check(paid)
    return await till.settled(bill, rounds, paid, payment, wish.at)


async def pay_tab(
    wish: PayTab,
    floors: Floors,
    tabs: Tabs,
    kitchen: Kitchen,
    book: OrderBook,
    terms: Terms,
    facts: Facts,
    ids: Ids,
) -> PaidAnswer:
    """One check of all that is open, paid at once; with it the tab closes."""
    tab = await open_tab(wish.tab_id, wish.version, tabs)
    unit = (await floors.plan(tab.unit_id)).unit
    rounds = await tabs.rounds(tab.id)
    await lock_kitchen(rounds, kitchen)
    rounds = await charge_service(tab, rounds, unit, terms, tabs, book, wish.at, ids)
    bill = await bill_of(tab, rounds, tabs, book)
    (check,) = bill.split(REST, wish.at, ids)
    till = Till(tabs, kitchen, book, facts, ids)
    paid, payment = await till.taken(wish, bill, check, check.amount.amount)
    tabs.add_checks([paid])
    return await till.settled(bill, rounds, paid, payment, wish.at)


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


HANDLERS = {
    SplitTab: split_tab,
    CancelCheck: cancel_check,
    PayCheck: pay_check,
    PayTab: pay_tab,
}
