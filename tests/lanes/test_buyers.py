"""A batch of different buyers: each with the tax of their own, in as few statements as one."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

from tests import stores
from tests.journeys.spine import Shop, open_shop
from tests.lanes.test_checkout import HOME
from tradepost.customers.commands import CreateCustomer, CreateGroup
from tradepost.customers.domain.customer import Contact
from tradepost.kernel.ids import CustomerGroupId, CustomerId
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.platform.db.work import Store
from tradepost.platform.lanes import Lanes
from tradepost.pricing.commands import CreateTaxRate, GrantTaxExemption
from tradepost.pricing.domain import ExemptionDraft, TaxRateDraft


async def taxed_shop(store: Store) -> Shop:
    shop = await open_shop(store, charges_tax=True, prices_include_tax=False)
    await shop.article("lamp", "10.00", stock=500)
    await shop.bus.send(
        shop.scope, CreateTaxRate(TaxRateDraft("standard", "GB", 200_000, "standard"))
    )
    Lanes(shop.bus)
    return shop


async def customer(shop: Shop, group: CustomerGroupId | None = None) -> CustomerId:
    wish = CreateCustomer(Contact(company="A company"), group_id=group)
    made: CustomerId = await shop.bus.send(shop.scope, wish)
    return made


async def taxes(shop: Shop, *buyers: CustomerId | None) -> list[int]:
    """The tax that each of as many buyers bears, who came at once."""
    sent = (
        shop.bus.send(
            shop.scope,
            PlaceOrder(Basket((Wanted(1, sku="lamp"),), ship_to=HOME, customer_id=buyer)),
        )
        for buyer in buyers
    )
    answers: list[Any] = await asyncio.gather(*sent)
    return [one.tax for one in answers]


async def test_each_bears_their_own_tax(store: Store) -> None:
    shop = await taxed_shop(store)
    free_group = await shop.bus.send(shop.scope, CreateGroup("embassies", "Embassies"))
    plain, freed = await customer(shop), await customer(shop)
    member = await customer(shop, free_group)
    for draft in (
        ExemptionDraft("certificate", freed),
        ExemptionDraft("embassy", None, free_group),
    ):
        await shop.bus.send(shop.scope, GrantTaxExemption(draft))
    assert await taxes(shop, plain, freed, None, member, plain) == [200, 0, 200, 0, 200]
    assert [(await taxes(shop, one))[0] for one in (plain, freed, member)] == [200, 0, 0]


async def test_many_buyers_cost_as_many_reads_as_two() -> None:
    store = await stores.sqlite_store(None)
    shop = await taxed_shop(store)
    buyers = [await customer(shop) for _ in range(12)]
    await shop.bus.send(shop.scope, GrantTaxExemption(ExemptionDraft("certificate", buyers[0])))
    seen: list[str] = []

    def watch(connection: sqlite3.Connection) -> None:
        connection.set_trace_callback(seen.append)

    await store.run_script(watch)
    reads = []
    for count in (2, 12):
        seen.clear()
        await taxes(shop, *buyers[:count])
        reads.append([sql.split()[1] for sql in seen if sql.startswith("SELECT")])
    assert reads[0] == reads[1]
    await store.close()
