"""Voids: what was sent is called off before it is paid, by permission and with a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tradepost.events.floor import LinesVoided, SentLine, TabVoided
from tradepost.floor.commands.cooking import void_dishes
from tradepost.floor.commands.opened import (
    TabAnswer,
    bill_of,
    open_tab,
    orders_of,
    round_of,
    sent,
    tab_answer,
)
from tradepost.floor.commands.service import drop_service
from tradepost.floor.domain.kitchen import stage_of
from tradepost.floor.domain.rounds import regrossed
from tradepost.floor.domain.tab import Round, RoundLine, RoundState, Tab
from tradepost.floor.domain.voids import Voided, whole_lines
from tradepost.floor.errors import PaidAlready
from tradepost.floor.ports import Kitchen, OrderBook, Tabs
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import OrderId, RoundId, RoundLineId, TabId
from tradepost.kernel.messages import Actor, Command, Facts
from tradepost.kernel.permissions import Permission
from tradepost.kernel.text import one_line


@dataclass(frozen=True, slots=True)
class VoidLine(Command):
    """Take units off a line that was sent; without a quantity all of them."""

    tab_id: TabId
    line_id: RoundLineId
    reason: str
    quantity: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class VoidRound(Command):
    """Take back a whole round that was sent."""

    tab_id: TabId
    round_id: RoundId
    reason: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class VoidTab(Command):
    """Call a tab off with everything on it; nothing of it may be paid."""

    tab_id: TabId
    reason: str
    version: int | None = None


async def void_line(
    wish: VoidLine, tabs: Tabs, kitchen: Kitchen, book: OrderBook, actor: Actor, facts: Facts
) -> TabAnswer:
    """The line with fewer units: stock is free again, the kitchen is told.

    :raises LineTooSmall: for more units than stand on no check.
    :raises PaidAlready: if its order would have been paid more than it comes to.
    """
    tab = await _tab_to_void(wish, tabs, actor)
    lines = await tabs.lines(tab.id)
    line = next((one for one in lines if one.id == wish.line_id), None)
    rounds = await tabs.rounds(tab.id)
    if line is None:
        raise Unknown("line", str(wish.line_id))
    one = round_of(rounds, line.round_id)
    one.after("void")
    units = line.units if wish.quantity is None else wish.quantity
    desk = _Voiding(tabs, kitchen, book, facts, wish.at)
    return await desk.void(tab, rounds, [Voided(one, line, units)])


async def void_round(
    wish: VoidRound, tabs: Tabs, kitchen: Kitchen, book: OrderBook, actor: Actor, facts: Facts
) -> TabAnswer:
    """The round with nothing left of it."""
    tab = await _tab_to_void(wish, tabs, actor)
    rounds = await tabs.rounds(tab.id)
    one = round_of(rounds, wish.round_id)
    one.after("void")
    voided = whole_lines([one], await tabs.lines(tab.id))
    return await _Voiding(tabs, kitchen, book, facts, wish.at).void(tab, rounds, voided)


async def void_tab(
    wish: VoidTab, tabs: Tabs, kitchen: Kitchen, book: OrderBook, actor: Actor, facts: Facts
) -> TabAnswer:
    """The tab called off: drafts dropped, orders cancelled, dishes voided."""
    tab = await _tab_to_void(wish, tabs, actor)
    rounds = await tabs.rounds(tab.id)
    desk = _Voiding(tabs, kitchen, book, facts, wish.at)
    voided = whole_lines(sent(rounds), await tabs.lines(tab.id))
    await desk.void_all(tab, rounds, voided)
    for one in rounds:
        if one.state is RoundState.DRAFT:
            await tabs.drop_lines(one.id)
            await tabs.save_round(one.after("drop"))
    gone = tab.ended("void", wish.at, one_line(wish.reason, "reason"))
    await tabs.save(gone)
    facts.tell(TabVoided(gone.id), gone.version, wish.at)
    return tab_answer(gone)


async def _tab_to_void(wish: VoidLine | VoidRound | VoidTab, tabs: Tabs, actor: Actor) -> Tab:
    actor.must(Permission.TABS_VOID)
    one_line(wish.reason, "reason")
    return await open_tab(wish.tab_id, wish.version, tabs)


class _Voiding:
    """Takes units off a tab: first its dishes, then its orders, as they are locked."""

    def __init__(
        self, tabs: Tabs, kitchen: Kitchen, book: OrderBook, facts: Facts, at: datetime
    ) -> None:
        self._tabs = tabs
        self._kitchen = kitchen
        self._book = book
        self._facts = facts
        self._at = at

    async def void(self, tab: Tab, rounds: Sequence[Round], voided: Sequence[Voided]) -> TabAnswer:
        """Units of lines, checked against what was paid and what stands on checks."""
        touched = {one.round.id for one in voided}
        stages = await self._cook_less(sorted(touched), voided)
        bill = await bill_of(tab, rounds, self._tabs, self._book)
        for one in voided:
            bill.check_void(one.line, one.units)
        after = await self._call_off(rounds, voided)
        await self._check_unpaid(rounds, touched)
        after = await drop_service(after, bill.checks, self._tabs, self._book, self._at)
        (await bill_of(tab, after, self._tabs, self._book)).check_still_covered()
        await self._tell_stages(after, stages)
        await self._tabs.save(tab)
        self._facts.tell(LinesVoided(tab.id, _told(voided)), tab.version, self._at)
        return tab_answer(tab)

    async def void_all(self, tab: Tab, rounds: Sequence[Round], voided: Sequence[Voided]) -> None:
        """Everything; :class:`PaidAlready` if money came in."""
        live = sent(rounds)
        await self._cook_less(sorted(one.id for one in live if not one.is_service), voided)
        owed = await self._book.owed(orders_of(rounds))
        if any(one.paid for one in owed.values()):
            raise PaidAlready
        for check in await self._tabs.checks(tab.id):
            if check.due:
                await self._tabs.save_check(check.cancelled())
        await self._call_off(rounds, voided)
        for one in live:
            if one.is_service and one.order_id is not None:
                await self._book.call_off(one.order_id, (), self._at)
                await self._tabs.save_round(one.after("void"))

    async def _cook_less(
        self, round_ids: Sequence[RoundId], voided: Sequence[Voided]
    ) -> dict[RoundId, str]:
        """Void dishes; the stages that the rounds have come to, where they changed."""
        if not round_ids:
            return {}
        tickets = await self._kitchen.lock_rounds(round_ids)
        before = await self._kitchen.lines(round_ids)
        by_line = {one.line.id: one.checked_units for one in voided}
        units = {
            dish.id: by_line[dish.round_line_id] for dish in before if dish.round_line_id in by_line
        }
        kept = await void_dishes(units, tickets, before, self._at, self._kitchen, self._facts)
        stages = {}
        for id in round_ids:
            was = stage_of(dish for dish in before if dish.round_id == id)
            now = stage_of(dish for dish in kept if dish.round_id == id)
            if now not in (was, "none"):
                stages[id] = now
        return stages

    async def _call_off(self, rounds: Sequence[Round], voided: Sequence[Voided]) -> list[Round]:
        by_round: dict[RoundId, list[Voided]] = defaultdict(list)
        for one in voided:
            by_round[one.round.id].append(one)
        return [
            await self._less(each, by_round[each.id]) if each.id in by_round else each
            for each in rounds
        ]

    async def _less(self, one: Round, voided: Sequence[Voided]) -> Round:
        """A round with fewer units; nothing left, and it is voided."""
        assert one.order_id is not None
        units = [pair for each in voided for pair in each.order_units]
        sold = await self._book.call_off(one.order_id, units, self._at)
        worth = {} if sold is None else {line.id: line.gross for line in sold.lines}
        lines: Sequence[RoundLine] = [each.after for each in voided]
        await self._tabs.save_lines(regrossed(lines, worth))
        if sold is None:
            one = one.after("void")
            await self._tabs.save_round(one)
        return one

    async def _check_unpaid(self, rounds: Sequence[Round], touched: set[RoundId]) -> None:
        """Refuse what leaves an order with more money than it comes to."""
        owed = await self._book.owed(orders_of([one for one in rounds if one.id in touched]))
        if any(one.due < 0 for one in owed.values()):
            raise PaidAlready

    async def _tell_stages(self, rounds: Sequence[Round], stages: dict[RoundId, str]) -> None:
        for one in sent(rounds):
            if (stage := stages.get(one.id)) is not None:
                await self._book.set_stage(OrderId(one.order_id or one.id), stage, self._at)


def _told(voided: Sequence[Voided]) -> tuple[SentLine, ...]:
    return tuple(SentLine(one.line.id, one.line.variant_id, one.units) for one in voided)


HANDLERS = {VoidLine: void_line, VoidRound: void_round, VoidTab: void_tab}
