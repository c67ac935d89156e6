"""Picking: somebody goes along the shelves and says what became of every line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradepost.delivery.commands.opening import lines_differ
from tradepost.delivery.commands.told import TaskAnswer, check_version, picked_lines, save_task
from tradepost.delivery.domain.job import Delivery, Parcel, code_of
from tradepost.delivery.domain.picking import Instead, PickLine, PickTask, instead_of
from tradepost.delivery.errors import OrderMoved, PickingOpen, SubstituteNotAllowed
from tradepost.delivery.ports import (
    Book,
    Deliveries,
    Market,
    PickTasks,
    ReadyOrder,
    Rules,
    Slots,
    Trade,
)
from tradepost.events.delivery import (
    DeliveryOpened,
    PickingChanged,
    PickingCompleted,
    PickingStarted,
)
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import DeliveryId, Ids, PickLineId, PickTaskId, StaffId, VariantId
from tradepost.kernel.messages import Actor, Command, Facts

PICKING, READY, NONE = "picking", "ready", "none"


@dataclass(frozen=True, slots=True)
class StartPicking(Command):
    """Begin to pick an order."""

    task_id: PickTaskId
    version: int | None = None


@dataclass(frozen=True, slots=True)
class PutBack(Command):
    """Leave a task to somebody else; what was picked is kept."""

    task_id: PickTaskId
    version: int | None = None


@dataclass(frozen=True, slots=True)
class PickLines(Command):
    """Say what became of a line: of its units so many were picked, are short, were replaced.

    For goods by weight ``picked`` is what the scale shows. ``substitute_id`` stands in for the
    ``replaced`` units by ``substitute_units`` of its own.
    """

    task_id: PickTaskId
    line_id: PickLineId
    picked: int
    short: int = 0
    replaced: int = 0
    substitute_id: VariantId | None = None
    substitute_units: int = 0
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CompletePicking(Command):
    """All lines are picked: the order is priced anew and waits for its last way."""

    task_id: PickTaskId
    version: int | None = None


async def start_picking(
    wish: StartPicking, tasks: PickTasks, book: Book, actor: Actor, facts: Facts
) -> TaskAnswer:
    """The picker has it, and the order says so."""
    task, _ = await tasks.lock(wish.task_id)
    check_version("pick task", wish.version, task.version)
    picker = StaffId(actor.id) if actor.kind == "staff" and actor.id else None
    started = task.started(picker, wish.at)
    await book.reach(task.order_id, PICKING, wish.at)
    fact = PickingStarted(task.id, task.order_id, picker)
    return await save_task(started, fact, tasks, facts, wish.at)


async def put_back(wish: PutBack, tasks: PickTasks, book: Book, facts: Facts) -> TaskAnswer:
    """The task waits for another picker."""
    task, _ = await tasks.lock(wish.task_id)
    check_version("pick task", wish.version, task.version)
    moved = task.moved("put back")
    await book.reach(task.order_id, NONE, wish.at)
    fact = PickingChanged(task.id, task.order_id, moved.state.value, ())
    return await save_task(moved, fact, tasks, facts, wish.at)


async def pick_line(
    wish: PickLines, tasks: PickTasks, book: Book, market: Market, rules: Rules, facts: Facts
) -> TaskAnswer:
    """Note what became of a line; said again, it replaces what was said before."""
    task, lines = await tasks.lock(wish.task_id)
    check_version("pick task", wish.version, task.version)
    moved = task.moved("pick")
    line = next((one for one in lines if one.id == wish.line_id), None)
    if line is None:
        raise Unknown("pick line", str(wish.line_id))
    told = line.told(wish.picked, wish.short, wish.replaced, rules.weight_tolerance_percent)
    if wish.replaced or wish.substitute_id:
        told = await _replaced(wish, told, await book.lock(task.order_id), market)
    await tasks.save_lines([told])
    fact = PickingChanged(task.id, task.order_id, moved.state.value, picked_lines([told]))
    return await save_task(moved, fact, tasks, facts, wish.at)


async def _replaced(wish: PickLines, line: PickLine, order: ReadyOrder, market: Market) -> PickLine:
    if not wish.replaced or wish.substitute_id is None:
        raise SubstituteNotAllowed(line.sku, "", "name the article and the units it is for")
    offers = await market.offers(order, [wish.substitute_id])
    if wish.substitute_id not in offers:
        raise Unknown("variant", str(wish.substitute_id))
    return line.with_substitute(offers[wish.substitute_id], wish.substitute_units)


async def complete_picking(
    wish: CompletePicking,
    tasks: PickTasks,
    book: Book,
    market: Market,
    trade: Trade,
    deliveries: Deliveries,
    slots: Slots,
    ids: Ids,
    facts: Facts,
) -> TaskAnswer:
    """Price the order by what was picked; with nothing picked at all it is called off."""
    task, lines = await tasks.lock(wish.task_id)
    check_version("pick task", wish.version, task.version)
    done = task.completed(wish.at)
    if still := sum(not line.is_done for line in lines):
        raise PickingOpen(still)
    order = await book.lock(task.order_id)
    if lines_differ(order, lines):
        raise OrderMoved(order.number)
    if any(line.picked or line.replaced for line in lines):
        await _reprice(order, lines, market, trade, wish)
        await book.reach(order.id, READY, wish.at)
        await _open_delivery(done, order, deliveries, slots, ids, facts, wish)
    else:
        await trade.cancel(order.id, wish.at)
    fact = PickingCompleted(task.id, task.order_id, picked_lines(lines))
    return await save_task(done, fact, tasks, facts, wish.at)


async def _reprice(
    order: ReadyOrder,
    lines: Sequence[PickLine],
    market: Market,
    trade: Trade,
    wish: CompletePicking,
) -> None:
    gone = [(line.order_line_id, line.gone) for line in lines if line.gone]
    swapped = [line for line in lines if line.substitute_id is not None]
    wanted = [line.substitute_id for line in swapped if line.substitute_id]
    offers = await market.offers(order, wanted) if wanted else {}
    instead: list[Instead] = []
    paid = {one.line_id: one.paid for one in order.lines}
    for line in swapped:
        offer = offers.get(line.substitute_id) if line.substitute_id else None
        if offer is None or not offer.on_sale:
            raise SubstituteNotAllowed(line.sku, line.substitute_sku, "it is no longer on sale")
        exponent = order.currency.exponent
        instead.append(instead_of(line, offer, paid[line.order_line_id], exponent))
    if gone:
        await trade.reprice(order, gone, instead, wish.at)


async def _open_delivery(
    task: PickTask,
    order: ReadyOrder,
    deliveries: Deliveries,
    slots: Slots,
    ids: Ids,
    facts: Facts,
    wish: CompletePicking,
) -> None:
    slot = (await slots.lock([order.slot_id]))[order.slot_id] if order.slot_id else None
    assert order.kind is not None, order.number
    zone_id = slot.zone_id if slot else None
    whose = (order.kind, order.id, order.number, order.location_id)
    parcel = Parcel(*whose, zone_id, order.slot_id, task.due_at)
    job = Delivery.opened(DeliveryId(ids.new()), parcel, code_of(ids.new()), wish.at)
    deliveries.add(job)
    fact = DeliveryOpened(job.id, job.order_id, job.kind.value, job.location_id, job.zone_id)
    facts.tell(fact, job.version, wish.at)


HANDLERS = {
    StartPicking: start_picking,
    PutBack: put_back,
    PickLines: pick_line,
    CompletePicking: complete_picking,
}
