"""What orders bring about: tasks are opened, follow their orders, and go with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.delivery.commands.told import picked_lines, save_job, save_task
from tradepost.delivery.domain.job import JOB_STATES
from tradepost.delivery.domain.picking import (
    PICK_STATES,
    PickLine,
    PickState,
    PickTask,
)
from tradepost.delivery.ports import (
    Book,
    Deliveries,
    OrderedLine,
    PickTasks,
    ReadyOrder,
    Slots,
)
from tradepost.events.delivery import (
    DeliveryCancelled,
    PickingCancelled,
    PickingChanged,
    PickingOpened,
)
from tradepost.kernel.ids import Ids, OrderId, PickLineId, PickTaskId
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class OpenPicking(Command):
    """Have an order picked once it is confirmed; asked again, nothing more is opened."""

    order_id: OrderId


@dataclass(frozen=True, slots=True)
class FollowOrder(Command):
    """Bring what is still to be picked up to its order, which was changed."""

    order_id: OrderId


@dataclass(frozen=True, slots=True)
class DropWork(Command):
    """Let go of an order's work: it was called off."""

    order_id: OrderId


async def open_picking(
    wish: OpenPicking, tasks: PickTasks, book: Book, slots: Slots, ids: Ids, facts: Facts
) -> PickTaskId | None:
    """A fresh task, for orders that are picked up or delivered around the corner."""
    there = await tasks.lock_of(wish.order_id)
    order = await book.lock(wish.order_id)
    if there or order.kind is None or not order.is_confirmed or not order.lines:
        return None
    slot = (await slots.lock([order.slot_id]))[order.slot_id] if order.slot_id else None
    task = _opened(order, slot.starts_at if slot else None, ids, wish.at)
    tasks.add(task, _fresh(task.id, order.lines, ids, after=0))
    facts.tell(PickingOpened(task.id, order.id, task.location_id), task.version, wish.at)
    return task.id


def _opened(order: ReadyOrder, due_at: datetime | None, ids: Ids, at: datetime) -> PickTask:
    assert order.kind is not None, order.number
    return PickTask(
        id=PickTaskId(ids.new()),
        order_id=order.id,
        order_number=order.number,
        kind=order.kind.value,
        location_id=order.location_id,
        slot_id=order.slot_id,
        due_at=due_at,
        state=PickState.OPEN,
        picker_id=None,
        opened_at=at,
        started_at=None,
        completed_at=None,
        version=1,
    )


async def follow_order(
    wish: FollowOrder, tasks: PickTasks, book: Book, ids: Ids, facts: Facts
) -> None:
    """Lines that the order changed are to be picked anew; the others stay as they are."""
    found = await tasks.lock_of(wish.order_id)
    if found is None or found[0].state not in (PickState.OPEN, PickState.PICKING):
        return
    task, before = found
    moved = _moved(before, (await book.lock(wish.order_id)).lines)
    if not (moved.changed or moved.dropped or moved.new):
        return
    fresh = _fresh(task.id, moved.new, ids, after=max((one.position for one in before), default=0))
    await tasks.save_lines(moved.changed)
    if moved.dropped:
        await tasks.drop_lines(moved.dropped)
    tasks.add_lines(fresh)
    told = picked_lines((*moved.changed, *fresh))
    fact = PickingChanged(task.id, task.order_id, task.state.value, told)
    await save_task(task, fact, tasks, facts, wish.at)


@dataclass(frozen=True, slots=True)
class _Moved:
    """What of a task an order changed."""

    changed: tuple[PickLine, ...]
    dropped: tuple[PickLineId, ...]
    new: tuple[OrderedLine, ...]


def _moved(before: Sequence[PickLine], lines: Sequence[OrderedLine]) -> _Moved:
    wanted = {one.line_id: one for one in lines}
    known = {line.order_line_id for line in before}
    kept = [line for line in before if line.order_line_id in wanted]
    units = {line.id: wanted[line.order_line_id].units for line in kept}
    return _Moved(
        tuple(one.untouched(units[one.id]) for one in kept if one.ordered != units[one.id]),
        tuple(line.id for line in before if line.order_line_id not in wanted),
        tuple(one for one in lines if one.line_id not in known),
    )


async def drop_work(wish: DropWork, tasks: PickTasks, deliveries: Deliveries, facts: Facts) -> None:
    """Nobody picks or brings it any more."""
    found = await tasks.lock_of(wish.order_id)
    if found and PICK_STATES.allows(found[0].state, "cancel"):
        task = found[0].moved("cancel")
        await save_task(task, PickingCancelled(task.id, task.order_id), tasks, facts, wish.at)
    for job in await deliveries.lock_of(wish.order_id):
        if JOB_STATES.allows(job.state, "cancel"):
            closed = replace(job.closed("cancel", wish.at), courier_id=None)
            fact = DeliveryCancelled(job.id, job.order_id)
            await save_job(closed, fact, deliveries, facts, wish.at)


def lines_differ(order: ReadyOrder, lines: Sequence[PickLine]) -> bool:
    """Whether an order wants something else than what was to be picked for it."""
    return {one.line_id: one.units for one in order.lines} != {
        one.order_line_id: one.ordered for one in lines
    }


def _fresh(
    task_id: PickTaskId, wanted: Sequence[OrderedLine], ids: Ids, *, after: int
) -> list[PickLine]:
    return [
        PickLine(
            id=PickLineId(ids.new()),
            pick_task_id=task_id,
            order_line_id=one.line_id,
            position=place,
            variant_id=one.variant_id,
            sku=one.sku,
            title=one.title,
            unit=one.unit,
            price_per=one.price_per,
            price_micros=one.price_micros,
            ordered=one.units,
            rule=one.rule,
            allowed=one.allowed,
        )
        for place, one in enumerate(wanted, start=after + 1)
    ]


HANDLERS = {OpenPicking: open_picking, FollowOrder: follow_order, DropWork: drop_work}
