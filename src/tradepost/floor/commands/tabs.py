"""Opening tabs, moving and merging them, closing them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from tradepost.events.floor import TabClosed, TabMerged, TabMoved, TabOpened
from tradepost.floor.commands.opened import (
    TabAnswer,
    bill_of,
    changed,
    close,
    lock_kitchen,
    open_tab,
    tab_answer,
)
from tradepost.floor.domain.tab import Tab, opened
from tradepost.floor.errors import MergedWithItself, NameMissing, OtherUnit, TableTaken
from tradepost.floor.ports import Floors, Kitchen, OrderBook, Tabs, Terms
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import FloorTableId, Ids, StaffId, TabId, UnitId
from tradepost.kernel.messages import Actor, Command, Facts
from tradepost.kernel.text import one_line
from tradepost.kernel.whole import whole_number

GUESTS_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class OpenTab(Command):
    """Guests sit down at a table, or begin a tab by a name."""

    unit_id: UnitId
    table_id: FloorTableId | None = None
    name: str = ""
    guests: int = 1
    tab_id: TabId | None = None


@dataclass(frozen=True, slots=True)
class ChangeTab(Command):
    """Another name or number of guests."""

    tab_id: TabId
    name: str
    guests: int
    version: int | None = None


@dataclass(frozen=True, slots=True)
class MoveTab(Command):
    """The guests go to another table; without one the tab needs a name."""

    tab_id: TabId
    table_id: FloorTableId | None = None
    name: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class MergeTabs(Command):
    """A tab takes over all of another: rounds, tickets, checks and what was paid."""

    tab_id: TabId
    from_id: TabId
    version: int | None = None
    from_version: int | None = None


@dataclass(frozen=True, slots=True)
class CloseTab(Command):
    """Close what owes nothing."""

    tab_id: TabId
    version: int | None = None


async def start_tab(
    wish: OpenTab, floors: Floors, tabs: Tabs, terms: Terms, actor: Actor, facts: Facts, ids: Ids
) -> TabAnswer:
    """A tab at a free table, or one with a name.

    :raises TableTaken: if the table has an open tab.
    """
    unit = (await floors.plan(wish.unit_id)).unit
    await _take_table(unit.id, wish.table_id, floors, tabs)
    waiter = StaffId(actor.id) if actor.kind == "staff" and actor.id else None
    tab = opened(
        wish.tab_id or TabId(ids.new()),
        await tabs.number(),
        (unit.id, wish.table_id),
        _named(wish.name, wish.table_id),
        whole_number(wish.guests, "guests", 1, GUESTS_MAX),
        waiter,
        (terms.currency, wish.at, terms.day_of(wish.at)),
    )
    tabs.add(tab)
    facts.tell(_opened(tab), tab.version, wish.at)
    return tab_answer(tab)


def _opened(tab: Tab) -> TabOpened:
    where = tab.unit_id, tab.table_id
    return TabOpened(tab.id, *where, tab.number, tab.guests, tab.business_date)


def _named(name: str, table_id: FloorTableId | None) -> str:
    taken = one_line(name, "name", shortest=0)
    if not taken and table_id is None:
        raise NameMissing("name", "is needed where there is no table")
    return taken


async def _take_table(
    unit_id: UnitId, table_id: FloorTableId | None, floors: Floors, tabs: Tabs
) -> None:
    if table_id is None:
        return
    table = await floors.lock_table(table_id)
    if not table.in_use:
        raise Unknown("table", str(table_id))
    if table.unit_id != unit_id:
        raise OtherUnit
    if (other := await tabs.open_at(table_id)) is not None:
        raise TableTaken(table.name, str(other))


async def change_tab(wish: ChangeTab, tabs: Tabs, facts: Facts) -> TabAnswer:
    """The tab with another name or number of guests."""
    tab = await open_tab(wish.tab_id, wish.version, tabs)
    guests = whole_number(wish.guests, "guests", 1, GUESTS_MAX)
    tab = replace(tab, name=_named(wish.name, tab.table_id), guests=guests)
    return await changed(tab, wish.at, tabs, facts)


async def move_tab(wish: MoveTab, floors: Floors, tabs: Tabs, facts: Facts) -> TabAnswer:
    """The tab at another table; its orders and tickets stay what they are."""
    tab = await open_tab(wish.tab_id, wish.version, tabs)
    if wish.table_id != tab.table_id:
        await _take_table(tab.unit_id, wish.table_id, floors, tabs)
    name = _named(wish.name or tab.name, wish.table_id)
    moved = replace(tab, table_id=wish.table_id, name=name)
    await tabs.save(moved)
    facts.tell(TabMoved(moved.id, moved.table_id), moved.version, wish.at)
    return tab_answer(moved)


async def merge_tabs(wish: MergeTabs, tabs: Tabs, facts: Facts) -> TabAnswer:
    """All of one tab goes to another, and the empty one is closed.

    :raises MergedWithItself: if both are the same.
    """
    if wish.tab_id == wish.from_id:
        raise MergedWithItself
    found = await tabs.lock([wish.tab_id, wish.from_id])
    into = found[wish.tab_id].next(wish.version)
    source = found[wish.from_id].next(wish.from_version)
    if into.unit_id != source.unit_id:
        raise OtherUnit
    rounds, checks = await tabs.rounds(into.id), await tabs.checks(into.id)
    await tabs.hand_over(source.id, into.id, len(rounds), len(checks))
    into = replace(into, guests=min(into.guests + source.guests, GUESTS_MAX))
    gone = source.ended("close", wish.at, "merged", into.id)
    for tab in (into, gone):
        await tabs.save(tab)
    facts.tell(TabMerged(into.id, gone.id), into.version, wish.at)
    facts.tell(TabClosed(gone.id, into.id), gone.version, wish.at)
    return tab_answer(into)


async def close_tab(
    wish: CloseTab, tabs: Tabs, kitchen: Kitchen, book: OrderBook, facts: Facts
) -> TabAnswer:
    """A tab that owes nothing ends.

    :raises StillOwing: if something is to be paid.
    :raises StillDrafted: if a round was written down and not sent.
    """
    tab = await open_tab(wish.tab_id, wish.version, tabs)
    rounds = await tabs.rounds(tab.id)
    await lock_kitchen(rounds, kitchen)
    bill = await bill_of(tab, rounds, tabs, book)
    tab.check_closable(rounds, bill.due)
    return tab_answer(await close(tab, rounds, wish.at, tabs, kitchen, book, facts))


HANDLERS = {
    OpenTab: start_tab,
    ChangeTab: change_tab,
    MoveTab: move_tab,
    MergeTabs: merge_tabs,
    CloseTab: close_tab,
}
