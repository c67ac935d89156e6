"""The last unit goes to one: web checkouts against tills, both ways round, with real commits."""

from __future__ import annotations

import asyncio
import random
from typing import Any
from uuid import UUID

from tests.counter.conftest import Counter
from tradepost.counter.commands.baskets import RungLine
from tradepost.counter.commands.checkout import CompleteSale, Sold
from tradepost.counter.domain.tender import Given
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import RegisterId, SaleId, VariantId
from tradepost.kernel.messages import GUEST, SYSTEM, Scope
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.commands.answers import Placed
from tradepost.ordering.domain import Delivery, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.errors import SoldOut

UNITS = 5
BUYERS = 12


async def test_tills_and_carts_compete_for_what_is_left(counter: Counter) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")  # noqa: T201  tells how to run it again
    chance = random.Random(seed)
    await counter.open(0)
    variant_id = VariantId(UUID(await counter.goods("last", "1.00", UNITS)))
    bus, register_id = counter.town.house.bus, RegisterId(UUID(counter.register_id))
    till = Scope(counter.scope.tenant_id, SYSTEM)
    web = Scope(counter.scope.tenant_id, GUEST)

    def at_the_till() -> Any:
        sale_id = SaleId(bus.ids.new())
        lines = (RungLine(1, variant_id),)
        return bus.send(till, CompleteSale(sale_id, register_id, lines, (Given("cash", 100),)))

    def on_the_web() -> Any:
        lines = (Wanted(1, variant_id),)
        return bus.send(web, PlaceOrder(Basket(lines=lines, delivery=Delivery.PICKUP)))

    async def later(buy: Any) -> Any:
        await asyncio.sleep(chance.random() / 50)
        try:
            return await buy()
        except Refusal as refusal:
            return refusal

    buyers = [at_the_till, on_the_web] * (BUYERS // 2)
    chance.shuffle(buyers)
    answers = await asyncio.gather(*map(later, buyers))
    got = [one for one in answers if isinstance(one, Sold | Placed)]
    sold_out = [one for one in answers if isinstance(one, SoldOut)]
    assert (len(got), len(sold_out)) == (UNITS, BUYERS - UNITS), (seed, answers)
    tills = sum(isinstance(one, Sold) for one in got)
    assert await counter.free("last") == UNITS - tills, seed
    await counter.check()


async def test_whoever_comes_second_is_told_so_whichever_it_is(counter: Counter) -> None:
    await counter.open(0)
    await counter.goods("one", "1.00", 1)
    web = {
        "lines": [{"sku": "one", "quantity": 1}],
        "delivery": "pickup",
        "payment_method": "bank_transfer",
    }
    await counter.sell(("one", 1), cash=100)
    await counter.boss.refused("orders", 409, "ordering.sold_out", **web)
    await counter.goods("two", "1.00", 1)
    await counter.boss.post("orders", **web | {"lines": [{"sku": "two", "quantity": 1}]})
    late = counter.sale(("two", 1), cash=100)
    await counter.cashier.refused("counter/sales", 409, "ordering.sold_out", **late)
    await counter.check()
