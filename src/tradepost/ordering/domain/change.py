"""The rules of changing an order that has not left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tradepost.kernel.ids import OrderLineId
from tradepost.kernel.money import Money, line_minor_units
from tradepost.ordering.domain.draft import Draft, placed_order
from tradepost.ordering.domain.line import OrderLine
from tradepost.ordering.domain.order import STATES, Order
from tradepost.ordering.domain.terms import Assessed, Policy
from tradepost.ordering.errors import AlreadyShipped, MoreThanOpen, NothingWanted


def still_whole(order: Order) -> None:
    """Refuse to change an order that is closed or has left in part."""
    STATES.after(order.state, "complete")
    if order.units_shipped:
        raise AlreadyShipped(order.number)


def less(
    lines: Sequence[OrderLine], call_off: Sequence[tuple[OrderLineId, int]], policy: Policy
) -> tuple[OrderLine, ...]:
    """The lines with units called off; a line called off wholly stays, and costs nothing."""
    left = {line.id: line for line in lines}
    for line_id, units in call_off:
        line = left.get(line_id)
        still = line.quantity - line.cancelled if line else 0
        if line is None or not 0 < units <= still:
            raise MoreThanOpen(str(line_id), still, units)
        left[line_id] = _repriced(replace(line, cancelled=line.cancelled + units), policy)
    return tuple(left.values())


def whole_draft(kept: Sequence[OrderLine], added: Draft, policy: Policy) -> Draft:
    """What is kept and what is added as one draft, with the fee for shipping that much.

    :raises NothingWanted: if nothing is left; an order is called off by cancelling it.
    """
    lines = (*kept, *added.lines)
    if all(line.cancelled == line.quantity for line in lines):
        raise NothingWanted
    ships = any(line.to_ship for line in lines)
    fee = policy.shipping_fee_for(sum(line.amount.amount for line in lines)) if ships else 0
    return replace(added, lines=lines, shipping=Money(fee, policy.currency))


def _repriced(line: OrderLine, policy: Policy) -> OrderLine:
    """The line with the amount of the units that are still wanted, at the price agreed."""
    amount = line_minor_units(
        line.unit_price.micros,
        line.quantity - line.cancelled,
        policy.currency,
        policy.rounding_mode,
        line.price_per,
    )
    return replace(line, amount=Money(amount, policy.currency))


def changed_order(
    order: Order, draft: Draft, assessed: Assessed, policy: Policy
) -> tuple[Order, tuple[OrderLine, ...]]:
    """The order under the new lines' totals, a version further; everything else stays agreed."""
    fresh, lines = placed_order(draft, assessed, policy)
    changed = replace(
        order,
        subtotal=fresh.subtotal,
        shipping=fresh.shipping,
        shipping_tax=fresh.shipping_tax,
        tax=fresh.tax,
        total=fresh.total,
        units_to_ship=fresh.units_to_ship,
        version=order.version + 1,
    )
    return changed, lines
