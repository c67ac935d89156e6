"""All units of a line, in any split and with any refunds in between, give back just its price."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tradepost.fulfillment.domain.giveback import Disposition, ReturnLine
from tradepost.fulfillment.domain.sold import SoldLine, SoldOrder, received_lines, returned_lines
from tradepost.kernel.ids import OrderId, OrderLineId, RandomIds, ReturnId, VariantId
from tradepost.kernel.money import (
    Currency,
    Rate,
    RoundingLevel,
    RoundingMode,
    RoundingPolicy,
    priced_minor_units,
)
from tradepost.payments.domain.credit import Creditable, Part, PartKind
from tradepost.pricing.domain import AppliedRate, TaxLine, totals

LINE = OrderLineId(UUID(int=1))
WHY = (Disposition.RESTOCK, "")


@st.composite
def sold_lines(draw: st.DrawFn) -> SoldOrder:
    """An order of one line, priced and taxed as a shop may, in 0, 2 or 3 decimals."""
    currency = Currency(draw(st.sampled_from(["JPY", "GBP", "KWD"])))
    levels, modes = st.sampled_from(list(RoundingLevel)), st.sampled_from(list(RoundingMode))
    policy = RoundingPolicy(draw(levels), draw(modes))
    micros, quantity = draw(st.integers(0, 9 * 10**7)), draw(st.integers(1, 40))
    amount = priced_minor_units(micros, quantity, currency, policy)
    rate = AppliedRate("VAT", Rate(draw(st.sampled_from([0, 55_000, 77_000, 200_000, 9_000_000]))))
    inside = draw(st.booleans())
    whole = totals([TaxLine(amount, rate, quantity)], policy, prices_include_tax=inside)
    line = SoldLine(
        line_id=LINE,
        variant_id=VariantId(UUID(int=2)),
        sku="a",
        title="A",
        fulfillment_type="service",
        unit_price_micros=micros,
        price_per=1,
        quantity=quantity,
        amount=amount,
        tax=whole.tax,
        tax_included=inside,
        returnable=quantity,
        returned=0,
    )
    return SoldOrder(OrderId(UUID(int=3)), 1, None, currency, "GB", date(2026, 5, 4), None, (line,))


def _gross(line: SoldLine) -> int:
    return line.amount + (0 if line.tax_included else line.tax)


class _Shop:
    """An order whose units come back bit by bit."""

    def __init__(self, sold: SoldOrder) -> None:
        (line,) = sold.lines
        self.sold = sold
        self.left = Creditable([Part(LINE, PartKind.SERVICE, "A", _gross(line), line.tax)])
        self.given: dict[OrderLineId, tuple[int, int]] = {}
        self.credited: Counter[str] = Counter()

    def ask(self, units: int) -> list[ReturnLine]:
        """A return that is asked for now and comes later."""
        return_id = ReturnId(UUID(int=4))
        wanted = [(LINE, units)]
        return returned_lines(self.sold, wanted, self.given, return_id, WHY, RandomIds())

    def receive(self, lines: list[ReturnLine]) -> tuple[int, int]:
        """What is given for the lines of a return that has come, and the tax of it."""
        (back,) = received_lines(self.sold, lines, self.given)
        amount, tax = back.amount.amount, back.tax.amount
        assert 0 <= tax <= amount
        before = self.given.get(LINE, (0, 0))
        self.given[LINE] = before[0] + amount, before[1] + tax
        (line,) = self.sold.lines
        after = replace(line, returned=line.returned + back.quantity)
        self.sold = replace(self.sold, lines=(after,))
        return amount, tax

    def credit(self, parts: tuple[Part, ...]) -> None:
        """What a credit note says; no part of it has more tax than amount."""
        for part in parts:
            assert 0 <= part.tax <= part.amount
            self.credited.update(amount=part.amount, tax=part.tax)
        self.left = self.left.without(parts)


@given(sold_lines(), st.data())
def test_any_split_of_returns_and_refunds_comes_to_the_whole(
    sold: SoldOrder, data: st.DataObject
) -> None:
    shop, (line,) = _Shop(sold), sold.lines
    sizes, units = [], line.quantity
    while units:
        sizes.append(data.draw(st.integers(1, units)))
        units -= sizes[-1]
    asked = data.draw(st.permutations([shop.ask(size) for size in sizes]))
    came, tax = 0, 0
    for lines in asked:
        if shop.left.left and data.draw(st.booleans()):
            shop.credit(shop.left.by_amount(data.draw(st.integers(1, shop.left.left))))
        amount, inside = shop.receive(lines)
        came, tax = came + amount, tax + inside
        shop.credit(shop.left.given_back([Part(LINE, PartKind.SERVICE, "A", amount, inside)]))
    assert (came, tax) == (_gross(line), line.tax)
    assert (shop.credited["amount"], shop.credited["tax"]) == (came, tax)


@given(sold_lines(), st.integers(0, 40))
def test_what_is_given_for_some_units_is_their_share(sold: SoldOrder, units: int) -> None:
    (line,) = sold.lines
    units = min(units, line.quantity)
    worth, tax = line.worth(units)
    off = abs(worth * line.quantity - _gross(line) * units)
    assert off < 2 * line.quantity
    assert abs(tax * line.quantity - line.tax * units) < 2 * line.quantity


def test_a_concession_bears_no_more_tax_than_it_comes_to() -> None:
    sold = Creditable([Part(LINE, PartKind.SERVICE, "A", 46, 41)])
    back = sold.given_back([Part(LINE, PartKind.SERVICE, "A", 23, 19)])
    (part,) = sold.without(back).by_amount(1)
    assert (part.amount, part.tax) == (1, 1)
