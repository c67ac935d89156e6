"""Tickets of a round: one for each station that has something to make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tradepost.events.floor import CookedLine, TicketMade
from tradepost.floor.domain.kitchen import CookState, KitchenLine, KitchenTicket
from tradepost.floor.domain.plan import Plan
from tradepost.floor.domain.tab import Round, RoundLine, Tab
from tradepost.floor.ports import Dish
from tradepost.kernel.ids import Ids, KitchenLineId, KitchenTicketId, StationId, VariantId

Made = tuple[KitchenTicket, list[KitchenLine], TicketMade]


def make_tickets(
    plan: Plan,
    tab: Tab,
    one: Round,
    lines: Sequence[RoundLine],
    known: Mapping[VariantId | str, Dish],
    at: datetime,
    ids: Ids,
) -> list[Made]:
    """Each line of a round on the ticket of its station, once."""
    assert one.order_id is not None
    dealt: dict[StationId, list[RoundLine]] = defaultdict(list)
    for line in lines:
        dish = known[line.variant_id]
        dealt[plan.station_for(dish.product_id, dish.category_ids)].append(line)
    made = []
    for station_id, mine in dealt.items():
        ticket = KitchenTicket(
            id=KitchenTicketId(ids.new()),
            unit_id=tab.unit_id,
            station_id=station_id,
            tab_id=tab.id,
            round_id=one.id,
            order_id=one.order_id,
            is_done=False,
            prints=1,
            made_at=at,
            changed_at=at,
            version=1,
        )
        cooked = [_to_cook(ticket, line, KitchenLineId(ids.new())) for line in mine]
        made.append((ticket, cooked, TicketMade(ticket.id, station_id, one.order_id, told(cooked))))
    return made


def _to_cook(ticket: KitchenTicket, line: RoundLine, id: KitchenLineId) -> KitchenLine:
    extras = (
        one.title if one.quantity == 1 else f"{one.quantity} × {one.title}"
        for one in line.modifiers
    )
    return KitchenLine(
        id=id,
        ticket_id=ticket.id,
        round_id=line.round_id,
        round_line_id=line.id,
        position=line.position,
        title=line.title,
        quantity=line.quantity,
        voided=0,
        extras=tuple(extras),
        note=line.note,
        course=line.course,
        state=CookState.QUEUED,
        begun_at=None,
        ready_at=None,
        served_at=None,
    )


def told(lines: Iterable[KitchenLine]) -> tuple[CookedLine, ...]:
    """Dishes as facts tell them."""
    return tuple(
        CookedLine(one.id, one.round_line_id, one.quantity - one.voided, one.state.value)
        for one in lines
    )
