"""Kitchen tickets and their lines as rows."""

from __future__ import annotations

from collections.abc import Sequence

from tradepost.floor.domain.kitchen import KitchenLine, KitchenTicket
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import KitchenTicketId, RoundId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Work

tickets = tenant_table(
    "kitchen_tickets",
    KitchenTicket,
    indexes=[("station_id", "is_done", "made_at"), ("tab_id",), ("round_id",)],
    references={"unit_id": "units", "station_id": "stations"},
)
kitchen_lines = tenant_table(
    "kitchen_lines",
    KitchenLine,
    unique=[("round_line_id",)],
    indexes=[("round_id",), ("ticket_id",)],
    references={"ticket_id": "kitchen_tickets"},
    checks={"voided": "voided >= 0 AND voided <= quantity"},
)
"""A line of a round can be made once and no more: its identifier is unique here."""
TICKET_ROWS = Mapper(KitchenTicket, tickets)
COOK_ROWS = Mapper(KitchenLine, kitchen_lines)
_ROUND_OF = Statement(scoped(tickets, tickets.c.round_id).where(tickets.c.id == param("id")))
_LOCK = Statement(
    scoped(tickets, *TICKET_ROWS.columns)
    .where(any_of(tickets.c.round_id, "ids"))
    .order_by(tickets.c.id)
    .with_for_update()
)
_LINES = Statement(
    scoped(kitchen_lines, *COOK_ROWS.columns)
    .where(any_of(kitchen_lines.c.round_id, "ids"))
    .order_by(kitchen_lines.c.round_id, kitchen_lines.c.position, kitchen_lines.c.id)
)


class SqlKitchen:
    """Answers the port ``Kitchen``."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, ticket: KitchenTicket, lines: Sequence[KitchenLine]) -> None:
        self._work.add(tickets, TICKET_ROWS.dump(ticket))
        self._work.add(kitchen_lines, *(COOK_ROWS.dump(line) for line in lines))

    async def lock(self, id: KitchenTicketId) -> list[KitchenTicket]:
        round_id = await self._work.value(_ROUND_OF, id=id)
        if round_id is None:
            raise Unknown("kitchen ticket", str(id))
        found = await self.lock_rounds([RoundId(round_id)])
        return sorted(found, key=lambda ticket: ticket.id != id)

    async def lock_rounds(self, ids: Sequence[RoundId]) -> list[KitchenTicket]:
        rows = await self._work.all(_LOCK, ids=sorted(ids))
        return [TICKET_ROWS.load(row) for row in rows]

    async def lines(self, round_ids: Sequence[RoundId]) -> list[KitchenLine]:
        rows = await self._work.all(_LINES, ids=sorted(round_ids)) if round_ids else []
        return [COOK_ROWS.load(row) for row in rows]

    async def save(self, made: Sequence[KitchenTicket], lines: Sequence[KitchenLine]) -> None:
        """The tab of a ticket is the business of those who merge tabs: it is not written here."""
        names = ("id", "is_done", "prints", "changed_at", "version")
        rows = [{name: getattr(one, name) for name in names} for one in made]
        await self._work.update_rows(tickets, ("id",), rows)
        if lines:
            cooked = [COOK_ROWS.dump(line) for line in lines]
            await self._work.update_rows(kitchen_lines, ("id",), cooked)
