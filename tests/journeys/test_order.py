"""One order from the shelf to the books, on both stores."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.journeys.spine import open_shop
from tradepost.fulfillment.commands import ShipOrder, TakeBack
from tradepost.fulfillment.commands.take_back import GivenBack
from tradepost.kernel.errors import MayNot, Stale
from tradepost.kernel.messages import Actor, Scope
from tradepost.ledger.queries import totals_by_code, trial_balance
from tradepost.ordering.commands import AddToCart, CancelOrder, CompleteOrder, OpenCart, PlaceOrder
from tradepost.ordering.commands.cart import ChooseInCart
from tradepost.ordering.commands.change import ChangeOrder
from tradepost.ordering.domain import Address, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.errors import NotPaid, SoldOut
from tradepost.platform.bus import Wish
from tradepost.platform.db.work import Store

HOME = Address(country="GB", name="A. Shopper", line1="1 High Street", city="Leeds")
LONG_AGO, LATER = date(2000, 1, 1), datetime.now(UTC).date() + timedelta(days=2)


async def test_an_order_travels_from_the_cart_to_the_door(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("lamp", "12.50", stock=3)
    cart = await shop.bus.send(shop.scope, OpenCart())
    await shop.bus.send(shop.scope, AddToCart(cart.cart_id, 2, sku="LAMP"))
    choices = ChooseInCart(cart.cart_id, "me@example.com", HOME, payment_method="cod")
    await shop.bus.send(shop.scope, choices)
    wish = PlaceOrder(Basket(cart_id=cart.cart_id))
    placed = await shop.bus.send(shop.scope, wish, key="checkout-0000001")
    assert (placed.number, placed.status, placed.total) == (1001, "pending_shipment", 2500)
    assert await shop.bus.send(shop.scope, wish, key="checkout-0000001") == placed
    assert await shop.bus.send(shop.scope, wish, key="another-key-00001") == placed
    with pytest.raises(SoldOut) as refused:
        await shop.bus.send(
            shop.scope, PlaceOrder(Basket(lines=(Wanted(2, sku="lamp"),), ship_to=HOME))
        )
    assert refused.value.facts() == {"sku": "lamp", "wanted": 2, "available": 1}
    shipped = await shop.bus.send(shop.scope, ShipOrder(placed.order_id))
    assert shipped.state == "shipped"
    with pytest.raises(NotPaid):
        await shop.bus.send(shop.scope, CompleteOrder(placed.order_id))
    totals = await shop.bus.ask(shop.scope, totals_by_code, LONG_AGO, LATER)
    assert [(one.code, one.amount) for one in totals] == [("sale", 2500)]


async def test_many_orders_at_once_take_the_last_units_in_order_of_arrival(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("mug", "4.00", stock=5)
    wish = PlaceOrder(Basket(lines=(Wanted(2, sku="mug"),), ship_to=HOME))
    answers = await shop.bus.send_all(shop.scope, [Wish(wish) for _ in range(4)])
    numbers = [getattr(answer, "number", answer.__class__) for answer in answers]
    assert numbers == [1001, 1002, SoldOut, SoldOut]


async def test_a_cancelled_order_gives_everything_back(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("hat", "30.00", stock=1)
    wish = PlaceOrder(Basket(lines=(Wanted(1, sku="hat"),), ship_to=HOME))
    placed = await shop.bus.send(shop.scope, wish)
    gone = await shop.bus.send(shop.scope, CancelOrder(placed.order_id, version=1))
    assert gone.status == "cancelled"
    again = await shop.bus.send(shop.scope, wish)
    assert again.number == 1002
    rows = await shop.bus.ask(shop.scope, trial_balance, LONG_AGO, LATER)
    assert sum(row.debits - row.credits for row in rows if row.account == "receivable") == 3000


async def test_an_order_is_changed_before_it_leaves_and_a_preview_changes_nothing(
    store: Store,
) -> None:
    shop = await open_shop(store)
    await shop.article("tea", "5.00", stock=4)
    jam = await shop.article("jam", "3.00", stock=1)
    basket = Basket(lines=(Wanted(3, sku="tea"),), ship_to=HOME)
    placed = await shop.bus.send(shop.scope, PlaceOrder(basket))
    line_id = await shop.first_line_of(placed.order_id)
    change = ChangeOrder(placed.order_id, 1, ((line_id, 2),), (Wanted(1, variant_id=jam),))
    for _ in range(2):
        seen = await shop.bus.preview(shop.scope, change)
        assert (seen.total, seen.version) == (800, 2)
    assert (await shop.bus.send(shop.scope, change)).total == 800
    with pytest.raises(Stale):
        await shop.bus.send(shop.scope, change)
    again = await shop.bus.send(shop.scope, PlaceOrder(basket))
    assert again.total == 1500
    totals = await shop.bus.ask(shop.scope, totals_by_code, LONG_AGO, LATER)
    assert sum(one.amount if one.debit == "receivable" else -one.amount for one in totals) == 2300
    gone = ChangeOrder(placed.order_id, 2, ((line_id, 1),))
    assert (await shop.bus.send(shop.scope, gone)).total == 300


async def test_a_price_of_ones_own_needs_permission(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("pin", "1.00", stock=9)
    basket = Basket(lines=(Wanted(1, sku="pin", agreed_price_micros=1000),), ship_to=HOME)
    guest = Scope(shop.scope.tenant_id, Actor("guest"))
    with pytest.raises(MayNot):
        await shop.bus.send(guest, PlaceOrder(basket))
    placed = await shop.bus.send(shop.scope, PlaceOrder(basket))
    assert placed.total == 0 and placed.status == "pending_shipment"


async def test_goods_come_back_without_a_receipt(store: Store) -> None:
    shop = await open_shop(store)
    await shop.article("cup", "3.00")
    await shop.article("POST", "5.00", service=True)
    lines = (GivenBack("cup", 2, 3_000_000), GivenBack("post", 1, 5_000_000))
    back = await shop.bus.send(shop.scope, TakeBack(lines))
    assert (back.total, back.state) == (1100, "refunded")
    wish = PlaceOrder(Basket(lines=(Wanted(2, sku="cup"),), ship_to=HOME))
    assert (await shop.bus.send(shop.scope, wish)).total == 600
