"""What was sold, as a return must know it, and what is given back for part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradepost.fulfillment.domain.giveback import Disposition, ReturnLine
from tradepost.fulfillment.errors import MoreThanShipped
from tradepost.kernel.ids import (
    CustomerId,
    Ids,
    OrderId,
    OrderLineId,
    ReturnId,
    ReturnLineId,
    VariantId,
)
from tradepost.kernel.money import Currency, Money, UnitPrice


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line as it was sold, with what of it left and came back."""

    line_id: OrderLineId
    variant_id: VariantId
    sku: str
    title: str
    fulfillment_type: str
    unit_price_micros: int
    price_per: int
    quantity: int
    amount: int
    tax: int
    tax_included: bool
    returnable: int
    returned: int


@dataclass(frozen=True, slots=True)
class SoldOrder:
    """An order as a return must know it."""

    id: OrderId
    number: int
    customer_id: CustomerId | None
    currency: Currency
    country: str
    lines: tuple[SoldLine, ...]


def part_of(whole: int, before: int, now: int, of: int) -> int:
    """The part of an amount that ``now`` units are worth after ``before`` of ``of`` went before.

    The difference of two running sums, so that all parts add up to the whole in any split and
    any order.
    """
    return whole * (before + now) // of - whole * before // of


def returned_lines(
    sold: SoldOrder,
    wanted: Sequence[tuple[OrderLineId, int]],
    return_id: ReturnId,
    why: tuple[Disposition, str],
    ids: Ids,
) -> list[ReturnLine]:
    """The lines of a return; :class:`MoreThanShipped` for more than left and stayed away."""
    by_id = {line.line_id: line for line in sold.lines}
    returned = {line.line_id: line.returned for line in sold.lines}
    lines = []
    for position, (line_id, quantity) in enumerate(wanted, start=1):
        line = by_id.get(line_id)
        left = line.returnable - returned[line_id] if line else 0
        if line is None or not 0 < quantity <= left:
            raise MoreThanShipped(str(line_id), left, quantity)
        lines.append(
            _line(line, sold.currency, position, returned[line_id], quantity, return_id, why, ids)
        )
        returned[line_id] += quantity
    return lines


def check_still_out(sold: SoldOrder, lines: Sequence[ReturnLine]) -> None:
    """Refuse what came back already: two returns may have asked for the same units.

    :raises MoreThanShipped: if more comes back than left and stayed away.
    """
    still = {line.line_id: line.returnable - line.returned for line in sold.lines}
    for line in lines:
        if line.order_line_id is None:
            continue
        left = still.get(line.order_line_id, 0)
        if line.quantity > left:
            raise MoreThanShipped(str(line.order_line_id), left, line.quantity)
        still[line.order_line_id] = left - line.quantity


def _line(
    line: SoldLine,
    currency: Currency,
    position: int,
    before: int,
    quantity: int,
    return_id: ReturnId,
    why: tuple[Disposition, str],
    ids: Ids,
) -> ReturnLine:
    tax = part_of(line.tax, before, quantity, line.quantity)
    amount = part_of(line.amount, before, quantity, line.quantity)
    return ReturnLine(
        id=ReturnLineId(ids.new()),
        return_id=return_id,
        position=position,
        order_line_id=line.line_id,
        variant_id=line.variant_id,
        sku=line.sku,
        title=line.title,
        fulfillment_type=line.fulfillment_type,
        quantity=quantity,
        unit_price=UnitPrice(line.unit_price_micros, currency),
        price_per=line.price_per,
        amount=Money(amount if line.tax_included else amount + tax, currency),
        tax=Money(tax, currency),
        disposition=why[0],
        reason=why[1],
    )
