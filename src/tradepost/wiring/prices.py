"""What an article costs this shopper: the catalogue's price, or that of a price list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tradepost.catalog.storage import Article, Articles
from tradepost.customers.storage import CUSTOMERS
from tradepost.kernel.clock import Clock, business_date
from tradepost.kernel.ids import CustomerGroupId, CustomerId, ProductId, VariantId
from tradepost.kernel.money import UnitPrice
from tradepost.ordering.domain import Channel
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.domain.quotes import Quotes
from tradepost.ordering.domain.terms import Policy, Quote
from tradepost.platform.bus import Bound
from tradepost.platform.db.work import Reader
from tradepost.pricing.domain import Buyer
from tradepost.pricing.storage import ListPrices
from tradepost.tenancy.domain import TenantProfile
from tradepost.wiring.looks import looks_of, named_in
from tradepost.wiring.sold_for import SoldFor, Terms
from tradepost.wiring.sold_from import SoldFrom


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a customer matters to prices and tax."""

    group_id: CustomerGroupId | None = None
    tax_exempt: bool = False


GUEST = Standing()


class Buyers:
    """How customers stand with the shop; looked up once in a work, for prices and for tax."""

    def __init__(self, bound: Bound) -> None:
        self._db: Reader = bound.work
        self._known: dict[CustomerId, Standing] = {}

    async def of(self, ids: Iterable[CustomerId | None]) -> dict[CustomerId, Standing]:
        """Those of the customers that there are; guests cost no statement."""
        wanted = {one for one in ids if one is not None} - self._known.keys()
        if wanted:
            for one in await CUSTOMERS.get_many(self._db, sorted(wanted)):
                self._known[one.id] = Standing(one.group_id, one.tax_exempt)
        return self._known


class GuestPrices:
    """Answers the catalogue's ShelfPrices: what lists give anybody on the web, today."""

    def __init__(self, bound: Bound) -> None:
        self._lists = ListPrices(bound.work)
        self._profile = bound.get(TenantProfile)
        self._now = bound.get(Clock).now  # type: ignore[type-abstract]  # a port
        self._currency = self._profile.default_currency

    async def of(self, variant_ids: Sequence[VariantId]) -> dict[VariantId, UnitPrice]:
        """The list prices in the shop's currency; no statement for no variants."""
        profile = self._profile
        cutoff = profile.settings.business_day_cutoff_hour
        day = business_date(self._now(), profile.time_zone, cutoff)
        buyer = Buyer(self._currency, day, Channel.WEB.value)
        agreed = await self._lists.of(variant_ids, buyer)
        return {key: one.price for key, one in agreed.items()}


class ShopPrices:
    """Answers ordering's PriceBook from the catalogue and pricing."""

    def __init__(self, bound: Bound) -> None:
        self._work = bound.work
        self._settings = bound.get(TenantProfile).settings
        self._articles = Articles(bound.work)
        self._sold_from = bound.get(SoldFrom)
        self._sold_for = bound.get(SoldFor)
        self._terms: Mapping[ProductId, Terms] = {}
        self._lists = ListPrices(bound.work)
        self._buyers = bound.get(Buyers)
        self._policy = bound.get(Policy)

    async def quotes(self, baskets: Sequence[Basket]) -> list[Quotes]:
        """Quotes by variant and by folded SKU: one statement for each way of naming.

        Price lists are asked where they name an article, and once for buyers that are alike.
        """
        await self._work.look_ahead(*looks_of(baskets, self._policy, self._settings))
        found = await self._found(baskets)
        here = await self._sold_from.sellable(found)
        self._terms = await self._sold_for.of(found)
        base = _named((one, self._quote(one, here)) for one in found)
        listed = [one for one in found if one.listed]
        if not listed:
            return [base] * len(baskets)
        standing = await self._buyers.of(basket.customer_id for basket in baskets)
        buyers = [self._buyer(basket, standing) for basket in baskets]
        quotes: dict[Buyer, Quotes] = {}
        for one in dict.fromkeys(buyers):
            quotes[one] = {**base, **await self._special(listed, here, one)}
        return [quotes[one] for one in buyers]

    async def _found(self, baskets: Sequence[Basket]) -> list[Article]:
        ids, keys = named_in(baskets)
        found: dict[VariantId, Article] = {}
        if ids:
            found = await self._articles.by_ids(ids)
        if keys:
            by_key = await self._articles.by_sku_keys(keys)
            found |= {one.variant_id: one for one in by_key.values()}
        return list(found.values())

    def _quote(self, one: Article, here: set[ProductId]) -> Quote:
        payable = one.unit_price.currency is self._policy.currency
        return self._quoted(one, one.unit_price, on_sale=payable and one.product_id in here)

    def _quoted(self, one: Article, price: UnitPrice, *, on_sale: bool) -> Quote:
        """A quote, under the terms of its vendor if it has one; what is unknown is not on sale."""
        terms = self._terms.get(one.product_id)
        sold = terms.sells if terms else one.vendor_id is None
        return quote_of(one, price, terms, on_sale=on_sale and one.is_offered and sold)

    def _buyer(self, basket: Basket, standing: dict[CustomerId, Standing]) -> Buyer:
        policy, customer_id = self._policy, basket.customer_id
        day = business_date(basket.at, policy.time_zone, policy.cutoff_hour)
        group_id = standing.get(customer_id, GUEST).group_id if customer_id else None
        place = basket.location_id
        return Buyer(policy.currency, day, basket.channel.value, place, group_id)

    async def _special(
        self, listed: Sequence[Article], here: set[ProductId], buyer: Buyer
    ) -> Quotes:
        """Quotes at list prices; these may be in a currency that the base price is not in."""
        prices = await self._lists.of([one.variant_id for one in listed], buyer)
        return _named(
            (one, self._quoted(one, agreed.price, on_sale=one.product_id in here))
            for one in listed
            if (agreed := prices.get(one.variant_id)) is not None
        )


def quote_of(
    article: Article, price: UnitPrice, terms: Terms | None = None, *, on_sale: bool
) -> Quote:
    """What ordering needs of an article."""
    return Quote(
        variant_id=article.variant_id,
        product_id=article.product_id,
        sku=article.sku,
        title=article.title,
        fulfillment_type=article.fulfillment_type.value,
        on_sale=on_sale,
        price_micros=price.micros,
        tax_class=article.tax_class,
        unit=article.sales_unit.unit.value,
        price_per=article.sales_unit.price_per,
        step=article.sales_unit.step,
        backorder=article.backorder,
        stocked=article.stocked,
        contract=terms.contract if terms else None,
        commission_ppm=terms.commission_ppm if terms else 0,
    )


def _named(quoted: Iterable[tuple[Article, Quote]]) -> dict[VariantId | str, Quote]:
    named: dict[VariantId | str, Quote] = {}
    for one, quote in quoted:
        named[one.variant_id] = named[one.sku_key] = quote
    return named
