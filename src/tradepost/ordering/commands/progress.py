"""What becomes of a placed order: money comes in, goods leave, it is closed or called off.

The neighbours that record payments and shipments tell it inside their own transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.events.ordering import OrderCancelled, OrderStatusChanged
from tradepost.kernel.batch import Batch
from tradepost.kernel.errors import Refusal, Stale, Unknown
from tradepost.kernel.ids import OrderId, OrderLineId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.money import Money
from tradepost.ordering.domain import Order, Stage
from tradepost.ordering.ports import Books, Carriage, Orders, StockRoom


@dataclass(frozen=True, slots=True)
class CompleteOrder(Command):
    """Close an order that is paid and has left."""

    order_id: OrderId
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CancelOrder(Command):
    """Call an order off before anything has left."""

    order_id: OrderId
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ExpectOrder(Command):
    """Go on only if the order is at a version: the first wish of several in one transaction."""

    order_id: OrderId
    version: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an order stands after a step."""

    order_id: OrderId
    status: str
    version: int


async def expect_order(wish: ExpectOrder, orders: Orders) -> Progress:
    """Lock the order and refuse another version of it."""
    found = (await orders.lock([wish.order_id])).get(wish.order_id)
    if found is None:
        raise Unknown("order", str(wish.order_id))
    if found.version != wish.version:
        raise Stale("order", wish.version, found.version)
    return progress(found)


async def complete_orders(
    wishes: list[CompleteOrder], orders: Orders, facts: Facts
) -> list[Progress | Refusal]:
    """Close each order, or say what is missing."""
    found = await orders.lock([wish.order_id for wish in wishes])
    batch = Batch(wishes)
    batch.each(lambda wish: _next(found, wish, lambda order: order.completed(wish.at)))
    await orders.save(batch.live)
    for order in batch.live:
        assert order.closed_at is not None
        facts.tell(status_changed(order), order.version, order.closed_at)
    batch.take([progress(order) for order in batch.live])
    return batch.answers


async def cancel_order(
    wish: CancelOrder,
    orders: Orders,
    carriage: Carriage,
    stock: StockRoom,
    books: Books,
    facts: Facts,
) -> Progress:
    """Call the order off: its goods are free again, its sale is reversed."""
    found = await orders.lock([wish.order_id])
    lines = (await orders.lines([wish.order_id]))[wish.order_id]
    order = _next(found, wish, lambda one: one.cancelled(wish.at))
    await carriage.release([order])
    await stock.release([order], wish.at)
    await books.called_off(order, lines, wish.at)
    await orders.save([order])
    await orders.save_lines([line.called_off() for line in lines])
    facts.tell(OrderCancelled(order.id, order.number), order.version, wish.at)
    return progress(order)


def _next(
    found: dict[OrderId, Order],
    wish: CompleteOrder | CancelOrder,
    step: Callable[[Order], Order],
) -> Order:
    order = found.get(wish.order_id)
    if order is None:
        raise Unknown("order", str(wish.order_id))
    if wish.version is not None and wish.version != order.version:
        raise Stale("order", wish.version, order.version)
    changed = replace(step(order), version=order.version + 1)
    found[order.id] = changed
    return changed


@dataclass(frozen=True, slots=True)
class Step:
    """Something a neighbour recorded for an order: money taken, promised (below zero: no longer),
    paid back or credited, goods that left, work that has come to a stage."""

    order_id: OrderId
    at: datetime
    paid: Money | None = None
    promised: Money | None = None
    refunded: Money | None = None
    credited: Money | None = None
    shipped: tuple[tuple[OrderLineId, int], ...] = ()
    stage: Stage | None = None


async def take_steps(steps: Sequence[Step], orders: Orders, facts: Facts) -> list[Order]:
    """Bring orders up to what was recorded for them; each step raises the version by one."""
    found = await orders.lock([step.order_id for step in steps])
    moved: dict[OrderLineId, int] = defaultdict(int)
    for step in steps:
        for line_id, units in step.shipped:
            moved[line_id] += units
    changed: dict[OrderId, Order] = {}
    for step in steps:
        order = _stepped(found[step.order_id], step)
        found[order.id] = changed[order.id] = order
        facts.tell(status_changed(order), order.version, step.at)
    await orders.add_shipped(moved)
    await orders.save(list(changed.values()))
    return list(changed.values())


async def take_back(
    order_id: OrderId, units: Sequence[tuple[OrderLineId, int]], orders: Orders
) -> None:
    """Note on an order's lines what came back of them; the return has its own fact."""
    lines = (await orders.lines([order_id]))[order_id]
    back = dict(units)
    await orders.save_lines(
        [replace(one, returned=one.returned + back[one.id]) for one in lines if one.id in back]
    )


def _stepped(order: Order, step: Step) -> Order:
    if step.paid is not None:
        order = order.with_paid(step.paid)
    if step.promised is not None:
        order = order.with_promised(step.promised)
    if step.refunded is not None:
        order = order.with_refunded(step.refunded)
    if step.credited is not None:
        order = order.with_credited(step.credited)
    if step.shipped:
        order = order.with_shipped(sum(units for _, units in step.shipped))
    if step.stage is not None:
        order = order.at_stage(step.stage)
    return replace(order, version=order.version + 1)


def status_changed(order: Order) -> OrderStatusChanged:
    """The fact that tells an order's views."""
    return OrderStatusChanged(
        order_id=order.id,
        status=order.status.value,
        payment_status=order.payment_status,
        fulfillment_status=order.fulfillment_status,
    )


def progress(order: Order) -> Progress:
    """What is answered to a step that was taken."""
    return Progress(order.id, order.status.value, order.version)
