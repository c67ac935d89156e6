"""Many devices at one table, at the same moment: each thing happens once."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.floor.house import dish, open_house
from tradepost.floor.commands.checks import PayTab
from tradepost.floor.commands.cooking import MoveDishes
from tradepost.floor.commands.rounds import DraftRound, SendRound
from tradepost.floor.commands.tabs import OpenTab
from tradepost.floor.domain.check import TenderMethod
from tradepost.floor.errors import TableTaken, TabNotOpen
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import KitchenTicketId, RoundId
from tradepost.kernel.messages import Command
from tradepost.ordering.queries import order_page
from tradepost.platform.db.work import Store

DEVICES = 6


async def test_one_of_many_devices_opens_sends_and_pays(store: Store) -> None:
    house = await open_house(store)

    async def all_at_once(*wishes: Command) -> list[Any]:
        async def one(wish: Command) -> Any:
            try:
                return await house.send(wish)
            except Refusal as refusal:
                return refusal

        return await asyncio.gather(*(one(wish) for wish in wishes))

    opened = await all_at_once(*[OpenTab(house.unit_id, house.tables[0])] * DEVICES)
    (tab,) = (one for one in opened if not isinstance(one, Refusal))
    assert sum(isinstance(one, TableTaken) for one in opened) == DEVICES - 1
    first = await house.round(tab.tab_id, dish("soup"))
    view = await house.tab(tab.tab_id)
    made = await house.send(DraftRound(tab.tab_id, (dish("soup"),)))
    send = SendRound(tab.tab_id, RoundId(made.round_id))
    sent = await all_at_once(*[send] * DEVICES)
    assert sum(not isinstance(one, Refusal) for one in sent) == 1
    assert len(await house.tickets(house.kitchen)) == len(view.rounds) + 1
    tickets = await house.tickets(house.kitchen)
    bump = [MoveDishes(KitchenTicketId(one.id), "bump") for one in tickets]
    pay = PayTab(tab.tab_id, TenderMethod.CASH)
    paid = await all_at_once(*bump, *[pay] * DEVICES)
    assert sum(isinstance(one, TabNotOpen) for one in paid) == DEVICES - 1
    await all_at_once(*[MoveDishes(KitchenTicketId(one.id), "serve") for one in tickets] * 2)
    view = await house.tab(tab.tab_id)
    assert (view.tab.state, view.due, view.paid) == ("closed", 0, 900)
    order = await house.shop.bus.ask(house.shop.scope, order_page, first.order_id)
    assert order.status == "completed"
