"""The fee for paying at the door, and what cash is rounded by: charged, booked, given back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.spine import Shop, open_shop
from tests.journeys.test_changes import _check, _lines, _rates
from tests.journeys.test_order import HOME
from tradepost.fulfillment.commands import ShipOrder
from tradepost.ledger.queries import totals_by_code, trial_balance
from tradepost.ordering.commands import (
    AddToCart,
    CancelOrder,
    ChangeOrder,
    CompleteOrder,
    OpenCart,
    PlaceOrder,
)
from tradepost.ordering.commands.cart import ChooseInCart
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.queries import cart_page, order_page
from tradepost.payments.commands import RefundPayment
from tradepost.payments.commands.record import RecordPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.db.work import Store

LONG_AGO, LATER = date(2000, 1, 1), datetime.now(UTC).date() + timedelta(days=9)


async def _placed(shop: Shop, method: str, *wanted: tuple[str, int]) -> Any:
    lines = tuple(Wanted(units, sku=sku) for sku, units in wanted)
    wish = PlaceOrder(Basket(lines=lines, ship_to=HOME, payment_method=method))
    return await shop.bus.send(shop.scope, wish)


async def _codes(shop: Shop) -> dict[str, int]:
    """What each code has moved, what went the other way round taken off."""
    sums: dict[str, int] = {}
    for one in await shop.bus.ask(shop.scope, totals_by_code, LONG_AGO, LATER):
        amount = one.amount if one.debit == "receivable" else -one.amount
        sums[one.code] = sums.get(one.code, 0) + amount
    return sums


async def _owed(shop: Shop) -> int:
    rows = await shop.bus.ask(shop.scope, trial_balance, LONG_AGO, LATER)
    return sum(row.debits - row.credits for row in rows if row.account == "receivable")


@pytest.mark.parametrize("level", ["unit", "line", "rate"])
@pytest.mark.parametrize("inside", [True, False], ids=["inside", "on_top"])
async def test_paying_at_the_door_costs_its_fee_and_its_tax(
    store: Store, level: str, *, inside: bool
) -> None:
    shop = await open_shop(
        store,
        charges_tax=True,
        prices_include_tax=inside,
        rounding_level=level,
        shipping_fee_amount=600,
        cod_fee_amount=300,
    )
    await shop.article("cup", "10.00", stock=9)
    await _rates(shop)
    placed = await _placed(shop, "cod", ("cup", 2))
    assert (placed.cod_fee, placed.rounding) == (300, 0)
    page = await shop.bus.ask(shop.scope, order_page, placed.order_id)
    assert page.cod_fee_tax == (50 if inside else 60)
    assert placed.total == (2900 if inside else 3480)
    codes = await _codes(shop)
    assert codes["cod_fee"] == (250 if inside else 300)
    assert sum(codes.values()) == placed.total
    other = await _placed(shop, "bank_transfer", ("cup", 2))
    assert (other.cod_fee, other.total) == (0, placed.total - (300 if inside else 360))
    await _check(shop)


async def test_cash_is_rounded_to_coins_and_nothing_else_is(store: Store) -> None:
    shop = await open_shop(store, cash_rounding_step_amount=5)
    await shop.article("pin", "0.99", stock=99)
    totals = {}
    for method in ("cash", "cod", "bank_transfer"):
        for units in (1, 2, 3):
            placed = await _placed(shop, method, ("pin", units))
            totals[method, units] = (placed.total, placed.rounding)
    in_coins = [(100, 1), (200, 2), (295, -2)]
    assert [totals["cash", units] for units in (1, 2, 3)] == in_coins
    assert [totals["cod", units] for units in (1, 2, 3)] == in_coins
    assert [totals["bank_transfer", units] for units in (1, 2, 3)] == [(99, 0), (198, 0), (297, 0)]
    assert (await _codes(shop))["cash_rounding"] == 2
    assert await _owed(shop) == sum(total for total, _ in totals.values())
    await _check(shop)


async def test_a_cart_shows_what_the_order_will_cost(store: Store) -> None:
    shop = await open_shop(store, cod_fee_amount=251, cash_rounding_step_amount=5)
    await shop.article("cup", "10.00", stock=9)
    cart_id = (await shop.bus.send(shop.scope, OpenCart())).cart_id
    await shop.bus.send(shop.scope, AddToCart(cart_id, 1, sku="cup"))
    choices = ChooseInCart(cart_id, "me@example.com", HOME, payment_method="cod")
    await shop.bus.send(shop.scope, choices)
    seen = await shop.bus.ask(shop.scope, cart_page, cart_id, None)
    assert (seen.subtotal, seen.cod_fee, seen.rounding, seen.total) == (1000, 251, -1, 1250)
    basket = Basket(cart_id=cart_id, expected_total=seen.total)
    assert (await shop.bus.send(shop.scope, PlaceOrder(basket))).total == seen.total


async def test_a_changed_order_keeps_its_fee_and_is_rounded_anew(store: Store) -> None:
    shop = await open_shop(
        store,
        charges_tax=True,
        prices_include_tax=False,
        cod_fee_amount=300,
        cash_rounding_step_amount=5,
    )
    await shop.article("tea", "3.33", stock=9)
    await _rates(shop)
    placed = await _placed(shop, "cod", ("tea", 3))
    assert (placed.tax, placed.rounding, placed.total) == (260, 1, 1560)
    (line,) = await _lines(shop, placed.order_id)
    changed = await shop.bus.send(
        shop.scope, ChangeOrder(placed.order_id, 1, ((line.id, 1),), (Wanted(1, sku="tea"),))
    )
    assert (changed.cod_fee, changed.tax) == (300, placed.tax)
    less = await shop.bus.send(shop.scope, ChangeOrder(placed.order_id, 2, ((line.id, 2),)))
    assert (less.cod_fee, less.total, less.rounding) == (300, 760, 0)
    assert await _owed(shop) == 760
    await _check(shop)


@pytest.mark.parametrize("way", ["whole", "pieces"])
async def test_everything_of_it_can_be_given_back(store: Store, way: str) -> None:
    shop = await open_shop(
        store,
        charges_tax=True,
        prices_include_tax=True,
        cod_fee_amount=299,
        cash_rounding_step_amount=5,
    )
    await shop.article("cup", "9.99", stock=9)
    await _rates(shop)
    placed = await _placed(shop, "cod", ("cup", 1))
    assert (placed.total, placed.rounding) == (1300, 2)
    await shop.bus.send(shop.scope, ShipOrder(placed.order_id))
    pay = RecordPayment((Share(placed.order_id),), method="cod")
    assert (await shop.bus.send(shop.scope, pay)).captured == 1300
    await shop.bus.send(shop.scope, CompleteOrder(placed.order_id))
    for amount in (None,) if way == "whole" else (1, 777, None):
        await shop.bus.send(shop.scope, RefundPayment(placed.order_id, amount=amount))
    page = await shop.bus.ask(shop.scope, order_page, placed.order_id)
    assert (page.refunded, page.credited, await _owed(shop)) == (1300, 1300, 0)
    rows = await shop.bus.ask(shop.scope, trial_balance, LONG_AGO, LATER)
    assert sum(row.debits - row.credits for row in rows if row.account == "tax_payable") == 0
    await _check(shop)


async def test_a_called_off_order_takes_its_fee_with_it(store: Store) -> None:
    shop = await open_shop(store, cod_fee_amount=299, cash_rounding_step_amount=5)
    await shop.article("cup", "9.99", stock=9)
    placed = await _placed(shop, "cod", ("cup", 1))
    await shop.bus.send(shop.scope, CancelOrder(placed.order_id))
    assert set((await _codes(shop)).values()) == {0}
    assert await _owed(shop) == 0
    await _check(shop)
