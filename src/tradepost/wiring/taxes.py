"""What tax an order bears: its rates from pricing, its rounding from the shop's settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tradepost.kernel.clock import business_date
from tradepost.ordering.domain import Channel, Draft, OrderLine
from tradepost.ordering.domain.terms import Assessed, Policy
from tradepost.platform.bus import Bound
from tradepost.pricing.domain import AppliedRate, SupplyKind, TaxLine, TaxTable, totals
from tradepost.pricing.storage import TaxBook
from tradepost.tenancy.domain import TenantProfile
from tradepost.wiring.prices import GUEST, Buyers
from tradepost.wiring.tax_places import Place, taxed_at

SHIPPING_CLASSES = ("shipping", "standard")
"""Fees for shipping and for paying at the door bear the rate of the first of these tax classes
that has one."""


class ShopTaxes:
    """Answers ordering's Taxes; a shop that charges no tax costs no statement."""

    def __init__(self, bound: Bound) -> None:
        self._book = TaxBook(bound.work)
        self._buyers = bound.get(Buyers)
        self._policy = bound.get(Policy)
        self._settings = bound.get(TenantProfile).settings
        self._rounding = self._settings.rounding

    async def assess(self, drafts: Sequence[Draft]) -> list[Assessed]:
        """The tax of each draft, by where it goes and the day it is placed."""
        if not self._settings.charges_tax:
            return [_nothing(draft) for draft in drafts]
        places = [taxed_at(draft.basket, self._policy, self._settings) for draft in drafts]
        table = await self._book.table({country for country, _ in places})
        if table.is_empty:
            return [_nothing(draft) for draft in drafts]
        if len(drafts) > 1:
            await self._know_buyers(drafts)
        return [
            await self._assessed(draft, place, table)
            for draft, place in zip(drafts, places, strict=True)
        ]

    async def _know_buyers(self, drafts: Sequence[Draft]) -> None:
        """What frees the buyers of a batch, in as many statements as for one of them."""
        customers = {one.basket.customer_id for one in drafts} - {None}
        standing = await self._buyers.of(customers)
        groups = {one.group_id for one in standing.values() if one.group_id is not None}
        await self._book.read_exemptions([one for one in customers if one], groups)

    async def _assessed(self, draft: Draft, place: Place, table: TaxTable) -> Assessed:
        basket, policy = draft.basket, self._policy
        day = business_date(basket.at, policy.time_zone, policy.cutoff_hour)
        if await self._is_exempt(draft, place[0], day):
            return _nothing(draft)
        lines = [_line(one, _rate(one, draft, place, day, table)) for one in draft.lines]
        rate = _shipping_rate(place, day, table)
        fees = [TaxLine(fee.amount, rate) for fee in (draft.fees.shipping, draft.fees.cod)]
        whole = totals([*lines, *fees], self._rounding, prices_include_tax=draft.tax_included)
        *taxed, shipping, cod = whole.lines
        ppms = tuple(one.rate.rate.ppm if one.rate else 0 for one in taxed)
        return Assessed(tuple(one.tax for one in taxed), ppms, shipping.tax, cod.tax)

    async def _is_exempt(self, draft: Draft, country: str, day: date) -> bool:
        customer_id = draft.basket.customer_id
        if customer_id is None:
            return False
        standing = (await self._buyers.of([customer_id])).get(customer_id, GUEST)
        if standing.tax_exempt:
            return True
        freed = await self._book.exemption(country, day, customer_id, standing.group_id)
        return freed is not None


def _nothing(draft: Draft) -> Assessed:
    return Assessed((0,) * len(draft.lines), (0,) * len(draft.lines))


def _line(line: OrderLine, rate: AppliedRate | None) -> TaxLine:
    units, rest = divmod(line.quantity - line.cancelled, line.price_per)
    return TaxLine(line.net.amount, rate, units if units and not rest else 1)


def _rate(
    line: OrderLine, draft: Draft, place: Place, day: date, table: TaxTable
) -> AppliedRate | None:
    country, region = place
    return table.rate(line.tax_class, country, day, _supply(line, draft), region)


def _supply(line: OrderLine, draft: Draft) -> SupplyKind:
    if line.fulfillment_type == "prepared":
        at_table = draft.basket.channel is Channel.TABLE
        return SupplyKind.EAT_IN if at_table else SupplyKind.TAKE_AWAY
    return SupplyKind.GOODS if line.fulfillment_type == "physical" else SupplyKind.SERVICE


def _shipping_rate(place: Place, day: date, table: TaxTable) -> AppliedRate | None:
    country, region = place
    rates = (
        table.rate(tax_class, country, day, SupplyKind.SERVICE, region)
        for tax_class in SHIPPING_CLASSES
    )
    return next((rate for rate in rates if rate is not None), None)
