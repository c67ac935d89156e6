"""Changing a placed order before anything has left: units called off, articles added.

A preview is the real run, undone: ``Bus.preview``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tradepost.events.ordering import OrderChanged
from tradepost.kernel.errors import Stale, Unknown
from tradepost.kernel.ids import Ids, OrderId, OrderLineId
from tradepost.kernel.messages import Actor, Command, Facts
from tradepost.ordering.commands.answers import Placed, placed_answer, placed_lines
from tradepost.ordering.commands.place import sold_out
from tradepost.ordering.domain import Draft, Order, OrderLine, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.domain.change import (
    changed_order,
    check_something_left,
    enlarged_draft,
    less,
    lowered,
    needs_assessing,
    still_whole,
)
from tradepost.ordering.domain.terms import Policy
from tradepost.ordering.ports import Books, Orders, PriceBook, StockRoom, Taxes


@dataclass(frozen=True, slots=True)
class ChangeOrder(Command):
    """Call off units of lines and add articles, on a version of the order.

    ``call_off`` are (order line, units); added articles cost what they cost now. Where a
    ``total_max`` is named (minor units), the order comes to no more than that: its fees stay as
    they were agreed, and what is added is lowered as far as need be.
    """

    order_id: OrderId
    version: int
    call_off: tuple[tuple[OrderLineId, int], ...] = ()
    add: tuple[Wanted, ...] = ()
    total_max: int | None = None


async def change_order(
    wish: ChangeOrder,
    orders: Orders,
    prices: PriceBook,
    taxes: Taxes,
    stock: StockRoom,
    books: Books,
    policy: Policy,
    actor: Actor,
    ids: Ids,
    facts: Facts,
) -> Placed:
    """The order as it is after the change: its stock, its totals and its books."""
    order, before = await _locked(wish, orders)
    policy = policy.as_agreed(tax_included=order.tax_included)
    came_back = any(line.returned for line in before) and wish.call_off
    given = await books.given_back(order.id) if came_back else {}
    kept = less(before, wish.call_off, policy, given)
    basket = _wanted(wish, order)
    (quotes,) = await prices.quotes([basket]) if wish.add else [{}]
    terms = (order, kept, quotes, policy, actor, ids)
    added, whole = enlarged_draft(basket, *terms, fees_agreed=wish.total_max is not None)
    check_something_left(whole)
    added, changed, lines = await _assessed(wish, order, added, whole, taxes, policy)
    await _promise(wish, changed, before, added, stock)
    credited = await books.changed((order, before), (changed, lines), wish.at)
    changed = replace(changed, credited=credited)
    await _save(changed, lines[: len(kept)], lines[len(kept) :], orders)
    facts.tell(_told(changed, lines), changed.version, wish.at)
    return placed_answer(changed)


async def _assessed(
    wish: ChangeOrder, order: Order, added: Draft, whole: Draft, taxes: Taxes, policy: Policy
) -> tuple[Draft, Order, tuple[OrderLine, ...]]:
    """The order with the tax of what was added, which is lowered until the whole is no more than
    was agreed: a discount takes its tax along, so each round comes nearer."""
    while True:
        assessed = (await taxes.assess([added]))[0] if needs_assessing(order, added) else None
        changed, lines = changed_order(order, whole, added, assessed, policy)
        above = 0 if wish.total_max is None else changed.total.amount - wish.total_max
        if above <= 0:
            return added, changed, lines
        added, whole = lowered(added, whole, above)


async def _locked(wish: ChangeOrder, orders: Orders) -> tuple[Order, list[OrderLine]]:
    order = (await orders.lock([wish.order_id])).get(wish.order_id)
    if order is None:
        raise Unknown("order", str(wish.order_id))
    if wish.version != order.version:
        raise Stale("order", wish.version, order.version)
    still_whole(order)
    return order, (await orders.lines([order.id]))[order.id]


def _wanted(wish: ChangeOrder, order: Order) -> Basket:
    """What is added to the order, as it was agreed to be delivered; nothing may be added."""
    return Basket(
        lines=wish.add,
        channel=order.channel,
        customer_id=order.customer_id,
        delivery=order.delivery,
        payment_method=order.payment_method,
        ship_to=order.destination,
        location_id=order.location_id,
        order_id=order.id,
        at=wish.at,
    )


async def _promise(
    wish: ChangeOrder,
    changed: Order,
    before: Sequence[OrderLine],
    added: Draft,
    stock: StockRoom,
) -> None:
    """Let go of the goods that are called off, then promise those that are added."""
    goods = {line.id for line in before if line.takes_stock}
    freed = [(line_id, units) for line_id, units in wish.call_off if line_id in goods]
    await stock.release_units(changed, freed, wish.at)
    added = replace(added, version=changed.version)
    for short in await stock.allocate([added]) if added.lines else ():
        if short:
            raise sold_out(added, short)


async def _save(
    order: Order, kept: Sequence[OrderLine], fresh: Sequence[OrderLine], orders: Orders
) -> None:
    await orders.save([order])
    await orders.save_amounts(kept)
    orders.add_lines(fresh)


def _told(order: Order, lines: Sequence[OrderLine]) -> OrderChanged:
    return OrderChanged(
        order_id=order.id,
        currency=order.currency.code,
        total=order.total.amount,
        lines=placed_lines(lines),
    )
