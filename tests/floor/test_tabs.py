"""Tabs from the first guest to the last coin, on both stores."""

from __future__ import annotations

import pytest

from tests.floor.house import House, dish, open_house
from tradepost.catalog.commands import CreateProduct
from tradepost.catalog.domain import FulfillmentType, ProductDetails, ProductStatus, VariantDraft
from tradepost.floor import errors
from tradepost.floor.commands.cooking import MoveDishes
from tradepost.floor.commands.tabs import MergeTabs, MoveTab
from tradepost.floor.commands.voids import VoidLine, VoidTab
from tradepost.floor.domain.bill import Split
from tradepost.kernel.ids import KitchenTicketId, OrderId, RoundLineId, TabId
from tradepost.ordering.queries import order_page
from tradepost.platform.db.work import Store


async def served(house: House) -> None:
    """Everything that stations have to make is made and served."""
    for station in (house.kitchen, house.bar):
        for ticket in await house.tickets(station):
            for action in ("start", "bump", "serve"):
                await house.send(MoveDishes(KitchenTicketId(ticket.id), action))


async def test_a_tab_from_the_first_guest_to_the_last_coin(store: Store) -> None:
    house = await open_house(store)
    tab_id = await house.seated()
    first = await house.round(tab_id, dish("soup", 2), dish("beer", 2), dish("steak", 1, "sauce"))
    assert (first.state, first.order_number, first.total) == ("sent", 1001, 900 + 760 + 2190 + 125)
    (kitchen,), (bar,) = await house.tickets(house.kitchen), await house.tickets(house.bar)
    assert [(one.title, one.extras) for one in kitchen.lines] == [
        ("The soup", ()),
        ("The steak", ("The sauce",)),
    ]
    assert [one.title for one in bar.lines] == ["The beer"]
    assert kitchen.table == "1"
    await served(house)
    await house.round(tab_id, dish("beer"))
    view = await house.tab(tab_id)
    assert (view.due, view.open) == (3975 + 380, 4355)
    await served(house)
    one, other = await house.checks(tab_id, Split(shares=(1, 1)))
    assert (one.amount, other.amount) == (2178, 2177)
    paid = await house.pay(tab_id, one, tip=200)
    assert (paid.tab_due, paid.tab.state) == (2177, "open")
    last = await house.pay(tab_id, other)
    assert (last.tab_due, last.tab.state) == (0, "closed")
    view = await house.tab(tab_id)
    assert view.tab.state == "closed" and view.paid == 4355


async def test_merging_and_moving_cook_nothing_again(store: Store) -> None:
    house = await open_house(store)
    one, other = await house.seated(0), await house.seated(1)
    await house.round(one, dish("soup"))
    await house.round(other, dish("steak", 2))
    before = await house.tickets(house.kitchen)
    with pytest.raises(errors.TableTaken):
        await house.send(MoveTab(one, house.tables[1]))
    await house.send(MoveTab(one, house.tables[2]))
    with pytest.raises(errors.MergedWithItself):
        await house.send(MergeTabs(one, one))
    await house.send(MergeTabs(one, other))
    view = await house.tab(one)
    assert view.due == 450 + 4380 and len(view.rounds) == 2
    after = await house.tickets(house.kitchen)
    assert [t.id for t in after] == [t.id for t in before]
    assert {t.table for t in after} == {"3"}
    gone = await house.tab(other)
    assert (gone.tab.state, gone.tab.into_id, gone.due) == ("closed", one, 0)
    with pytest.raises(errors.TabNotOpen):
        await house.round(other, dish("soup"))


async def test_voids_free_stock_and_lower_the_bill(store: Store) -> None:
    house = await open_house(store, stock=3)
    tab_id = await house.seated()
    await house.round(tab_id, dish("steak", 3, "sauce"), dish("soup"))
    view = await house.tab(tab_id)
    steak, soup = (RoundLineId(line.id) for line in view.rounds[0].lines)
    with pytest.raises(errors.LineTooSmall):
        await house.send(VoidLine(tab_id, steak, "cold", 4))
    await house.send(VoidLine(tab_id, steak, "cold", 1))
    view = await house.tab(tab_id)
    assert view.due == 2 * 2315 + 450
    other = await house.seated(1)
    await house.round(other, dish("steak", 1, "sauce"))
    await house.send(VoidTab(other, "they left"))
    assert (await house.tab(other)).tab.state == "voided"
    (check,) = await house.checks(tab_id, Split(items=((steak, 1), (soup, 1))))
    assert check.amount == 2315 + 450
    with pytest.raises(errors.LineTooSmall):
        await house.checks(tab_id, Split(items=((steak, 2),)))
    with pytest.raises(errors.LineTooSmall):
        await house.send(VoidLine(tab_id, steak, "cold", 2))
    await house.send(VoidLine(tab_id, steak, "cold", 1))
    view = await house.tab(tab_id)
    assert view.open == 0
    await house.pay(tab_id, check)
    closed = await house.tab(TabId(tab_id))
    assert closed.tab.state == "closed"
    assert closed.rounds[0].lines[0].voided == 2


async def test_a_dish_that_is_made_to_order_needs_no_stock(store: Store) -> None:
    house = await open_house(store)
    draft = VariantDraft(
        sku="pasta",
        price_micros=9_000_000,
        fulfillment_type=FulfillmentType.PREPARED,
        stocked=False,
    )
    wish = CreateProduct(ProductDetails(title="Pasta"), "GBP", (draft,), ProductStatus.ACTIVE)
    made = await house.send(wish)
    tab_id = await house.seated()
    await house.round(tab_id, dish("pasta", 7))
    await served(house)
    (check,) = await house.checks(tab_id)
    assert (await house.pay(tab_id, check)).tab.state == "closed"
    view = await house.tab(tab_id)
    order = await house.shop.bus.ask(
        house.shop.scope, order_page, OrderId(view.rounds[0].order_id or made.product_id)
    )
    assert (order.status, order.fulfillment_status) == ("completed", "fulfilled")
