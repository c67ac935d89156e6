"""The kitchen screen: what a station has to make."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tradepost.floor.domain.kitchen import KitchenLine, KitchenTicket
from tradepost.floor.storage.kitchen import COOK_ROWS, TICKET_ROWS, kitchen_lines, tickets
from tradepost.floor.storage.plan import floor_tables, stations
from tradepost.floor.storage.tabs import rounds, tabs
from tradepost.kernel.clock import from_micros, to_micros
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import KitchenTicketId, StationId
from tradepost.platform.db.statement import Statement, any_of, param, same_tenant, scoped
from tradepost.platform.db.work import Reader, Row

_JOINED = (
    tickets.join(rounds, same_tenant(tickets, rounds) & (rounds.c.id == tickets.c.round_id))
    .join(tabs, (tabs.c.tenant_id == tickets.c.tenant_id) & (tabs.c.id == tickets.c.tab_id))
    .join(
        floor_tables,
        (floor_tables.c.tenant_id == tickets.c.tenant_id) & (floor_tables.c.id == tabs.c.table_id),
        isouter=True,
    )
)
_seen = scoped(
    tickets,
    *TICKET_ROWS.columns,
    *(rounds.c.order_number, tabs.c.number, tabs.c.name, floor_tables.c.name),
).select_from(_JOINED)
_TICKET = Statement(_seen.where(tickets.c.id == param("id")))
_STATION = Statement(scoped(stations, stations.c.id).where(stations.c.id == param("id")))
_LINES = Statement(
    scoped(kitchen_lines, *COOK_ROWS.columns)
    .where(any_of(kitchen_lines.c.ticket_id, "ids"))
    .order_by(kitchen_lines.c.course, kitchen_lines.c.position, kitchen_lines.c.id)
)


def _at_station(*, since: bool, later: bool) -> Statement:
    """Tickets in the order in which they came; all that changed since an instant, or the open."""
    found = _seen.where(tickets.c.station_id == param("station_id"))
    changed = tickets.c.changed_at >= param("since", like=tickets.c.changed_at)
    found = found.where(changed if since else tickets.c.is_done == param("done"))
    if later:
        at = param("at", like=tickets.c.made_at)
        found = found.where(
            (tickets.c.made_at > at)
            | ((tickets.c.made_at == at) & (tickets.c.id > param("id", like=tickets.c.id)))
        )
    return Statement(found.order_by(tickets.c.made_at, tickets.c.id).limit(param("limit")))


_LISTS = {
    (since, later): _at_station(since=since, later=later)
    for since in (False, True)
    for later in (False, True)
}


@dataclass(frozen=True, slots=True)
class DishView:
    """A dish to make."""

    id: UUID
    title: str
    quantity: int
    voided: int
    extras: tuple[str, ...]
    note: str
    course: int
    state: str


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket as a kitchen screen shows it: where it goes, and how far its dishes are."""

    id: UUID
    station_id: UUID
    tab_id: UUID
    tab_number: int
    tab_name: str
    table: str | None
    order_id: UUID
    order_number: int
    is_done: bool
    prints: int
    made_at: datetime
    changed_at: datetime
    version: int
    lines: tuple[DishView, ...]

    @property
    def position(self) -> tuple[int, str]:
        """Its place in the list."""
        return to_micros(self.made_at), str(self.id)


async def station_tickets(
    db: Reader,
    station_id: StationId,
    since: datetime | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[TicketView]:
    """What a station has to make, the oldest first; or all that changed since an instant."""
    if await db.one(_STATION, id=station_id) is None:
        raise Unknown("station", str(station_id))
    values: dict[str, Any] = {"station_id": station_id, "limit": limit}
    values |= {"done": False} if since is None else {"since": since}
    if after is not None:
        values |= {"at": from_micros(after[0]), "id": UUID(after[1])}
    rows = await db.all(_LISTS[since is not None, after is not None], **values)
    return await _with_lines(db, rows)


async def ticket_page(db: Reader, ticket_id: KitchenTicketId) -> TicketView:
    """One ticket."""
    row = await db.one(_TICKET, id=ticket_id)
    if row is None:
        raise Unknown("kitchen ticket", str(ticket_id))
    return (await _with_lines(db, [row]))[0]


async def _with_lines(db: Reader, rows: list[Row]) -> list[TicketView]:
    width = len(TICKET_ROWS.columns)
    found = [(TICKET_ROWS.load(row[:width]), row[width:]) for row in rows]
    lines: dict[UUID, list[DishView]] = defaultdict(list)
    for row in await db.all(_LINES, ids=sorted(one.id for one, _ in found)) if found else ():
        line = COOK_ROWS.load(row)
        lines[line.ticket_id].append(_dish(line))
    return [_view(one, beside, lines[one.id]) for one, beside in found]


def _view(one: KitchenTicket, beside: tuple[Any, ...], lines: list[DishView]) -> TicketView:
    order_number, tab_number, tab_name, table = beside
    return TicketView(
        one.id,
        one.station_id,
        one.tab_id,
        tab_number,
        tab_name,
        table,
        one.order_id,
        order_number,
        one.is_done,
        one.prints,
        one.made_at,
        one.changed_at,
        one.version,
        tuple(lines),
    )


def _dish(line: KitchenLine) -> DishView:
    return DishView(
        line.id,
        line.title,
        line.quantity,
        line.voided,
        line.extras,
        line.note,
        line.course,
        line.state.value,
    )
