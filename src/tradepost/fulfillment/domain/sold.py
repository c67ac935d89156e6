"""What was sold, as a return must know it, and what is given back for part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tradepost.fulfillment.domain.giveback import Disposition, ReturnLine
from tradepost.fulfillment.errors import MoreThanShipped, TooLateToReturn
from tradepost.kernel.ids import (
    CustomerId,
    Ids,
    LocationId,
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
    stocked: bool = True

    def worth(self, units: int) -> tuple[int, int]:
        """What the first so many units came to, tax inside, and the tax of it; all: the whole."""
        amount = self.amount * units // self.quantity
        if not self.tax_included:
            tax = self.tax * units // self.quantity
            return amount + tax, tax
        return amount, self.tax * amount // self.amount if self.amount else 0


@dataclass(frozen=True, slots=True)
class SoldOrder:
    """An order as a return must know it."""

    id: OrderId
    number: int
    customer_id: CustomerId | None
    currency: Currency
    country: str
    placed_on: date
    location_id: LocationId | None
    lines: tuple[SoldLine, ...]


Given = Mapping[OrderLineId, tuple[int, int]]
"""What was given for units of a line that came back: so much, and the tax inside of it."""


def check_in_time(
    sold: SoldOrder,
    wanted: Sequence[tuple[OrderLineId, int]],
    arrived: Mapping[OrderLineId, date],
    days: int,
    today: date,
) -> None:
    """Refuse units that come back more than so many days after they ``arrived``.

    What never lay in a parcel counts from the day of the order.

    :raises TooLateToReturn: for the first line that is too late.
    """
    for line_id, _ in wanted:
        last_day = arrived.get(line_id, sold.placed_on) + timedelta(days)
        if today > last_day:
            raise TooLateToReturn(str(line_id), last_day.isoformat(), days)


def returned_lines(
    sold: SoldOrder,
    wanted: Sequence[tuple[OrderLineId, int]],
    given: Given,
    return_id: ReturnId,
    why: tuple[Disposition, str],
    ids: Ids,
) -> list[ReturnLine]:
    """The lines of a return, with what they would be given today.

    :raises MoreThanShipped: for more than left and stayed away.
    """
    by_id = {line.line_id: line for line in sold.lines}
    counter = _Counter(sold, given)
    lines = []
    for position, (line_id, quantity) in enumerate(wanted, start=1):
        amount, tax = counter.take(line_id, quantity)
        line = by_id[line_id]
        place = (return_id, position)
        lines.append(_line(line, sold.currency, place, quantity, (amount, tax), why, ids))
    return lines


def received_lines(sold: SoldOrder, lines: Sequence[ReturnLine], given: Given) -> list[ReturnLine]:
    """The lines of a return that has come, with what they are given.

    Only now it is known what came back before: returns that were asked for at the same time would
    each be given for the same units, and all of them together not what was paid.

    :raises MoreThanShipped: if more comes back than left and stayed away.
    """
    counter = _Counter(sold, given)
    received = []
    for line in lines:
        if line.order_line_id is not None:
            amount, tax = counter.take(line.order_line_id, line.quantity)
            worth, part = Money(amount, sold.currency), Money(tax, sold.currency)
            line = replace(line, amount=worth, tax=part)  # noqa: PLW2901  given for
        received.append(line)
    return received


class _Counter:
    """Counts units of an order's lines back, one after the other."""

    def __init__(self, sold: SoldOrder, given: Given) -> None:
        self._lines = {line.line_id: line for line in sold.lines}
        self._returned = {line.line_id: line.returned for line in sold.lines}
        self._given = dict(given)

    def take(self, line_id: OrderLineId, quantity: int) -> tuple[int, int]:
        """What is given for so many more units, and the tax inside of it.

        The difference of what all units that are back by then came to and what was given before,
        so that all parts add up to the whole in any split and any order.
        """
        line = self._lines.get(line_id)
        left = line.returnable - self._returned[line_id] if line else 0
        if line is None or not 0 < quantity <= left:
            raise MoreThanShipped(str(line_id), left, quantity)
        self._returned[line_id] += quantity
        worth, tax = line.worth(self._returned[line_id])
        before, tax_before = self._given.get(line_id, (0, 0))
        amount = max(worth - before, 0)
        part = min(max(tax - tax_before, 0), amount)
        self._given[line_id] = before + amount, tax_before + part
        return amount, part


def _line(
    line: SoldLine,
    currency: Currency,
    place: tuple[ReturnId, int],
    quantity: int,
    given: tuple[int, int],
    why: tuple[Disposition, str],
    ids: Ids,
) -> ReturnLine:
    return ReturnLine(
        id=ReturnLineId(ids.new()),
        return_id=place[0],
        position=place[1],
        order_line_id=line.line_id,
        variant_id=line.variant_id,
        sku=line.sku,
        title=line.title,
        fulfillment_type=line.fulfillment_type,
        quantity=quantity,
        unit_price=UnitPrice(line.unit_price_micros, currency),
        price_per=line.price_per,
        amount=Money(given[0], currency),
        tax=Money(given[1], currency),
        disposition=why[0],
        reason=why[1],
        stocked=line.stocked,
    )
