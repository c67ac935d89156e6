"""Erasing a customer takes the person out of everything, and leaves the books."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.journeys.spine import Shop, open_shop
from tests.shops import told
from tradepost.customers.commands import AddAddress, CreateCustomer, EraseCustomer, MergeCustomers
from tradepost.customers.domain import Contact, Customer, Place
from tradepost.customers.storage import CUSTOMERS
from tradepost.fulfillment.commands import ShipOrder
from tradepost.fulfillment.queries import shipments_of
from tradepost.kernel.ids import CartId, CustomerId, OrderId
from tradepost.kernel.messages import Actor, Scope
from tradepost.ordering.commands import AddToCart, ChooseInCart, ForgetBuyer, OpenCart, PlaceOrder
from tradepost.ordering.domain import Address
from tradepost.ordering.domain.basket import Basket, Wanted
from tradepost.ordering.queries import order_page
from tradepost.payments.commands import RecordAnswer, RecordPayment, StartPayment
from tradepost.payments.commands.hearing import HEARS
from tradepost.payments.domain.call import GatewayAnswer, Outcome
from tradepost.payments.domain.payment import Share
from tradepost.payments.queries import order_money
from tradepost.platform.db.schema import TENANT_OWNED, metadata
from tradepost.platform.db.statement import Statement, scoped
from tradepost.platform.db.work import Reader, Store
from tradepost.wiring.doctor import LAWS, examine, shops_of
from tradepost.wiring.worker import build_worker

METHODS = ["bank_transfer", "cod", "gateway"]


@dataclass
class Life:
    """All that a shop comes to know of a person, each piece with the person's mark in it."""

    shop: Shop
    mark: str
    customer_id: CustomerId
    orders: list[OrderId]
    cart_id: CartId


def _contact(mark: str) -> Contact:
    return Contact(mark, mark, mark, f"{mark}@example.com", None)


def _address(mark: str) -> Address:
    return Address("GB", mark, f"1 {mark} Street", "", mark, mark)


async def lived(shop: Shop, mark: str) -> Life:
    """Somebody who ordered, paid, was sent parcels, and filled another cart."""

    async def send(wish: Any) -> Any:
        return await shop.bus.send(shop.scope, wish)

    customer_id = await send(CreateCustomer(_contact(mark), external_code=f"code of {mark}"))
    await send(AddAddress(customer_id, Place("GB", mark, f"1 {mark} Street", city=mark), mark))
    double_id = await send(CreateCustomer(_contact(mark)))
    orders = []
    for whose in (customer_id, double_id):
        basket = Basket(
            (Wanted(1, sku="mug"),),
            ship_to=_address(mark),
            customer_id=whose,
            email=f"{mark}@example.com",
        )
        orders.append((await send(PlaceOrder(basket))).order_id)
    await send(RecordPayment((Share(orders[0]),), reference=f"from {mark}"))
    await send(ShipOrder(orders[0], carrier="Post", tracking_number=f"{mark}-1"))
    started = await send(StartPayment((Share(orders[1]),), "sandbox", f"card-of-{mark}"))
    answer = GatewayAnswer(Outcome.APPROVED, "ref-1", 1000, "GBP")
    voice = Scope(shop.scope.tenant_id, Actor("gateway", permissions=frozenset({HEARS})))
    call = started.calls[0]
    await shop.bus.send(voice, RecordAnswer(call.payment_id, call.call_id, answer))
    cart = await send(OpenCart(customer_id))
    await send(AddToCart(cart.cart_id, 1, sku="mug", customer_id=customer_id))
    await send(
        ChooseInCart(cart.cart_id, f"{mark}@example.com", _address(mark), customer_id=customer_id)
    )
    await send(MergeCustomers(customer_id, double_id, 2))
    return Life(shop, mark, customer_id, orders, cart.cart_id)


async def _known_of(shop: Shop, mark: str) -> list[str]:
    """Every table of the shop that says anything with the mark."""

    async def look(db: Reader) -> list[str]:
        return [
            name
            for name, rows in _EVERYTHING.items()
            if mark.lower() in str([tuple(row) for row in await db.all(rows)]).lower()
        ]

    return await shop.bus.ask(shop.scope, look)


_EVERYTHING = {
    name: Statement(scoped(table, *(c for c in table.c if c.name != "tenant_id")))
    for name, table in metadata.tables.items()
    if table.info.get(TENANT_OWNED)
}


async def test_who_is_erased_is_named_nowhere_and_the_books_stay(lone_store: Store) -> None:
    shop = await open_shop(lone_store, payment_methods=METHODS)
    await shop.article("mug", stock=20)
    gone = await lived(shop, "Xanadu")
    await lived(shop, "Yonder")
    before = [await shop.bus.ask(shop.scope, order_page, one) for one in gone.orders]
    kept = await _known_of(shop, "Yonder")
    assert {
        "customers",
        "addresses",
        "orders",
        "carts",
        "payments",
        "shipments",
        "gateway_calls",
    } <= {*kept}
    worker = build_worker(shop.bus)
    await worker.settle()
    version = (await shop.bus.ask(shop.scope, _customer, gone.customer_id)).version
    await shop.bus.send(shop.scope, EraseCustomer(gone.customer_id, version))
    await worker.settle()

    assert await _known_of(shop, "Xanadu") == []
    assert await _known_of(shop, "Yonder") == kept
    for was, order_id in zip(before, gone.orders, strict=True):
        now = await shop.bus.ask(shop.scope, order_page, order_id)
        assert now.email is None and now.ship_to == Address("GB")
        assert (now.number, now.total, now.lines, now.status, now.customer_id) == (
            was.number, was.total, was.lines, was.status, was.customer_id
        )  # fmt: skip
        assert (await told(shop.bus, shop.scope, order_id)) == []
        money = await shop.bus.ask(shop.scope, order_money, order_id)
        assert money.payments[0].captured == was.total
    (parcel,) = await shop.bus.ask(shop.scope, shipments_of, gone.orders[0])
    assert (parcel.carrier, parcel.tracking_number) == ("Post", "")
    again = [await shop.bus.send(shop.scope, ForgetBuyer(gone.customer_id)) for _ in range(2)]
    assert again == [0, 0]
    report = await examine(lone_store, LAWS, await shops_of(lone_store))
    assert report.breaches == []


async def test_a_fact_that_is_told_twice_erases_once(lone_store: Store) -> None:
    shop = await open_shop(lone_store, payment_methods=METHODS)
    await shop.article("mug", stock=20)
    life = await lived(shop, "Xanadu")
    await shop.bus.send(shop.scope, ForgetBuyer(life.customer_id))
    once = await shop.bus.ask(shop.scope, order_page, life.orders[0])
    customer = await shop.bus.ask(shop.scope, _customer, life.customer_id)
    await shop.bus.send(shop.scope, EraseCustomer(life.customer_id, customer.version))
    await build_worker(shop.bus).settle()
    assert await shop.bus.ask(shop.scope, order_page, life.orders[0]) == once
    assert await _known_of(shop, "Xanadu") == []


async def _customer(db: Reader, customer_id: CustomerId) -> Customer:
    return await CUSTOMERS.get(db, customer_id)
