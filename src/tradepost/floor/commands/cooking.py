"""Work in the kitchen: dishes are begun, bumped, recalled, served; orders follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.events.floor import TicketMoved, TicketPrinted
from tradepost.floor.commands.opened import orders_of, sent
from tradepost.floor.commands.tickets import told
from tradepost.floor.domain.kitchen import (
    CookState,
    KitchenLine,
    KitchenTicket,
    all_served,
    stage_of,
)
from tradepost.floor.ports import Kitchen, OrderBook, Tabs
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import KitchenLineId, KitchenTicketId, TabId
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class MoveDishes(Command):
    """Take dishes of a ticket a step on: ``start``, ``bump``, ``serve``, or back: ``recall``.

    Without lines it is every dish of the ticket that the step is open to.
    """

    ticket_id: KitchenTicketId
    action: str
    line_ids: tuple[KitchenLineId, ...] = ()
    version: int | None = None


@dataclass(frozen=True, slots=True)
class PrintTicket(Command):
    """Print a ticket again; nothing is cooked again."""

    ticket_id: KitchenTicketId


@dataclass(frozen=True, slots=True)
class ServeTab(Command):
    """Everything of a tab is on the table, for houses that keep no kitchen screen."""

    tab_id: TabId


@dataclass(frozen=True, slots=True)
class TicketAnswer:
    """Where a ticket stands, and the stage of its order."""

    ticket_id: KitchenTicketId
    is_done: bool
    stage: str
    version: int


async def move_dishes(
    wish: MoveDishes, kitchen: Kitchen, tabs: Tabs, book: OrderBook, facts: Facts
) -> TicketAnswer:
    """The dishes a step further; their order follows its slowest dish.

    :raises WrongState: if a step is not open to a dish.
    """
    ticket = (await kitchen.lock(wish.ticket_id))[0].next(wish.at, wish.version)
    before = await kitchen.lines([ticket.round_id])
    moved = _moved(ticket, before, wish)
    after = [moved.get(line.id, line) for line in before]
    ticket = await keep(ticket, after, list(moved.values()), wish.at, kitchen, facts)
    if (stage := stage_of(after)) != stage_of(before):
        await book.set_stage(ticket.order_id, stage, wish.at)
    await finish_late(ticket.tab_id, ticket, after, wish.at, tabs, book)
    return TicketAnswer(ticket.id, ticket.is_done, stage, ticket.version)


def _moved(
    ticket: KitchenTicket, lines: Sequence[KitchenLine], wish: MoveDishes
) -> dict[KitchenLineId, KitchenLine]:
    mine = {line.id: line for line in lines if line.ticket_id == ticket.id}
    for id in wish.line_ids:
        if id not in mine:
            raise Unknown("kitchen line", str(id))
    chosen = [mine[id] for id in wish.line_ids] or [
        line for line in mine.values() if line.can(wish.action)
    ]
    if not chosen:
        chosen = list(mine.values())[:1]
    return {line.id: line.after(wish.action, wish.at) for line in chosen}


async def keep(
    ticket: KitchenTicket,
    after: Sequence[KitchenLine],
    moved: Sequence[KitchenLine],
    at: datetime,
    kitchen: Kitchen,
    facts: Facts,
) -> KitchenTicket:
    """Save a ticket with dishes of it that went a step, and tell it."""
    done = all_served(line for line in after if line.ticket_id == ticket.id)
    ticket = replace(ticket, is_done=done)
    await kitchen.save([ticket], moved)
    facts.tell(TicketMoved(ticket.id, told(moved)), ticket.version, at)
    return ticket


async def finish_late(
    tab_id: TabId,
    ticket: KitchenTicket,
    lines: Sequence[KitchenLine],
    at: datetime,
    tabs: Tabs,
    book: OrderBook,
) -> None:
    """Complete an order that was paid before it was served; the ticket's lock is held."""
    if all_served(lines) and not await tabs.is_open(tab_id):
        await book.finish([ticket.order_id], at)


async def serve_tab(
    wish: ServeTab, kitchen: Kitchen, tabs: Tabs, book: OrderBook, facts: Facts
) -> int:
    """Every dish that is not served yet is; how many that were."""
    rounds = [one for one in sent(await tabs.rounds(wish.tab_id)) if not one.is_service]
    ids = [one.id for one in rounds]
    tickets = await kitchen.lock_rounds(ids) if ids else []
    before = await kitchen.lines(ids)
    after = [line.served(wish.at) if line.is_open else line for line in before]
    moved = [new for new, old in zip(after, before, strict=True) if new is not old]
    for ticket in tickets:
        if mine := [line for line in moved if line.ticket_id == ticket.id]:
            await keep(ticket.next(wish.at), after, mine, wish.at, kitchen, facts)
    named = {line.round_id for line in moved}
    for order_id in sorted({one.order_id for one in tickets if one.round_id in named}):
        await book.set_stage(order_id, CookState.SERVED.value, wish.at)
    if moved and not await tabs.is_open(wish.tab_id):
        await book.finish(orders_of(rounds), wish.at)
    return len(moved)


async def print_ticket(wish: PrintTicket, kitchen: Kitchen, facts: Facts) -> TicketAnswer:
    """The same ticket, printed once more."""
    ticket = (await kitchen.lock(wish.ticket_id))[0].next(wish.at)
    ticket = replace(ticket, prints=ticket.prints + 1)
    await kitchen.save([ticket], [])
    facts.tell(TicketPrinted(ticket.id, ticket.prints), ticket.version, wish.at)
    stage = stage_of(await kitchen.lines([ticket.round_id]))
    return TicketAnswer(ticket.id, ticket.is_done, stage, ticket.version)


async def void_dishes(
    units: Mapping[KitchenLineId, int],
    tickets: Sequence[KitchenTicket],
    lines: Sequence[KitchenLine],
    at: datetime,
    kitchen: Kitchen,
    facts: Facts,
) -> list[KitchenLine]:
    """Take units of dishes off locked tickets; all lines as they are then."""
    after = [line.less(units[line.id], at) if line.id in units else line for line in lines]
    for ticket in tickets:
        moved = [one for one in after if one.ticket_id == ticket.id and one.id in units]
        if moved:
            await keep(ticket.next(at), after, moved, at, kitchen, facts)
    return after


HANDLERS = {MoveDishes: move_dishes, PrintTicket: print_ticket, ServeTab: serve_tab}
