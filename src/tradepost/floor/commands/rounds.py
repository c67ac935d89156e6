"""Rounds: written down, changed, sent to the kitchen as orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.events.floor import RoundSent, SentLine
from tradepost.floor.commands.opened import TabAnswer, changed, open_tab, round_of, tab_answer
from tradepost.floor.commands.tickets import make_tickets
from tradepost.floor.domain.plan import check_sold_out
from tradepost.floor.domain.rounds import WantedDish, drafted, frozen, wanted_of
from tradepost.floor.domain.tab import Round, RoundLine, RoundState, Tab
from tradepost.floor.errors import NotOnTheMenu
from tradepost.floor.ports import Dish, Floors, Kitchen, Menu, OrderBook, Tabs, Wanted
from tradepost.kernel.ids import Ids, OrderId, RoundId, TabId, VariantId
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class DraftRound(Command):
    """Write a round down; it is sent at once if the guests need not think it over."""

    tab_id: TabId
    lines: tuple[WantedDish, ...]
    send: bool = False
    version: int | None = None
    round_id: RoundId | None = None
    order_id: OrderId | None = None


@dataclass(frozen=True, slots=True)
class ChangeRound(Command):
    """Write a round that was not sent anew."""

    tab_id: TabId
    round_id: RoundId
    lines: tuple[WantedDish, ...]
    version: int | None = None


@dataclass(frozen=True, slots=True)
class SendRound(Command):
    """Send a round to the kitchen: it becomes an order, its prices are those of now."""

    tab_id: TabId
    round_id: RoundId
    version: int | None = None


@dataclass(frozen=True, slots=True)
class DropRound(Command):
    """Forget a round that was not sent."""

    tab_id: TabId
    round_id: RoundId
    version: int | None = None


@dataclass(frozen=True, slots=True)
class RoundAnswer:
    """Where a round stands, with its tab; the total of its order in minor units."""

    tab: TabAnswer
    round_id: RoundId
    state: str
    order_id: OrderId | None = None
    order_number: int | None = None
    total: int | None = None


Known = Mapping[VariantId | str, Dish]


async def draft_round(
    wish: DraftRound,
    floors: Floors,
    tabs: Tabs,
    menu: Menu,
    kitchen: Kitchen,
    book: OrderBook,
    facts: Facts,
    ids: Ids,
) -> RoundAnswer:
    """A round behind the others, sent if that is wished."""
    tab = await open_tab(wish.tab_id, wish.version, tabs)
    known = await _dishes(wish.lines, menu)
    number = len(await tabs.rounds(tab.id)) + 1
    id = wish.round_id or RoundId(ids.new())
    state = RoundState.DRAFT
    one = Round(id, tab.id, number, state, False, None, None, wish.at, None)
    lines = drafted(tab, one, wish.lines, known, ids)
    if not wish.send:
        tabs.add_round(one)
        tabs.add_lines(lines)
        return _answer(await changed(tab, wish.at, tabs, facts), one)
    sender = _Sender(floors, kitchen, book, facts, ids)
    order_id = wish.order_id or OrderId(ids.new())
    one, lines, total = await sender.send(tab, one, lines, known, order_id, wish.at)
    tabs.add_round(one)
    tabs.add_lines(lines)
    return await _sent(tab, one, lines, total, wish.at, tabs, facts)


async def change_round(
    wish: ChangeRound, tabs: Tabs, menu: Menu, facts: Facts, ids: Ids
) -> RoundAnswer:
    """The round with other lines."""
    tab = await open_tab(wish.tab_id, wish.version, tabs)
    one = round_of(await tabs.rounds(tab.id), wish.round_id)
    one.after("send")  # only what can still be sent can be written anew
    lines = drafted(tab, one, wish.lines, await _dishes(wish.lines, menu), ids)
    await tabs.drop_lines(one.id)
    tabs.add_lines(lines)
    return _answer(await changed(tab, wish.at, tabs, facts), one)


async def send_round(
    wish: SendRound,
    floors: Floors,
    tabs: Tabs,
    menu: Menu,
    kitchen: Kitchen,
    book: OrderBook,
    facts: Facts,
    ids: Ids,
) -> RoundAnswer:
    """The round as an order, its tickets at their stations.

    :raises SoldOutHere: if something of it is marked as sold out.
    """
    tab = await open_tab(wish.tab_id, wish.version, tabs)
    one = round_of(await tabs.rounds(tab.id), wish.round_id)
    one.after("send")
    lines = [line for line in await tabs.lines(tab.id) if line.round_id == one.id]
    known = await menu.dishes([], sorted({line.variant_id for line in lines}))
    sender = _Sender(floors, kitchen, book, facts, ids)
    order_id = OrderId(ids.new())
    one, lines, total = await sender.send(tab, one, lines, known, order_id, wish.at)
    await tabs.save_round(one)
    await tabs.save_lines(lines)
    return await _sent(tab, one, lines, total, wish.at, tabs, facts)


async def drop_round(wish: DropRound, tabs: Tabs, facts: Facts) -> RoundAnswer:
    """The round is gone, with its lines."""
    tab = await open_tab(wish.tab_id, wish.version, tabs)
    one = round_of(await tabs.rounds(tab.id), wish.round_id).after("drop")
    await tabs.drop_lines(one.id)
    await tabs.save_round(one)
    return _answer(await changed(tab, wish.at, tabs, facts), one)


class _Sender:
    """Makes an order and tickets of a round."""

    def __init__(
        self, floors: Floors, kitchen: Kitchen, book: OrderBook, facts: Facts, ids: Ids
    ) -> None:
        self._floors = floors
        self._kitchen = kitchen
        self._book = book
        self._facts = facts
        self._ids = ids

    async def send(
        self,
        tab: Tab,
        one: Round,
        lines: Sequence[RoundLine],
        known: Known,
        order_id: OrderId,
        at: datetime,
    ) -> tuple[Round, list[RoundLine], int]:
        """The round with its order, its lines with their prices, and what they come to."""
        plan = await self._floors.plan(tab.unit_id)
        articles = [article for line in lines for article in line.articles]
        check_sold_out(await self._floors.marks(tab.unit_id), articles, at)
        wanted = [Wanted(variant, units) for variant, units in wanted_of(lines)]
        sold = await self._book.place(order_id, plan.unit.location_id, wanted, at)
        sent = one.sent(order_id, sold.number, at)
        priced = frozen(lines, [(line.id, line.gross) for line in sold.lines])
        tickets = make_tickets(plan, tab, sent, priced, known, at, self._ids)
        for ticket, dishes, fact in tickets:
            self._kitchen.add(ticket, dishes)
            self._facts.tell(fact, ticket.version, at)
        return sent, priced, sold.total


async def _dishes(wanted: Sequence[WantedDish], menu: Menu) -> Known:
    keys = sorted({one.sku_key for dish in wanted for one in dish.articles if one.sku_key})
    ids = sorted({one.variant_id for dish in wanted for one in dish.articles if one.variant_id})
    known = await menu.dishes(keys, ids)
    for dish in wanted:
        for one in dish.articles:
            if one.name not in known:
                raise NotOnTheMenu(str(one.sku or one.variant_id))
    return known


async def _sent(
    tab: Tab,
    one: Round,
    lines: Sequence[RoundLine],
    total: int,
    at: datetime,
    tabs: Tabs,
    facts: Facts,
) -> RoundAnswer:
    assert one.order_id is not None
    await tabs.save(tab)
    told = tuple(SentLine(line.id, line.variant_id, line.quantity) for line in lines)
    fact = RoundSent(tab.id, one.id, one.order_id, tab.currency.code, total, told)
    facts.tell(fact, tab.version, at)
    return replace(_answer(tab_answer(tab), one), total=total)


def _answer(tab: TabAnswer, one: Round) -> RoundAnswer:
    return RoundAnswer(tab, one.id, one.state.value, one.order_id, one.order_number)


HANDLERS = {
    DraftRound: draft_round,
    ChangeRound: change_round,
    SendRound: send_round,
    DropRound: drop_round,
}
