"""What comes back after a concession gives what a call-off gives: its share of what is left."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from tests.journeys.spine import Shop
from tests.payments.test_called_off import MONEY_LAWS, _check, _gone, _less, _paid, _received
from tests.payments.till import Till
from tests.shops import open_place, open_shop
from tradepost.catalog.commands import CreateProduct
from tradepost.catalog.domain import FulfillmentType, ProductDetails, ProductStatus, VariantDraft
from tradepost.fulfillment.commands.take_back import MoveReturn
from tradepost.kernel.ids import OrderId
from tradepost.payments.commands import RecordPayment, RefundPayment
from tradepost.payments.domain.payment import Share
from tradepost.payments.errors import NothingToRefund
from tradepost.payments.queries import order_money
from tradepost.platform.db.work import Store
from tradepost.pricing.commands import CreateTaxRate
from tradepost.pricing.domain.tax import TaxRateDraft
from tradepost.wiring.doctor import Visit, examine
from tradepost.wiring.parts import build_bus

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _back(till: Till, order_id: OrderId, units: int) -> None:
    """Units come back and are paid for."""
    await till.send(MoveReturn(await _received(till, order_id, units), "refund"))


async def _notes(till: Till, order_id: OrderId) -> list[tuple[str, int]]:
    money = await till.bus.ask(till.scope, order_money, order_id)
    return [(note.kind, note.total) for note in money.credit_notes]


@pytest.mark.parametrize("units", [1, 4, 9])
async def test_a_return_gives_back_what_a_call_off_gives(till: Till, units: int) -> None:
    order_id = await _paid(till, 10)
    await till.send(RefundPayment(order_id, amount=300))
    await _back(till, order_id, units)
    assert await _gone(till, order_id) == 300 + 70 * units
    assert await _notes(till, order_id) == [("concession", 300), ("return", 70 * units)]
    assert (await till.look(order_id)).due.amount == 0
    await _check(till)
    await _back(till, order_id, 10 - units)
    assert await _gone(till, order_id) == 1000, "all units give back just what was paid"
    with pytest.raises(NothingToRefund):
        await till.send(RefundPayment(order_id))
    assert not {"receivable", "bank"} & set(await till.balances())
    await _check(till)


async def test_returns_and_call_offs_after_a_concession_give_the_same_for_each_unit(
    till: Till,
) -> None:
    order_id = await _paid(till, 10)
    await till.send(RefundPayment(order_id, amount=300))
    await _back(till, order_id, 4)
    await _less(till, order_id, 3)
    assert (await till.look(order_id)).due.amount == -210
    await till.send(RefundPayment(order_id, amount=210))
    await _check(till)
    await _back(till, order_id, 2)
    assert await _gone(till, order_id) == 300 + 70 * 9
    await _check(till)
    await _less(till, order_id, 1)
    await till.send(RefundPayment(order_id))
    assert await _gone(till, order_id) == 1000
    assert not {"receivable", "bank"} & set(await till.balances())
    await _check(till)


async def test_a_concession_between_receipt_and_refund_is_shared_by_all_units(till: Till) -> None:
    order_id = await _paid(till, 10)
    first, other = await _received(till, order_id, 3), await _received(till, order_id, 7)
    await till.send(RefundPayment(order_id, amount=300))
    await till.send(MoveReturn(first, "refund"))
    assert await _gone(till, order_id) == 300 + 210
    await till.send(MoveReturn(other, "refund"))
    assert await _gone(till, order_id) == 1000
    await _check(till)


_STEPS: Sequence[Sequence[tuple[str, int]]] = (
    (("back", 2), ("off", 5)),
    (("back", 2), ("off", 1), ("back", 1), ("off", 3)),
    (("off", 1), ("back", 5), ("off", 1)),
    (("back", 6), ("off", 1)),
    (("back", 1), ("concede", 1), ("off", 6)),
)


@pytest.mark.parametrize("settings", [{}, {"prices_include_tax": False}], ids=["inside", "on_top"])
@pytest.mark.parametrize("price", ["0.0143", "0.00357", "0.0149", "0.0296", "0.1249"])
async def test_services_below_a_penny_come_to_what_came_back_of_them(
    store: Store, price: str, settings: dict[str, Any]
) -> None:
    till = await _penny_till(store, price, **settings)
    for steps in _STEPS:
        order_id = await till.order(7, sku="advice")
        await till.send(RecordPayment((Share(order_id),)))
        paid = (await till.look(order_id)).total.amount
        for what, units in steps:
            if what == "back":
                await _back(till, order_id, units)
            elif what == "off":
                await _less(till, order_id, units)
            else:
                await till.send(RefundPayment(order_id, amount=units))
        order = await till.look(order_id)
        if order.due.amount:
            await till.send(RefundPayment(order_id, amount=-order.due.amount))
        assert await _gone(till, order_id) == paid, f"{price} {steps}"
        order = await till.look(order_id)
        assert (order.due.amount, order.credited) == (0, order.total), f"{price} {steps}"
        report = await examine(till.bus.store, MONEY_LAWS, [Visit(till.scope.tenant_id, "shop")])
        assert report.breaches == [], f"{price} {steps}"
    assert not {"receivable", "bank", "tax_payable"} & set(await till.balances())


async def _penny_till(store: Store, price: str, **settings: Any) -> Till:
    """A shop that sells advice at a price in fractions of a penny, and taxes it."""
    bus = build_bus(store)
    scope = await open_shop(bus, charges_tax=True, tax_country="GB", **settings)
    shop = Shop(bus, scope, *await open_place(bus, scope))
    micros = int(Decimal(price) * 1_000_000)
    draft = VariantDraft("advice", price_micros=micros, fulfillment_type=FulfillmentType.SERVICE)
    details = ProductDetails("Advice")
    await bus.send(scope, CreateProduct(details, "GBP", (draft,), ProductStatus.ACTIVE))
    await bus.send(scope, CreateTaxRate(TaxRateDraft("standard", "GB", 190_000, "VAT")))
    return Till(shop)
