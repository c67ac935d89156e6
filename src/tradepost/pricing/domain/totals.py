"""How a document adds up: one function for till, server and receipt.

All amounts are minor units of one currency, whatever its decimals. Whatever the level of rounding,
the lines' net, tax and gross add up to those of their rates, and these to what is charged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat

from tradepost.kernel.money import (
    Rate,
    RoundingLevel,
    RoundingMode,
    RoundingPolicy,
    UnitPrice,
    priced_minor_units,
    tax_included,
    tax_on,
)
from tradepost.kernel.money.rate import WHOLE
from tradepost.kernel.quantity import SalesUnit
from tradepost.pricing.domain.tax import AppliedRate


@dataclass(frozen=True, slots=True)
class TaxLine:
    """A line's amount after discounts, net or gross as the document's prices are.

    ``units`` is how many units it is for, where each unit's tax is rounded; goods sold by weight
    count as one. Without a rate the line bears no tax.
    """

    amount: int
    rate: AppliedRate | None = None
    units: int = 1


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its tax: net + tax = gross."""

    net: int
    tax: int
    gross: int
    rate: AppliedRate | None


@dataclass(frozen=True, slots=True)
class RateTotal:
    """What all lines of one rate add up to; the lines without tax have a row of their own."""

    rate: AppliedRate | None
    net: int
    tax: int
    gross: int


@dataclass(frozen=True, slots=True)
class Totals:
    """A document added up: lines in the order given, rates in order of their first line."""

    lines: tuple[PricedLine, ...]
    rates: tuple[RateTotal, ...]
    net: int
    tax: int
    gross: int


def line_amount(
    unit_price: UnitPrice, quantity: int, sales_unit: SalesUnit, policy: RoundingPolicy
) -> int:
    """Price times quantity in minor units, as the policy says."""
    price, per = unit_price, sales_unit.price_per
    return priced_minor_units(price.micros, quantity, price.currency, policy, per)


def totals(lines: Sequence[TaxLine], policy: RoundingPolicy, *, prices_include_tax: bool) -> Totals:
    """Tax of every line and rate by the declared policy, adding up at every level.

    At the rate level each rate's sum is rounded once and its lines share the tax by largest
    remainder, of equal remainders the first in order.
    """
    groups = _by_rate(lines)
    if not groups.keys() - {None}:
        return _untaxed(lines)
    taxes = [0] * len(lines)
    for rate, places in groups.items():
        if rate is not None:
            group = [lines[place] for place in places]
            shares = _taxes_of(group, rate.rate, policy, included=prices_include_tax)
            for place, tax in zip(places, shares, strict=True):
                taxes[place] = tax
    priced = tuple(map(_priced, lines, taxes, repeat(prices_include_tax)))
    rates = tuple(_total(rate, [priced[i] for i in places]) for rate, places in groups.items())
    net, tax = sum(one.net for one in rates), sum(one.tax for one in rates)
    return Totals(priced, rates, net, tax, net + tax)


def _by_rate(lines: Sequence[TaxLine]) -> dict[AppliedRate | None, list[int]]:
    groups: dict[AppliedRate | None, list[int]] = {}
    for place, line in enumerate(lines):
        groups.setdefault(line.rate, []).append(place)
    return groups


def _untaxed(lines: Sequence[TaxLine]) -> Totals:
    priced = tuple(PricedLine(one.amount, 0, one.amount, None) for one in lines)
    whole = sum(one.amount for one in lines)
    rates = (RateTotal(None, whole, 0, whole),) if priced else ()
    return Totals(priced, rates, whole, 0, whole)


def _priced(line: TaxLine, tax: int, included: bool) -> PricedLine:
    net = line.amount - tax if included else line.amount
    return PricedLine(net, tax, net + tax, line.rate)


def _total(rate: AppliedRate | None, lines: Sequence[PricedLine]) -> RateTotal:
    net, tax = sum(one.net for one in lines), sum(one.tax for one in lines)
    return RateTotal(rate, net, tax, net + tax)


_Taxed = Callable[[int, Rate, RoundingMode], int]


def _taxes_of(
    lines: Sequence[TaxLine], rate: Rate, policy: RoundingPolicy, *, included: bool
) -> list[int]:
    """The tax of each line of one rate."""
    taxed: _Taxed = tax_included if included else tax_on
    if policy.level is RoundingLevel.LINE:
        return [taxed(one.amount, rate, policy.mode) for one in lines]
    if policy.level is RoundingLevel.UNIT:
        return [_tax_by_units(one, rate, policy.mode, taxed) for one in lines]
    whole = taxed(sum(one.amount for one in lines), rate, policy.mode)
    return _shared(whole, [one.amount for one in lines], rate, included=included)


def _tax_by_units(line: TaxLine, rate: Rate, mode: RoundingMode, taxed: _Taxed) -> int:
    """Tax rounded for each unit; units that a discount left unequal differ by one minor unit."""
    sign = -1 if line.amount < 0 else 1
    each, dearer = divmod(abs(line.amount), line.units)
    tax = (line.units - dearer) * taxed(each, rate, mode)
    if dearer:
        tax += dearer * taxed(each + 1, rate, mode)
    return sign * tax


def _shared(whole: int, amounts: Sequence[int], rate: Rate, *, included: bool) -> list[int]:
    """A rate's tax on its lines: each its exact tax cut down, the rest by largest remainder.

    Lines may differ in sign, so remainders are taken from the floor: then what is left over is
    never less than nothing nor more than the lines that have a remainder.
    """
    sign = -1 if sum(amounts) < 0 else 1
    base = WHOLE + rate.ppm if included else WHOLE
    exact = [sign * amount * rate.ppm for amount in amounts]
    shares = [one // base for one in exact]
    left = sign * whole - sum(shares)
    by_rest = sorted(range(len(exact)), key=lambda place: exact[place] % base, reverse=True)
    for place in by_rest[:left]:
        shares[place] += 1
    return [sign * share for share in shares]
