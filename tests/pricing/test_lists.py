"""Price lists: who gets which price, and the shop without lists that never asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.catalog.shelf import POUND, articles, product, told
from tradepost.customers.domain import CustomerGroup
from tradepost.customers.storage import SqlGroups
from tradepost.kernel.errors import BadAmount, Stale, Unknown
from tradepost.kernel.ids import (
    CustomerGroupId,
    LocationId,
    PriceListId,
    RandomIds,
    VariantId,
)
from tradepost.kernel.messages import Scope
from tradepost.kernel.money import Currency
from tradepost.kernel.states import WrongState
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Reader, Work
from tradepost.pricing.commands import (
    ArchivePriceList,
    CreatePriceList,
    RestorePriceList,
    SetListPrices,
    UpdatePriceList,
)
from tradepost.pricing.domain import Buyer, ListPriceLine, PriceListDraft
from tradepost.pricing.errors import DaysReversed, TooManyPrices
from tradepost.pricing.storage import ListPrices

GBP = Currency("GBP")
DAY = date(2026, 5, 4)
GROUP = CustomerGroupId(RandomIds().new())
PLACE = LocationId(RandomIds().new())
ANYBODY = Buyer(GBP, DAY)


async def micros(db: Reader, ids: Sequence[VariantId], buyer: Buyer) -> dict[VariantId, int]:
    """The list prices that hold for a buyer."""
    found = await ListPrices(db).of(ids, buyer)
    return {key: one.price.micros for key, one in found.items()}


class Shop:
    """A shop with one mug, and lists that price it."""

    def __init__(self, bus: Bus, scope: Scope) -> None:
        self.bus, self.scope = bus, scope

    async def mug(self) -> VariantId:
        made = await self.bus.send(self.scope, product("Mug", "M"))
        self.variant_id = VariantId(made.variants[0].variant_id)
        return self.variant_id

    async def priced(self, price: int, **draft: Any) -> PriceListId:
        wish = CreatePriceList(PriceListDraft(**{"name": "L", "currency": "GBP", **draft}))
        made = await self.bus.send(self.scope, wish)
        lines = (ListPriceLine(self.variant_id, price),)
        assert await self.bus.send(self.scope, SetListPrices(made.price_list_id, lines, 1)) == 2
        return PriceListId(made.price_list_id)

    async def price_for(self, buyer: Buyer) -> int | None:
        found = await self.bus.ask(self.scope, micros, [self.variant_id], buyer)
        return found.get(self.variant_id)


@pytest.fixture
async def shop(bus: Bus, scope: Scope) -> Shop:
    async def grouped(work: Work) -> None:
        SqlGroups(work).add(CustomerGroup.made(GROUP, "trade", "Trade"))

    await bus.within(scope, grouped)
    return Shop(bus, scope)


async def test_a_list_for_a_group_that_is_not_there_is_refused(shop: Shop) -> None:
    nobody = CustomerGroupId(RandomIds().new())
    draft = PriceListDraft("L", "GBP", customer_group_id=nobody)
    with pytest.raises(Unknown):
        await shop.bus.send(shop.scope, CreatePriceList(draft))
    made = await shop.bus.send(shop.scope, CreatePriceList(PriceListDraft("L", "GBP")))
    with pytest.raises(Unknown):
        await shop.bus.send(shop.scope, UpdatePriceList(made.price_list_id, draft, 1))
    meant = replace(draft, customer_group_id=GROUP)
    assert await shop.bus.send(shop.scope, UpdatePriceList(made.price_list_id, meant, 1)) == 2


async def test_a_list_marks_its_variants_so_that_others_need_not_ask(shop: Shop) -> None:
    await shop.mug()
    await shop.bus.send(shop.scope, product("Bowl", "B"))
    assert await shop.price_for(ANYBODY) is None
    await shop.priced(5)
    found = await shop.bus.ask(shop.scope, articles, "m", "b")
    assert found["m"].listed and not found["b"].listed
    assert await shop.price_for(ANYBODY) == 5


@pytest.mark.parametrize(
    ("draft", "fits", "misses"),
    [
        ({"channel": "web"}, {"channel": "web"}, {"channel": "counter"}),
        ({"location_id": PLACE}, {"location_id": PLACE}, {}),
        ({"customer_group_id": GROUP}, {"customer_group_id": GROUP}, {}),
        ({"valid_from": DAY}, {}, {"day": date(2026, 5, 3)}),
        ({"valid_to": DAY}, {}, {"day": date(2026, 5, 5)}),
        ({"currency": "EUR"}, {"currency": Currency("EUR")}, {}),
    ],
)
async def test_a_list_is_for_whom_its_conditions_say(
    shop: Shop, draft: dict[str, Any], fits: dict[str, Any], misses: dict[str, Any]
) -> None:
    await shop.mug()
    await shop.priced(5, **draft)
    assert await shop.price_for(replace(ANYBODY, **fits)) == 5
    assert await shop.price_for(replace(ANYBODY, **misses)) is None


async def test_priority_goes_before_conditions_and_these_before_the_lower_price(
    shop: Shop,
) -> None:
    await shop.mug()
    buyer = replace(ANYBODY, channel="web", customer_group_id=GROUP)
    await shop.priced(500)
    await shop.priced(400)
    assert await shop.price_for(buyer) == 400
    await shop.priced(700, channel="web")
    assert await shop.price_for(buyer) == 700
    await shop.priced(800, channel="web", customer_group_id=GROUP)
    assert await shop.price_for(buyer) == 800
    first = await shop.priced(900, priority=1)
    assert await shop.price_for(buyer) == 900
    await shop.bus.send(shop.scope, ArchivePriceList(first, 2))
    assert await shop.price_for(buyer) == 800
    await shop.bus.send(shop.scope, RestorePriceList(first, 3))
    assert await shop.price_for(buyer) == 900


async def test_prices_are_changed_and_taken_off(shop: Shop) -> None:
    variant = await shop.mug()
    first = await shop.priced(5)
    lines = (ListPriceLine(variant, 6), ListPriceLine(variant, 7))
    assert await shop.bus.send(shop.scope, SetListPrices(first, lines, 2)) == 3
    assert await shop.price_for(ANYBODY) == 7
    await shop.bus.send(shop.scope, SetListPrices(first, (ListPriceLine(variant, None),), 3))
    assert await shop.price_for(ANYBODY) is None
    facts = await shop.bus.ask(shop.scope, told)
    assert [(name, version) for name, _, version, _ in facts][1:] == [
        ("price_list.created", 1),
        ("price_list.priced", 2),
        ("price_list.priced", 3),
        ("price_list.priced", 4),
    ]
    assert facts[3][3]["prices"] == [{"variant_id": str(variant), "price_micros": 7}]


async def test_a_list_is_changed_under_its_version(shop: Shop) -> None:
    await shop.mug()
    first = await shop.priced(5)
    draft = PriceListDraft("Sale", "GBP", channel="counter", valid_from=DAY)
    assert await shop.bus.send(shop.scope, UpdatePriceList(first, draft, 2)) == 3
    assert await shop.price_for(ANYBODY) is None
    assert await shop.price_for(replace(ANYBODY, channel="counter")) == 5
    with pytest.raises(Stale):
        await shop.bus.send(shop.scope, UpdatePriceList(first, draft, 2))
    with pytest.raises(WrongState):
        await shop.bus.send(shop.scope, RestorePriceList(first, 3))


async def test_what_cannot_be_is_refused_and_changes_nothing(shop: Shop) -> None:
    variant = await shop.mug()
    first = await shop.priced(POUND)
    nobody = VariantId(RandomIds().new())
    refused: list[tuple[Any, type[Exception]]] = [
        (SetListPrices(first, (ListPriceLine(variant, 1), ListPriceLine(nobody, 1)), 2), Unknown),
        (SetListPrices(first, (ListPriceLine(variant, -1),), 2), BadAmount),
        (SetListPrices(first, (ListPriceLine(variant, 1),) * 10_001, 2), TooManyPrices),
        (SetListPrices(first, (ListPriceLine(variant, 1),), 1), Stale),
        (SetListPrices(PriceListId(nobody), (), 1), Unknown),
        (
            CreatePriceList(PriceListDraft("x", "GBP", valid_from=DAY, valid_to=date(2026, 5, 3))),
            DaysReversed,
        ),
    ]
    for wish, why in refused:
        with pytest.raises(why):
            await shop.bus.send(shop.scope, wish)
    assert await shop.price_for(ANYBODY) == POUND
    assert len(await shop.bus.ask(shop.scope, told)) == 3
