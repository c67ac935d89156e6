"""A line that comes back in any split, however its returns overlap, gives back just its price."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.spine import Shop
from tests.payments.till import Till
from tests.shops import open_place, open_shop
from tradepost.catalog.commands import CreateProduct
from tradepost.catalog.domain import FulfillmentType, ProductDetails, ProductStatus, VariantDraft
from tradepost.fulfillment.commands.take_back import GivenBack, MoveReturn, RequestReturn, TakeBack
from tradepost.fulfillment.errors import NowhereToPut
from tradepost.kernel.ids import LocationId, OrderId, ReturnId, StoreId
from tradepost.kernel.money import Currency
from tradepost.ordering.domain import OrderLine
from tradepost.ordering.storage.orders import SqlOrders
from tradepost.payments.commands import RecordPayment, RefundLine, RefundPayment
from tradepost.payments.domain.payment import Share
from tradepost.payments.queries import order_money
from tradepost.platform.db.work import Store, Work
from tradepost.pricing.commands import CreateTaxRate
from tradepost.pricing.domain.tax import TaxRateDraft
from tradepost.wiring.doctor import LAWS, Visit, examine
from tradepost.wiring.parts import build_bus

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNITS = 7
MONEY_LAWS = [
    law for law in LAWS if law.name.startswith(("payments.", "ledger.", "orders.", "shipping."))
]


async def _till(store: Store, currency: str, **settings: Any) -> Till:
    """A shop that sells advice at a price of 1.43 minor units, and a hint at 33.3 of them."""
    bus = build_bus(store)
    scope = await open_shop(bus, currency=currency, charges_tax=True, tax_country="GB", **settings)
    shop = Shop(bus, scope, *await open_place(bus, scope))
    micros = Currency(currency).micros_per_minor
    for sku, price in (("advice", micros * 143 // 100), ("hint", micros * 333 // 10)):
        draft = VariantDraft(sku, price_micros=price, fulfillment_type=FulfillmentType.SERVICE)
        details = ProductDetails(sku.title())
        await bus.send(scope, CreateProduct(details, currency, (draft,), ProductStatus.ACTIVE))
    await bus.send(scope, CreateTaxRate(TaxRateDraft("standard", "GB", 190_000, "VAT")))
    return Till(shop)


async def _asked(till: Till, order_id: OrderId, units: int) -> ReturnId:
    wish = RequestReturn(order_id, ((await till.line(order_id), units),))
    return_id: ReturnId = (await till.send(wish)).return_id
    await till.send(MoveReturn(return_id, "approve"))
    return return_id


async def _line(till: Till, order_id: OrderId) -> OrderLine:
    async def read(work: Work) -> OrderLine:
        return (await SqlOrders(work).lines([order_id]))[order_id][0]

    return await till.bus.within(till.scope, read)


async def _check_all_gone(till: Till, order_id: OrderId) -> None:
    """Everything of the order's one line has been credited, and paid back, and no more."""
    line, order = await _line(till, order_id), await till.look(order_id)
    money = await till.bus.ask(till.scope, order_money, order_id)
    gross = line.amount.amount + (0 if order.tax_included else line.tax.amount)
    credited: Counter[str] = Counter()
    for note in money.credit_notes:
        credited.update(gross=note.total, tax=note.tax)
    assert (credited["gross"], credited["tax"]) == (gross, line.tax.amount)
    assert sum(one.amount for one in money.refunds) == gross == order.total.amount
    left = await till.balances()
    assert not {"tax_payable", "receivable", "bank"} & set(left)
    report = await examine(till.bus.store, MONEY_LAWS, [Visit(till.scope.tenant_id, "shop")])
    assert report.breaches == []


@pytest.mark.parametrize("inside", [True, False], ids=["inside", "on_top"])
@pytest.mark.parametrize("currency", ["JPY", "GBP", "KWD"])
async def test_returns_that_overlap_come_to_the_whole_line(
    store: Store, currency: str, *, inside: bool
) -> None:
    till = await _till(store, currency, prices_include_tax=inside)
    for sku in ("advice", "hint"):
        order_id = await till.order(UNITS, sku=sku)
        await till.send(RecordPayment((Share(order_id),)))
        asked = [await _asked(till, order_id, units) for units in (1, 2, 1, 3)]
        random.Random(sku + currency).shuffle(asked)
        for return_id in asked:
            await till.send(MoveReturn(return_id, "receive"))
        for return_id in reversed(asked):
            await till.send(MoveReturn(return_id, "refund"))
        await _check_all_gone(till, order_id)


async def test_a_shop_without_a_place_takes_services_back_but_no_goods(store: Store) -> None:
    bus = build_bus(store)
    scope = await open_shop(bus, charges_tax=False)
    nowhere = Till(Shop(bus, scope, StoreId(uuid4()), LocationId(uuid4())))
    await nowhere.shop.article("advice", "1.00", service=True)
    await nowhere.shop.article("cup", "1.00")
    order_id = await nowhere.order(2, sku="advice")
    await nowhere.send(RecordPayment((Share(order_id),)))
    return_id = await _asked(nowhere, order_id, 2)
    for action in ("receive", "refund"):
        await nowhere.send(MoveReturn(return_id, action))
    await _check_all_gone(nowhere, order_id)
    with pytest.raises(NowhereToPut):
        await nowhere.send(TakeBack((GivenBack("cup", 1, 1_000_000),)))


@pytest.mark.parametrize("inside", [True, False], ids=["inside", "on_top"])
@pytest.mark.parametrize("seed", range(4))
async def test_returns_and_refunds_in_between_come_to_the_whole_line(
    store: Store, seed: int, *, inside: bool
) -> None:
    till = await _till(store, "GBP", prices_include_tax=inside)
    chance = random.Random(seed)
    order_id = await till.order(UNITS, sku="hint")
    line_id = await till.line(order_id)
    await till.send(RecordPayment((Share(order_id),)))
    asked = [await _asked(till, order_id, 1) for _ in range(UNITS)]
    steps = [(return_id, action) for return_id in asked for action in ("receive", "refund")]
    places = sorted(range(len(steps)), key=lambda _: chance.random())
    waiting = {return_id: ["receive", "refund"] for return_id in asked}
    for place in places:
        return_id = steps[place][0]
        await till.send(MoveReturn(return_id, waiting[return_id].pop(0)))
        if chance.random() < 0.3 and (await till.look(order_id)).refunded.amount < 200:
            lines = (RefundLine(line_id, chance.randint(1, 4)),)
            await till.send(RefundPayment(order_id, lines=lines))
    await _check_all_gone(till, order_id)
