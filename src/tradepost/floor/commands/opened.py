"""What every command on a tab begins and ends with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tradepost.events.floor import TabChanged, TabClosed
from tradepost.floor.domain.bill import Bill
from tradepost.floor.domain.tab import Round, RoundState, Tab
from tradepost.floor.ports import Kitchen, OrderBook, Tabs
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import OrderId, RoundId, TabId
from tradepost.kernel.messages import Facts


@dataclass(frozen=True, slots=True)
class TabAnswer:
    """Where a tab stands after a command."""

    tab_id: TabId
    number: int
    state: str
    version: int


def tab_answer(tab: Tab) -> TabAnswer:
    """What is answered of a tab."""
    return TabAnswer(tab.id, tab.number, tab.state.value, tab.version)


async def open_tab(tab_id: TabId, version: int | None, tabs: Tabs) -> Tab:
    """The tab, locked, about to change."""
    return (await tabs.lock([tab_id]))[tab_id].next(version)


def round_of(rounds: Sequence[Round], id: RoundId) -> Round:
    """One of the rounds; :class:`Unknown` if it is not of this tab."""
    for one in rounds:
        if one.id == id:
            return one
    raise Unknown("round", str(id))


def sent(rounds: Sequence[Round]) -> list[Round]:
    """The rounds that are orders."""
    return [one for one in rounds if one.state is RoundState.SENT]


def orders_of(rounds: Sequence[Round]) -> list[OrderId]:
    """The orders of rounds that were sent, the oldest first."""
    return [one.order_id for one in sent(rounds) if one.order_id is not None]


async def bill_of(
    tab: Tab, rounds: Sequence[Round], tabs: Tabs, book: OrderBook, *, locked: bool = True
) -> Bill:
    """The bill of a locked tab; lock the tickets of its rounds before its orders."""
    owed = await book.owed(orders_of(rounds), locked=locked)
    live = {one.id for one in sent(rounds)}
    lines = await tabs.lines(tab.id)
    return Bill(
        tab,
        tuple(line for line in lines if line.round_id in live and line.units),
        tuple(await tabs.checks(tab.id)),
        {order_id: one.due for order_id, one in owed.items()},
    )


async def changed(tab: Tab, at: datetime, tabs: Tabs, facts: Facts) -> TabAnswer:
    """Save a tab of which nothing was sent or paid."""
    await tabs.save(tab)
    facts.tell(TabChanged(tab.id, tab.guests), tab.version, at)
    return tab_answer(tab)


async def close(
    tab: Tab,
    rounds: Sequence[Round],
    at: datetime,
    tabs: Tabs,
    kitchen: Kitchen,
    book: OrderBook,
    facts: Facts,
) -> Tab:
    """Close a tab whose tickets are locked; orders that are served are complete with it.

    The kitchen goes on with the others, and each is complete once it is served.
    """
    live = sent(rounds)
    cooking = {
        line.round_id for line in await kitchen.lines([one.id for one in live]) if line.is_open
    }
    await book.finish(orders_of([one for one in live if one.id not in cooking]), at)
    closed = tab.ended("close", at)
    await tabs.save(closed)
    facts.tell(TabClosed(closed.id, closed.into_id), closed.version, at)
    return closed


async def lock_kitchen(rounds: Sequence[Round], kitchen: Kitchen) -> None:
    """Hold the tickets of all rounds that were sent, before their orders are locked."""
    if live := [one.id for one in sent(rounds) if not one.is_service]:
        await kitchen.lock_rounds(live)
