"""A changed order: what is kept stays as it was agreed, and the whole of it keeps to the limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.spine import Shop, open_shop
from tests.journeys.test_order import HOME
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import OrderId, OrderLineId
from tradepost.kernel.messages import Actor, Scope
from tradepost.ordering.commands import ChangeOrder, PlaceOrder
from tradepost.ordering.domain import OrderLine, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.errors import AddressMissing, OrderTooSmall, TooManyLines, TooMuchOfOne
from tradepost.ordering.storage.orders import SqlOrders
from tradepost.platform.db.work import Store, Work
from tradepost.pricing.commands import CreateTaxRate
from tradepost.pricing.domain import TaxRateDraft
from tradepost.tenancy.commands import ChangeTenant
from tradepost.wiring.doctor import LAWS, Visit, examine
from tradepost.wiring.parts import build_bus

TODAY = datetime.now(UTC)
LATER = TODAY + timedelta(days=3)
BOOKS = [law for law in LAWS if law.name.startswith(("ledger.", "orders."))]


async def _rates(shop: Shop) -> None:
    """20 % until tomorrow, 10 % from then on; nobody else's tax is touched."""
    turn = TODAY.date() + timedelta(days=1)
    old = TaxRateDraft("standard", "GB", 200_000, "VAT", date(2020, 1, 1), turn)
    new = TaxRateDraft("standard", "GB", 100_000, "VAT", turn + timedelta(days=1))
    for draft in (old, new):
        await shop.bus.send(shop.scope, CreateTaxRate(draft))


async def _placed(shop: Shop, *wanted: tuple[str, int], scope: Scope | None = None) -> Any:
    lines = tuple(Wanted(units, sku=sku) for sku, units in wanted)
    wish = PlaceOrder(Basket(lines=lines, ship_to=HOME))
    return await shop.bus.send(scope or shop.scope, wish)


async def _lines(shop: Shop, order_id: OrderId) -> list[OrderLine]:
    async def read(work: Work) -> list[OrderLine]:
        return (await SqlOrders(work).lines([order_id]))[order_id]

    return await shop.bus.within(shop.scope, read)


async def _taxes(shop: Shop, order_id: OrderId) -> list[tuple[int, int]]:
    return [(one.tax.amount, one.tax_ppm) for one in await _lines(shop, order_id)]


async def _change(
    shop: Shop, order_id: OrderId, version: int, off: tuple[OrderLineId, int] | None, *more: str
) -> Any:
    added = tuple(Wanted(1, sku=sku) for sku in more)
    wish = ChangeOrder(order_id, version, (off,) if off else (), added, at=LATER)
    return await shop.bus.send(shop.scope, wish)


async def _check(shop: Shop) -> None:
    report = await examine(shop.bus.store, BOOKS, [Visit(shop.scope.tenant_id, "shop")])
    assert report.breaches == []


@pytest.mark.parametrize("level", ["unit", "line", "rate"])
@pytest.mark.parametrize("inside", [True, False], ids=["inside", "on_top"])
async def test_kept_lines_keep_their_rates_and_added_ones_bear_todays(
    store: Store, level: str, *, inside: bool
) -> None:
    shop = await open_shop(
        store,
        charges_tax=True,
        prices_include_tax=inside,
        rounding_level=level,
        shipping_fee_amount=600,
        free_shipping_from_amount=5000,
    )
    for sku, price in (("tea", "3.33"), ("jam", "2.05"), ("cup", "12.00")):
        await shop.article(sku, price, stock=9)
    await _rates(shop)
    placed = await _placed(shop, ("tea", 3), ("jam", 2))
    before = await _taxes(shop, placed.order_id)
    shipping_tax = placed.tax - sum(tax for tax, _ in before)
    assert shipping_tax == (100 if inside else 120)
    tea, _ = await _lines(shop, placed.order_id)
    await _change(shop, placed.order_id, 1, (tea.id, 1), "cup")
    after = await _taxes(shop, placed.order_id)
    kept = (2 * before[0][0] + 1) // 3, 200_000
    assert after == [kept, before[1], (109 if inside else 120, 100_000)]
    changed = await _change(shop, placed.order_id, 2, (tea.id, 2))
    assert await _taxes(shop, placed.order_id) == [(0, 200_000), *after[1:]]
    assert changed.tax == before[1][0] + after[2][0] + shipping_tax
    await _check(shop)


async def test_a_fee_that_a_change_brings_bears_todays_rate(store: Store) -> None:
    shop = await open_shop(
        store,
        charges_tax=True,
        prices_include_tax=False,
        shipping_fee_amount=600,
        free_shipping_from_amount=2000,
    )
    await shop.article("cup", "10.00", stock=9)
    await shop.article("pin", "1.00", stock=9)
    await _rates(shop)
    placed = await _placed(shop, ("cup", 2))
    assert (placed.shipping, placed.tax) == (0, 400)
    (cup,) = await _lines(shop, placed.order_id)
    other = await _change(shop, placed.order_id, 1, (cup.id, 1), "pin")
    assert (other.shipping, other.tax) == (600, 200 + 10 + 60)
    await _check(shop)


@pytest.mark.parametrize(("cups", "agreed"), [(4, 0), (2, 600)], ids=["free", "with_a_fee"])
async def test_a_change_that_adds_nothing_keeps_the_agreed_fee(
    store: Store, cups: int, agreed: int
) -> None:
    shop = await open_shop(store, shipping_fee_amount=600, free_shipping_from_amount=4000)
    await shop.article("cup", "10.00", stock=9)
    await shop.article("advice", "1.00", service=True)
    placed = await _placed(shop, ("cup", cups), ("advice", 1))
    assert placed.shipping == agreed
    cup, _ = await _lines(shop, placed.order_id)
    assert (await _change(shop, placed.order_id, 1, (cup.id, 1))).shipping == agreed
    today = {"shipping_fee_amount": 777, "free_shipping_from_amount": None}
    await shop.bus.send(shop.scope, ChangeTenant(3, settings=today))
    shop = replace(shop, bus=build_bus(store))
    if cups > 2:
        less = await _change(shop, placed.order_id, 2, (cup.id, cups - 2))
        assert less.shipping == agreed
    await _check(shop)
    version = 3 if cups > 2 else 2
    more = ChangeOrder(placed.order_id, version, add=(Wanted(1, sku="advice"),))
    assert (await shop.bus.preview(shop.scope, more)).shipping == 777, "the fee of today"
    none = await _change(shop, placed.order_id, version, (cup.id, 1))
    assert none.shipping == 0, "nothing is left to ship"
    await _check(shop)


async def test_tax_called_off_unit_by_unit_is_all_called_off(store: Store) -> None:
    shop = await open_shop(store, charges_tax=True, prices_include_tax=False)
    await shop.article("pin", "0.07", stock=50)
    await shop.article("cup", "10.00", stock=9)
    await _rates(shop)
    placed = await _placed(shop, ("pin", 20), ("cup", 1))
    pin, _ = await _lines(shop, placed.order_id)
    taxes = [28]
    for version in range(1, 21):
        await _change(shop, placed.order_id, version, (pin.id, 1))
        taxes.append((await _taxes(shop, placed.order_id))[0][0])
    assert taxes[-1] == 0
    assert taxes == sorted(taxes, reverse=True)
    assert all(abs(tax - (20 - gone) * 1.4) <= 0.5 for gone, tax in enumerate(taxes)), taxes
    await _check(shop)


async def test_the_limits_are_those_of_the_whole_changed_order(store: Store) -> None:
    shop = await open_shop(store, lines_per_order_max=3, quantity_per_line_max=5)
    for sku in ("a", "b", "c", "d"):
        await shop.article(sku, "1.00", stock=99)
    placed = await _placed(shop, ("a", 4), ("b", 1))
    first, second = await _lines(shop, placed.order_id)

    async def add(*more: tuple[str, int], off: tuple[OrderLineId, int] | None = None) -> Any:
        added = tuple(Wanted(units, sku=sku) for sku, units in more)
        wish = ChangeOrder(placed.order_id, 1, (off,) if off else (), added)
        return await shop.bus.preview(shop.scope, wish)

    for more, refusal in (
        ((("a", 2),), TooMuchOfOne),
        ((("c", 1), ("d", 1)), TooManyLines),
    ):
        with pytest.raises(refusal):
            await add(*more)
    assert (await add(("a", 1), off=(second.id, 1))).total == 500
    assert (await add(("a", 5), off=(first.id, 4))).total == 600
    assert (await add(("c", 1), ("d", 1), off=(second.id, 1))).total == 600


async def test_what_shoppers_have_to_order_at_least_is_held_against_the_whole(
    store: Store,
) -> None:
    shop = await open_shop(store, order_amount_min=500)
    await shop.article("a", "1.00", stock=99)
    shopper = Scope(shop.scope.tenant_id, Actor("customer"))
    placed = await _placed(shop, ("a", 6), scope=shopper)
    (line,) = await _lines(shop, placed.order_id)
    more = ChangeOrder(placed.order_id, 1, add=(Wanted(1, sku="a"),))
    assert (await shop.bus.preview(shopper, more)).total == 700
    less = ChangeOrder(placed.order_id, 1, ((line.id, 2),))
    with pytest.raises(OrderTooSmall):
        await shop.bus.preview(shopper, less)
    assert (await shop.bus.preview(shop.scope, less)).total == 400, "staff may"


async def test_goods_added_to_an_order_without_an_address_want_one(store: Store) -> None:
    shop = await open_shop(store, charges_tax=True, prices_include_tax=False, tax_country="GB")
    await shop.article("advice", "10.00", service=True)
    await shop.article("cup", "3.00", stock=9)
    await _rates(shop)
    wish = PlaceOrder(Basket(lines=(Wanted(1, sku="advice"),)))
    placed = await shop.bus.send(shop.scope, wish)
    assert placed.tax == 200
    with pytest.raises(AddressMissing):
        await _change(shop, placed.order_id, 1, None, "cup")
    assert (await _change(shop, placed.order_id, 1, None, "advice")).tax == 200 + 100
    await _check(shop)


async def test_an_added_article_is_refused_as_an_ordered_one_is(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("cup", "3.00", stock=2)
    placed = await _placed(shop, ("cup", 1))
    wish = ChangeOrder(placed.order_id, 1, add=(Wanted(1, sku="cup"),))
    for bad in (Wanted(0, sku="cup"), Wanted(1, sku="none"), Wanted(2, sku="cup")):
        with pytest.raises(Refusal):
            await shop.bus.send(shop.scope, replace(wish, add=(bad,)))
    assert (await shop.bus.send(shop.scope, wish)).total == 600


@pytest.mark.parametrize(("level", "total"), [("unit", 21), ("line", 18), ("rate", 18)])
async def test_the_shop_says_whether_a_price_is_rounded_or_a_line(
    store: Store, level: str, total: int
) -> None:
    shop = await open_shop(store, rounding_level=level)
    await shop.article("pin", "1.00", stock=20)
    lines = (Wanted(7, sku="pin", agreed_price_micros=26_000),)  # 2.6 pence each
    wish = PlaceOrder(Basket(lines=lines, ship_to=HOME))
    placed = await shop.bus.send(shop.scope, wish)
    assert placed.total == total
    (pin,) = await _lines(shop, placed.order_id)
    less = await _change(shop, placed.order_id, 1, (pin.id, 2))
    assert less.total == {21: 15, 18: 13}[total]
    await _check(shop)
