"""Orders at the prices of their buyers and with the tax of their place, to the books."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.spine import Shop, open_shop
from tradepost.catalog.commands import CreateProduct, UpdateProduct
from tradepost.catalog.domain import ProductDetails, ProductStatus, VariantDraft
from tradepost.catalog.storage import Articles
from tradepost.customers.commands import CreateCustomer, CreateGroup
from tradepost.customers.commands.changing import TreatCustomer
from tradepost.customers.domain.customer import Contact
from tradepost.inventory.commands.goods import ReceiveStock
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.kernel.ids import CustomerId, LocationId, ProductId
from tradepost.ledger.queries import trial_balance
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.commands.change import ChangeOrder
from tradepost.ordering.domain import Address, Channel, Delivery, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.errors import NotOnSale, PriceChanged
from tradepost.platform.bus import Wish
from tradepost.platform.db.work import Reader, Store
from tradepost.pricing.commands import (
    CreatePriceList,
    CreateTaxRate,
    GrantTaxExemption,
    SetListPrices,
)
from tradepost.pricing.domain import ExemptionDraft, ListPriceLine, PriceListDraft, TaxRateDraft
from tradepost.tenancy.commands import ChangeTenant
from tradepost.wiring.parts import build_bus

LEEDS = Address(country="GB", city="Leeds")
BERLIN = Address(country="DE", city="Berlin")
LONG_AGO, LATER = date(2000, 1, 1), datetime.now(UTC).date() + timedelta(days=2)


async def place(shop: Shop, sku: str, quantity: int = 1, **basket: Any) -> Any:
    """An order of some of one article, to Leeds unless said otherwise."""
    wanted = Basket(lines=(Wanted(quantity, sku=sku),), ship_to=LEEDS)
    return await shop.bus.send(shop.scope, PlaceOrder(replace(wanted, **basket)))


async def rate(shop: Shop, country: str, ppm: int, tax_class: str = "standard") -> None:
    """A tax rate."""
    draft = TaxRateDraft(tax_class, country, ppm, f"{country} {tax_class}")
    await shop.bus.send(shop.scope, CreateTaxRate(draft))


async def listed(shop: Shop, variant_id: Any, price: int, **draft: Any) -> None:
    """A price list with one price."""
    wish = CreatePriceList(PriceListDraft(**{"name": "L", "currency": "GBP", **draft}))
    made = await shop.bus.send(shop.scope, wish)
    lines = (ListPriceLine(variant_id, price),)
    await shop.bus.send(shop.scope, SetListPrices(made.price_list_id, lines, 1))


async def customer(shop: Shop, code: str, **more: Any) -> CustomerId:
    """A customer of the shop."""
    made = await shop.bus.send(shop.scope, CreateCustomer(Contact(company=code), **more))
    return CustomerId(made)


async def product_of(db: Reader, sku: str) -> ProductId:
    """The product of an article."""
    return (await Articles(db).by_skus([sku]))[sku].product_id


async def owed(shop: Shop) -> dict[str, int]:
    """What stands on every account of the books, debits less credits."""
    standing: Counter[str] = Counter()
    for row in await shop.bus.ask(shop.scope, trial_balance, LONG_AGO, LATER):
        standing[row.account] += row.debits - row.credits
    return dict(standing)


async def test_tax_follows_the_destination_and_is_booked(store: Store) -> None:
    shop = await open_shop(
        store, charges_tax=True, prices_include_tax=False, shipping_fee_amount=500
    )
    await shop.article("lamp", "12.50", stock=9)
    await rate(shop, "GB", 200_000)
    await rate(shop, "DE", 190_000)
    await rate(shop, "DE", 70_000, "shipping")
    home = await place(shop, "lamp", 2)
    assert (home.subtotal, home.shipping, home.tax, home.total) == (2500, 500, 600, 3600)
    abroad = await place(shop, "lamp", 2, ship_to=BERLIN)
    assert (abroad.tax, abroad.total) == (475 + 35, 3510)
    nowhere = await place(shop, "lamp", 2, ship_to=Address(country="FR"))
    assert (nowhere.tax, nowhere.total) == (0, 3000)
    assert await owed(shop) == {
        "receivable": 3600 + 3510 + 3000,
        "revenue.goods": -7500,
        "shipping_income": -1500,
        "tax_payable": -1110,
    }


async def test_tax_inside_of_prices_changes_no_total(store: Store) -> None:
    shop = await open_shop(store, charges_tax=True, prices_include_tax=True, tax_country="GB")
    await shop.article("lamp", "12.00", stock=9)
    await rate(shop, "GB", 200_000)
    placed = await place(shop, "lamp", 2)
    assert (placed.tax, placed.total) == (400, 2400)
    fetched = await place(shop, "lamp", delivery=Delivery.PICKUP, ship_to=BERLIN)
    assert (fetched.tax, fetched.total) == (200, 1200), "fetched goods bear the seller's tax"


@pytest.mark.parametrize(("level", "tax"), [("unit", 9), ("line", 9), ("rate", 8)])
async def test_the_shop_says_where_tax_is_rounded(store: Store, level: str, tax: int) -> None:
    shop = await open_shop(store, charges_tax=True, prices_include_tax=False, rounding_level=level)
    for sku in ("a", "b", "c"):
        await shop.article(sku, "0.32", stock=1)
    await rate(shop, "GB", 78_200)  # 2.5024 pence each, 7.5072 together
    basket = Basket(lines=tuple(Wanted(1, sku=sku) for sku in "abc"), ship_to=LEEDS)
    placed = await shop.bus.send(shop.scope, PlaceOrder(basket))
    assert (placed.tax, placed.total) == (tax, 96 + tax)


async def test_who_is_exempt_bears_no_tax(store: Store) -> None:
    shop = await open_shop(store, charges_tax=True, prices_include_tax=False)
    await shop.article("lamp", "10.00", stock=9)
    await rate(shop, "GB", 200_000)
    plain, embassy, charity = [await customer(shop, code) for code in ("C1", "C2", "C3")]
    await shop.bus.send(shop.scope, TreatCustomer(charity, 1, tax_exempt=True))
    assert (await place(shop, "lamp", customer_id=charity)).tax == 0
    assert (await place(shop, "lamp", customer_id=plain)).tax == 200
    await shop.bus.send(shop.scope, GrantTaxExemption(ExemptionDraft("embassy", embassy)))
    assert (await place(shop, "lamp", customer_id=embassy)).tax == 0
    assert (await place(shop, "lamp", customer_id=plain)).tax == 200


async def test_a_changed_order_bears_tax_on_what_is_left(store: Store) -> None:
    shop = await open_shop(store, charges_tax=True, prices_include_tax=False)
    await shop.article("lamp", "10.00", stock=9)
    await rate(shop, "GB", 200_000)
    placed = await place(shop, "lamp", 3)
    line_id = await shop.first_line_of(placed.order_id)
    less = ChangeOrder(placed.order_id, placed.version, call_off=((line_id, 2),))
    changed = await shop.bus.send(shop.scope, less)
    assert (changed.tax, changed.total) == (200, 1200)
    assert await owed(shop) == {
        "receivable": 1200,
        "revenue.goods": -1000,
        "tax_payable": -200,
    }


@pytest.mark.parametrize("inside", [True, False])
async def test_a_changed_order_keeps_its_prices_as_they_were_agreed(
    store: Store, *, inside: bool
) -> None:
    shop = await open_shop(store, charges_tax=True, prices_include_tax=inside)
    await shop.article("lamp", "12.00", stock=9)
    await rate(shop, "GB", 200_000)
    placed = await place(shop, "lamp", 3)
    await shop.bus.send(shop.scope, ChangeTenant(3, settings={"prices_include_tax": not inside}))
    shop.bus = build_bus(store)  # knows of no settings yet
    line_id = await shop.first_line_of(placed.order_id)
    less = ChangeOrder(placed.order_id, placed.version, call_off=((line_id, 2),))
    changed = await shop.bus.send(shop.scope, less)
    assert (changed.tax, changed.total) == ((200, 1200) if inside else (240, 1440))
    assert (await owed(shop))["receivable"] == changed.total


async def test_each_buyer_of_a_batch_pays_their_own_price(store: Store) -> None:
    shop = await open_shop(store)
    lamp = await shop.article("lamp", "10.00", stock=9)
    group = await shop.bus.send(shop.scope, CreateGroup("trade", "Trade"))
    trader = await customer(shop, "T1", group_id=group)
    someone = await customer(shop, "S1")
    await listed(shop, lamp, 8_000_000, customer_group_id=group)
    await listed(shop, lamp, 9_000_000, channel="counter")
    basket = Basket(lines=(Wanted(1, sku="LAMP"),), ship_to=LEEDS)
    baskets = [
        basket,
        replace(basket, customer_id=trader),
        replace(basket, channel=Channel.COUNTER),
        replace(basket, customer_id=someone),
        replace(basket, customer_id=trader, lines=(Wanted(1, lamp),)),
    ]
    placed = await shop.bus.send_all(shop.scope, [Wish(PlaceOrder(one)) for one in baskets])
    assert [one.total for one in placed] == [1000, 800, 900, 1000, 800]
    with pytest.raises(PriceChanged):
        await place(shop, "lamp", customer_id=trader, expected_total=1000)


async def test_a_list_sells_what_is_priced_in_another_currency(store: Store) -> None:
    shop = await open_shop(store)
    draft = VariantDraft("hut", 10_000_000)
    wish = CreateProduct(ProductDetails("Hut"), "EUR", (draft,), ProductStatus.ACTIVE)
    made = await shop.bus.send(shop.scope, wish)
    with pytest.raises(NotOnSale):
        await place(shop, "hut")
    await listed(shop, made.variants[0].variant_id, 9_000_000)
    goods = (GoodsLine(made.variants[0].variant_id, 1),)
    await shop.bus.send(shop.scope, ReceiveStock(shop.location_id, goods))
    assert (await place(shop, "hut")).total == 900


async def test_what_is_offered_elsewhere_is_not_on_sale_here(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("lamp", "10.00", stock=9)
    found = await shop.bus.ask(shop.scope, product_of, "lamp")
    away = ProductDetails("Lamp", location_ids=(LocationId(uuid4()),))
    await shop.bus.send(shop.scope, UpdateProduct(found, away, 1))
    with pytest.raises(NotOnSale):
        await place(shop, "lamp")
    here = ProductDetails("Lamp", location_ids=(shop.location_id,))
    await shop.bus.send(shop.scope, UpdateProduct(found, here, 2))
    assert (await place(shop, "lamp")).total == 1000
