"""Rounds, moves, merges, splits, voids and payments in any order: the parts are the whole.

After every step each tab's due is what its orders owe, its checks ask for no more, and the kitchen
has each line once. The seed is printed; put it into ``SEED`` to see a failure again.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.floor.house import House, dish, open_house
from tradepost.floor.commands.checks import CancelCheck, PayCheck, PayTab, SplitTab
from tradepost.floor.commands.cooking import MoveDishes, PrintTicket, ServeTab
from tradepost.floor.commands.plan import ChangeUnit
from tradepost.floor.commands.rounds import DraftRound, DropRound, SendRound
from tradepost.floor.commands.tabs import CloseTab, MergeTabs, MoveTab, OpenTab
from tradepost.floor.commands.voids import VoidLine, VoidRound, VoidTab
from tradepost.floor.domain.bill import Split
from tradepost.floor.domain.check import TenderMethod
from tradepost.floor.domain.rounds import WantedDish
from tradepost.floor.queries.views import TabView
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import CheckId, KitchenTicketId, OrderId, RoundId, RoundLineId, TabId
from tradepost.kernel.messages import Command
from tradepost.ordering.queries import order_page
from tradepost.platform.db.work import Store
from tradepost.wiring.doctor import examine, floor, orders, payments, shipping, shops_of, stock
from tradepost.wiring.floor import orders_of

STEPS, DONE_MIN = 60, 6
"""So many things are tried at least, and so many of them have to be allowed."""
SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
LAWS = (*floor.LAWS, *orders.LAWS, *payments.LAWS, *shipping.LAWS, *stock.LAWS)


class Guests:
    """Everybody in the house, who do one thing after the other."""

    def __init__(self, house: House, chance: random.Random) -> None:
        self.house = house
        self.chance = chance
        self.tabs: list[TabId] = []
        self.done = 0
        self.refused = 0

    async def step(self) -> None:
        """One thing that somebody wishes; it is granted, or refused and nothing changes."""
        made = self.chance.choice(_STEPS)
        view = await self._some_tab()
        wish = made(self, view)
        if wish is None:
            return
        try:
            answer = await self.house.send(wish)
            self.done += 1
        except Refusal:
            self.refused += 1
            return
        if isinstance(wish, OpenTab):
            self.tabs.append(answer.tab_id)

    async def _some_tab(self) -> TabView | None:
        """Mostly one that is open."""
        view = None
        for _ in range(3 if self.tabs else 0):
            view = await self.house.tab(self.chance.choice(self.tabs))
            if view.tab.state == "open":
                break
        return view

    def dishes(self) -> tuple[WantedDish, ...]:
        """One to three lines."""
        return tuple(
            dish(
                self.chance.choice(("soup", "steak", "beer")),
                self.chance.randint(1, 4),
                *(["sauce"] if self.chance.random() < 0.4 else []),
            )
            for _ in range(self.chance.randint(1, 3))
        )


def _open(guests: Guests, view: TabView | None) -> Command:
    return OpenTab(guests.house.unit_id, guests.chance.choice(guests.house.tables))


def _round(guests: Guests, view: TabView | None) -> Command | None:
    if view is None:
        return None
    send = guests.chance.random() < 0.8
    return DraftRound(TabId(view.tab.id), guests.dishes(), send=send)


def _draft(guests: Guests, view: TabView | None) -> Command | None:
    if view is None or not view.rounds:
        return None
    one = guests.chance.choice(view.rounds)
    kind = guests.chance.choice((SendRound, SendRound, DropRound))
    return kind(TabId(view.tab.id), RoundId(one.id))


def _move(guests: Guests, view: TabView | None) -> Command | None:
    if view is None:
        return None
    return MoveTab(TabId(view.tab.id), guests.chance.choice(guests.house.tables))


def _merge(guests: Guests, view: TabView | None) -> Command | None:
    if view is None:
        return None
    return MergeTabs(TabId(view.tab.id), guests.chance.choice(guests.tabs))


def _split(guests: Guests, view: TabView | None) -> Command | None:
    if view is None:
        return None
    lines = [RoundLineId(line.id) for one in view.rounds for line in one.lines]
    chance = guests.chance
    ways = [
        Split(),
        Split(shares=tuple(chance.randint(1, 3) for _ in range(chance.randint(1, 4)))),
        Split(amount=chance.randint(1, max(view.open, 1))),
        Split(amounts=(max(view.open - 7, 1), 7)),
    ]
    if lines:
        ways += [Split(items=((chance.choice(lines), chance.randint(1, 2)),))] * 2
    return SplitTab(TabId(view.tab.id), chance.choice(ways))


def _cancel(guests: Guests, view: TabView | None) -> Command | None:
    if view is None or not view.checks:
        return None
    return CancelCheck(TabId(view.tab.id), CheckId(guests.chance.choice(view.checks).id))


def _pay(guests: Guests, view: TabView | None) -> Command | None:
    if view is None or not view.checks:
        return None
    check, chance = guests.chance.choice(view.checks), guests.chance
    amount = chance.choice((None, max(check.due // 3, 1)))
    how = chance.choice(tuple(TenderMethod))
    return PayCheck(TabId(view.tab.id), CheckId(check.id), how, amount, chance.choice((0, 150)))


def _pay_all(guests: Guests, view: TabView | None) -> Command | None:
    if view is None or guests.chance.random() < 0.5:
        return None
    return PayTab(TabId(view.tab.id), TenderMethod.CASH)


def _void(guests: Guests, view: TabView | None) -> Command | None:
    if view is None or not view.rounds:
        return None
    one = guests.chance.choice(view.rounds)
    if guests.chance.random() < 0.3 or not one.lines:
        return VoidRound(TabId(view.tab.id), RoundId(one.id), "cold")
    line, units = guests.chance.choice(one.lines), guests.chance.choice((None, 1))
    return VoidLine(TabId(view.tab.id), RoundLineId(line.id), "cold", units)


def _end(guests: Guests, view: TabView | None) -> Command | None:
    if view is None:
        return None
    tab_id = TabId(view.tab.id)
    if guests.chance.random() < 0.2:
        return VoidTab(tab_id, "left")
    return CloseTab(tab_id) if guests.chance.random() < 0.3 else ServeTab(tab_id)


_STEPS: tuple[Callable[[Guests, TabView | None], Command | None], ...] = (
    *(_open, _round, _round, _round, _draft, _move, _merge),
    *(_split, _split, _cancel, _pay, _pay, _pay_all, _void, _void, _end),
)


async def cook(house: House, chance: random.Random) -> None:
    """Somebody in the kitchen does something; a ticket printed again is not cooked again."""
    tickets = await house.tickets(chance.choice((house.kitchen, house.bar)))
    if not tickets:
        return
    id = KitchenTicketId(chance.choice(tickets).id)
    wish = chance.choice(
        (PrintTicket(id), *(MoveDishes(id, way) for way in ("start", "bump", "serve", "recall")))
    )
    try:
        await house.send(wish)
    except Refusal:
        return


async def check(guests: Guests) -> None:
    """What is true after every step."""
    seen: set[Any] = set()
    for tab_id in guests.tabs:
        view = await guests.house.tab(tab_id)
        live = [OrderId(one.order_id) for one in view.rounds if one.order_id]
        assert not seen & set(live), "an order is at two tabs"
        seen |= set(live)
        found = await guests.house.shop.bus.ask(guests.house.shop.scope, orders_of, live)
        assert view.due == sum(order.due.amount for order in found.values())
        assert sum(one.due for one in view.checks) <= view.due
        assert view.open >= 0 and view.total == view.paid + view.due
        assert view.paid == sum(one.paid for one in view.checks)
        assert view.tab.state != "closed" or view.due == 0
        cooked = [line.cooked for one in view.rounds if one.order_id for line in one.lines]
        assert all(cooked), "a line that was sent is in no kitchen"


@pytest.mark.parametrize("service_ppm", [0, 125_000])
async def test_the_parts_are_the_whole_after_every_step(
    lone_store: Store, service_ppm: int
) -> None:
    sys.stdout.write(f"seed {SEED}\n")
    chance = random.Random(SEED + service_ppm)
    house = await open_house(lone_store, stock=1000)
    if service_ppm:
        await house.shop.article("service", "0.00", service=True)
        await house.send(ChangeUnit(house.unit_id, "Bistro", service_ppm, "service"))
    guests = Guests(house, chance)
    acts: tuple[Callable[[], Awaitable[None]], ...] = (
        guests.step,
        guests.step,
        lambda: cook(house, chance),
    )
    taken = 0
    while taken < STEPS or guests.done < DONE_MIN:
        await chance.choice(acts)()
        if taken % 3 == 0:
            await check(guests)
        taken += 1
    await check(guests)
    mine = house.shop.scope.tenant_id
    visits = [one for one in await shops_of(lone_store) if one.tenant_id == mine]
    report = await examine(lone_store, LAWS, visits)
    assert report.breaches == []


async def test_orders_tell_what_the_kitchen_does(store: Store) -> None:
    """An order that was paid first is complete when the last dish is served."""
    house = await open_house(store)
    tab_id = await house.seated()
    sent = await house.round(tab_id, dish("soup"), dish("beer"))
    await house.send(PayTab(tab_id, TenderMethod.CASH, tip=30))

    async def status() -> str:
        view = await house.shop.bus.ask(house.shop.scope, order_page, sent.order_id)
        return str(view.status)

    assert ((await house.tab(tab_id)).tab.state, await status()) == ("closed", "sent")
    (soup,), (beer,) = await house.tickets(house.kitchen), await house.tickets(house.bar)
    for ticket in (soup, beer):
        await house.send(MoveDishes(KitchenTicketId(ticket.id), "bump"))
    await house.send(MoveDishes(KitchenTicketId(soup.id), "serve"))
    assert await status() == "ready"
    await house.send(MoveDishes(KitchenTicketId(beer.id), "serve"))
    assert await status() == "completed"
