"""The service charge: an order of its own for the service article, made with the first check.

So each part of a tab stands in the books as everything else that is sold, taxed by its own class.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tradepost.floor.commands.opened import orders_of, sent
from tradepost.floor.domain.check import Check, CheckState
from tradepost.floor.domain.plan import Unit
from tradepost.floor.domain.tab import Round, RoundState, Tab
from tradepost.floor.ports import OrderBook, Tabs, Terms, Wanted
from tradepost.kernel.ids import Ids, OrderId, RoundId
from tradepost.kernel.money import round_ratio

MILLION = 1_000_000


async def charge_service(
    tab: Tab,
    rounds: Sequence[Round],
    unit: Unit,
    terms: Terms,
    tabs: Tabs,
    book: OrderBook,
    at: datetime,
    ids: Ids,
) -> list[Round]:
    """The rounds with what of the service charge was not charged yet, at the unit's rate."""
    if not unit.service_ppm or unit.service_variant_id is None:
        return list(rounds)
    dishes = orders_of([one for one in rounds if not one.is_service])
    charged = orders_of([one for one in rounds if one.is_service])
    owed = await book.owed([*dishes, *charged])
    worth = sum(owed[id].worth for id in dishes)
    wanted = round_ratio(worth * unit.service_ppm, MILLION, terms.rounding.mode)
    missing = wanted - sum(owed[id].worth for id in charged)
    if missing <= 0:
        return list(rounds)
    order_id = OrderId(ids.new())
    micros = missing * 10 ** (6 - terms.currency.exponent)
    lines = [Wanted(unit.service_variant_id, 1, micros)]
    sold = await book.place(order_id, unit.location_id, lines, at)
    id, number = RoundId(ids.new()), len(rounds) + 1
    one = Round(id, tab.id, number, RoundState.DRAFT, True, None, None, at, None)
    one = one.sent(order_id, sold.number, at)
    tabs.add_round(one)
    return [*rounds, one]


async def drop_service(
    rounds: Sequence[Round],
    checks: Sequence[Check],
    tabs: Tabs,
    book: OrderBook,
    at: datetime,
) -> list[Round]:
    """The rounds without a service charge that nobody pays; the next check charges it anew.

    Once something stands on a check it stays as it is.
    """
    if any(check.state is not CheckState.CANCELLED for check in checks):
        return list(rounds)
    kept = []
    for one in rounds:
        if one.is_service and one in sent(rounds):
            assert one.order_id is not None
            owed = (await book.owed([one.order_id]))[one.order_id]
            if not owed.paid:
                await book.call_off(one.order_id, (), at)
                kept.append(one.after("void"))
                await tabs.save_round(kept[-1])
                continue
        kept.append(one)
    return kept
