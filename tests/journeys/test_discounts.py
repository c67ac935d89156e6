"""What is taken off: shared to the last unit, taxed on what is left, given back as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.journeys.spine import Shop, open_shop
from tests.journeys.test_changes import _change, _check, _lines, _rates
from tests.journeys.test_order import HOME
from tradepost.kernel.errors import MayNot
from tradepost.kernel.messages import Actor
from tradepost.ordering.commands import CancelOrder, PlaceOrder
from tradepost.ordering.domain import Channel, Delivery, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.errors import BadDiscount, NotSoldThere, SoldOut
from tradepost.ordering.queries import order_page
from tradepost.platform.db.work import Store
from tradepost.tenancy.commands import CreateLocation

TEA, JAM, CUP = "tea", "jam", "cup"
BASKET = Basket(
    lines=(Wanted(3, sku=TEA), Wanted(2, sku=JAM), Wanted(1, sku=CUP, discount=200)),
    ship_to=HOME,
    discount=100,
)


async def _shop(store: Store, **settings: Any) -> Shop:
    shop = await open_shop(store, **{"charges_tax": True, **settings})
    for sku, price in ((TEA, "3.33"), (JAM, "2.05"), (CUP, "12.00")):
        await shop.article(sku, price, stock=9)
    await _rates(shop)
    return shop


async def _place(shop: Shop, basket: Basket) -> Any:
    return await shop.bus.send(shop.scope, PlaceOrder(basket))


@pytest.mark.parametrize("level", ["unit", "line", "rate"])
@pytest.mark.parametrize("inside", [True, False], ids=["inside", "on_top"])
async def test_a_discount_is_shared_by_what_lines_come_to_and_tax_is_on_the_rest(
    store: Store, level: str, *, inside: bool
) -> None:
    shop = await _shop(store, prices_include_tax=inside, rounding_level=level)
    placed = await _place(shop, BASKET)
    view = await shop.bus.ask(shop.scope, order_page, placed.order_id)
    # 999, 410 and 1200 - 200 share 100: 41.47, 17.02 and 41.51
    assert [line.discount for line in view.lines] == [41, 17, 242]
    assert (view.subtotal, view.discount) == (2609, 300)
    whole = 2309 if inside else 2309 + view.tax
    assert view.total == whole + view.shipping
    assert 0 < view.tax < placed.total
    await _check(shop)


async def test_units_called_off_take_their_part_of_the_discount_with_them(store: Store) -> None:
    shop = await _shop(store, charges_tax=False)
    placed = await _place(shop, BASKET)
    tea, _, _ = await _lines(shop, placed.order_id)
    less = await _change(shop, placed.order_id, 1, (tea.id, 1))
    tea, jam, cup = await _lines(shop, placed.order_id)
    assert [one.discount.amount for one in (tea, jam, cup)] == [27, 17, 242]
    assert (less.subtotal, less.discount, less.total) == (2276, 286, 1990 + less.shipping)
    await _change(shop, placed.order_id, 2, (tea.id, 2))
    gone, _, _ = await _lines(shop, placed.order_id)
    assert (gone.amount.amount, gone.discount.amount) == (0, 0)
    await _check(shop)
    await shop.bus.send(shop.scope, CancelOrder(placed.order_id))
    await _check(shop)


async def test_no_more_is_taken_off_than_there_is_and_only_by_permission(store: Store) -> None:
    shop = await _shop(store, charges_tax=False)
    nobody = replace(shop.scope, actor=Actor("staff", permissions=frozenset({"orders.place"})))
    for wrong in (
        replace(BASKET, discount=2410),
        replace(BASKET, discount=-1),
        replace(BASKET, lines=(Wanted(1, sku=TEA, discount=334),), discount=0),
        replace(BASKET, lines=(Wanted(1, sku=TEA, discount=-1),), discount=0),
    ):
        with pytest.raises(BadDiscount):
            await _place(shop, wrong)
    for one in (replace(BASKET, discount=0), replace(BASKET, lines=(Wanted(1, sku=TEA),))):
        with pytest.raises(MayNot):
            await shop.bus.send(nobody, PlaceOrder(one))
    free = await _place(shop, replace(BASKET, discount=2409, delivery=Delivery.PICKUP))
    assert (free.discount, free.total) == (2609, 0)
    await _check(shop)


async def test_an_order_of_a_place_is_sold_from_there_alone(store: Store) -> None:
    shop = await _shop(store, charges_tax=False, payment_methods=["bank_transfer"])
    other = await shop.bus.send(shop.scope, CreateLocation(shop.store_id, "far", "Far"))
    at_till = Basket(
        lines=(Wanted(2, sku=TEA),),
        channel=Channel.COUNTER,
        delivery=Delivery.PICKUP,
        payment_method="cash",
        location_id=shop.location_id,
    )
    placed = await _place(shop, at_till)
    view = await shop.bus.ask(shop.scope, order_page, placed.order_id)
    assert (view.location_id, view.shipping, view.status) == (
        shop.location_id,
        0,
        "pending_payment",
    )
    with pytest.raises((SoldOut, NotSoldThere)):
        await _place(shop, replace(at_till, location_id=other))
    await _check(shop)
