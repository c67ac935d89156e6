"""What two or three clients may meet at, and the laws that say how it has to end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

from tests.journeys.spine import Shop, open_shop
from tests.journeys.test_order import HOME
from tests.simulation.laws import Broken
from tests.simulation.stepping import SteppedStore, Turns
from tradepost.catalog.storage.tables import variants
from tradepost.fulfillment.commands import MoveReturn, RequestReturn, ShipOrder
from tradepost.inventory.commands.carts import GrantReservations
from tradepost.inventory.commands.expiry import ExpireHolds
from tradepost.kernel.clock import SystemClock
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import OrderId, VariantId
from tradepost.kernel.messages import Command
from tradepost.ordering.commands import AddToCart, CancelOrder, ChangeOrder, OpenCart, PlaceOrder
from tradepost.ordering.commands.cart import ChooseInCart
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.errors import SoldOut
from tradepost.payments.commands import RecordPayment, RefundPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.db.statement import AcrossTenants, platform_select
from tradepost.platform.db.work import Reader
from tradepost.platform.outbox import event_log, outbox
from tradepost.platform.relay.sequencer import Sequencer
from tradepost.tenancy.commands import ChangeStore
from tradepost.tenancy.domain import PlaceStatus
from tradepost.wiring.doctor import LAWS, View, Visit, examine

Clients = dict[str, Coroutine[Any, Any, Any]]
Meeting = Callable[[SteppedStore, Turns], Awaitable[None]]
_BOOK = [law for law in LAWS if law.view is View.TENANT]
_UNNUMBERED = AcrossTenants(
    platform_select(outbox.c.event_id)
    .where(outbox.c.event_id.not_in(platform_select(event_log.c.event_id)))
    .limit(1)
)


async def _met(shop: Shop, turns: Turns, clients: Clients) -> dict[str, Any]:
    """Have them meet; whatever they are answered, the book of laws has to hold."""
    store = shop.bus.store
    assert isinstance(store, SteppedStore)
    store.turns = turns
    try:
        answers = await turns.play(clients)
    finally:
        store.turns = None
    for name, answer in answers.items():
        if isinstance(answer, BaseException) and not isinstance(answer, Refusal):
            raise Broken("no.defects", f"{name}: {answer!r}") from answer
    found = await examine(store, _BOOK, [Visit(shop.scope.tenant_id, "shop")])
    for breach in found.breaches:
        raise Broken(breach.law, str(breach))
    return answers


def _order(shop: Shop, *wanted: tuple[str, int]) -> Coroutine[Any, Any, Any]:
    lines = tuple(Wanted(units, sku=sku) for sku, units in wanted)
    return shop.bus.send(shop.scope, PlaceOrder(Basket(lines=lines, ship_to=HOME)))


async def last_units(store: SteppedStore, turns: Turns) -> None:
    """Three buyers, two units."""
    shop = await open_shop(store)
    await shop.article("mug", stock=2)
    answers = await _met(shop, turns, {f"buyer {n}": _order(shop, ("mug", 1)) for n in range(3)})
    refused = [one for one in answers.values() if isinstance(one, SoldOut)]
    if len(refused) != 1:
        raise Broken("stock.promised", f"{len(refused)} of three were refused two units")


async def crossing_orders(store: SteppedStore, turns: Turns) -> None:
    """Three orders of the same articles, named in different orders: nobody runs into another."""
    shop = await open_shop(store)
    for sku in "abc":
        await shop.article(sku, stock=9)
    ways = (("a", "b", "c"), ("c", "a", "b"), ("b", "c", "a"))
    clients = {f"buyer {way}": _order(shop, *((sku, 1) for sku in way)) for way in ways}
    await _met(shop, turns, clients)
    if turns.collided:
        raise Broken("locks.in_order", f"{turns.collided} transactions ran into each other")


async def one_version(store: SteppedStore, turns: Turns) -> None:
    """Three names for one version of a branch: one of them wins."""
    shop = await open_shop(store)
    wishes = {n: ChangeStore(shop.store_id, n, PlaceStatus.ACTIVE, 1) for n in ("A", "B", "C")}
    clients: Clients = {n: shop.bus.send(shop.scope, wish) for n, wish in wishes.items()}
    answers = await _met(shop, turns, clients)
    won = [name for name, one in answers.items() if not isinstance(one, Refusal)]
    if len(won) != 1:
        raise Broken("versions.once", f"{won} have all changed the first version")


async def late_writers(store: SteppedStore, turns: Turns) -> None:
    """A relay moves facts while others are still being written, in shops that share no lock."""
    shops = [await open_shop(store) for _ in range(3)]
    for shop in shops:
        await shop.article("mug", stock=9)
    relay = Sequencer(store, SystemClock())

    async def moving() -> None:
        for _ in range(40):
            await turns.turn()
            await relay.drain()

    clients: Clients = {f"buyer {n}": _order(one, ("mug", 1)) for n, one in enumerate(shops)}
    try:
        await _met(shops[0], turns, {**clients, "relay": moving()})
        await relay.drain()
    finally:
        await relay.resign()

    async def look(db: Reader) -> Any:
        return await db.value(_UNNUMBERED)

    if (lost := await store.relay_read(look)) is not None:
        raise Broken("everything.drains", f"fact {lost} never got its number")


async def lent_connections(store: SteppedStore, turns: Turns) -> None:
    """What a connection was used for says nothing about whoever gets it next."""
    shop = await open_shop(store)
    mug = await shop.article("mug")

    async def look(db: Reader) -> list[Any]:
        return await db.all(AcrossTenants(platform_select(variants.c.id)))

    seen = await store.platform_read("see what nobody may see", look)
    if mug in [VariantId(row[0]) for row in seen]:
        raise Broken("tenants.apart", f"{len(seen)} articles of shops are seen by nobody's work")


async def one_key(store: SteppedStore, turns: Turns) -> None:
    """The same wish three times at once under one key: one order, one answer."""
    shop = await open_shop(store)
    await shop.article("mug", stock=9)
    wish = PlaceOrder(Basket(lines=(Wanted(1, sku="mug"),), ship_to=HOME))
    clients: Clients = {
        f"try {n}": shop.bus.send(shop.scope, wish, key="a key of sixteen") for n in range(3)
    }
    answers = await _met(shop, turns, clients)
    if len({repr(one) for one in answers.values()}) > 1:
        raise Broken("keys.same_answer", str(answers))


async def _paid_order(shop: Shop) -> OrderId:
    placed = await _order(shop, ("mug", 2), ("hat", 1))
    await shop.bus.send(shop.scope, RecordPayment((Share(placed.order_id),)))
    order_id: OrderId = placed.order_id
    return order_id


async def parting_ways(store: SteppedStore, turns: Turns) -> None:
    """An order is called off, shipped, changed and paid back at once."""
    shop = await open_shop(store)
    for sku in ("mug", "hat"):
        await shop.article(sku, stock=3)
    order_id = await _paid_order(shop)
    line_id = await shop.first_line_of(order_id)
    wishes: dict[str, Command] = {
        "cancel": CancelOrder(order_id),
        "ship": ShipOrder(order_id),
        "change": ChangeOrder(order_id, 2, ((line_id, 1),)),
        "refund": RefundPayment(order_id, amount=333),
    }
    await _met(shop, turns, {n: shop.bus.send(shop.scope, one) for n, one in wishes.items()})


async def money_twice(store: SteppedStore, turns: Turns) -> None:
    """Everything is paid back, returned and paid again at once: no more goes than came."""
    shop = await open_shop(store)
    for sku in ("mug", "hat"):
        await shop.article(sku, stock=3)
    order_id = await _paid_order(shop)
    await shop.bus.send(shop.scope, ShipOrder(order_id))
    line_id = await shop.first_line_of(order_id)

    async def back() -> None:
        asked = await shop.bus.send(shop.scope, RequestReturn(order_id, ((line_id, 2),)))
        for action in ("approve", "receive", "refund"):
            await shop.bus.send(shop.scope, MoveReturn(asked.return_id, action))

    clients: Clients = {
        "all back": shop.bus.send(shop.scope, RefundPayment(order_id)),
        "some back": shop.bus.send(shop.scope, RefundPayment(order_id, amount=700)),
        "return": back(),
        "another return": back(),
    }
    await _met(shop, turns, clients)


async def held_and_swept(store: SteppedStore, turns: Turns) -> None:
    """A hold has run out: the sweeper, the cart's own order, and two who want the same."""
    shop = await open_shop(store, hold_starts="cart", hold_minutes=5)
    mug = await shop.article("mug", stock=2)
    cart_id = (await shop.bus.send(shop.scope, OpenCart())).cart_id
    await shop.bus.send(shop.scope, AddToCart(cart_id, 2, variant_id=mug))
    await shop.bus.send(shop.scope, ChooseInCart(cart_id, "me@example.com", HOME))
    await shop.bus.send(shop.scope, GrantReservations())
    later = SystemClock().now() + timedelta(minutes=20)
    cart = PlaceOrder(Basket(cart_id=cart_id), at=later)
    other = PlaceOrder(Basket(lines=(Wanted(1, sku="mug"),), ship_to=HOME), at=later)
    clients: Clients = {
        "sweeper": shop.bus.send(shop.scope, ExpireHolds(at=later)),
        "sweeper too": shop.bus.send(shop.scope, ExpireHolds(at=later)),
        "cart": shop.bus.send(shop.scope, cart),
        "other": shop.bus.send(shop.scope, other),
    }
    await _met(shop, turns, clients)


MEETINGS: tuple[Meeting, ...] = (
    last_units,
    crossing_orders,
    one_version,
    late_writers,
    lent_connections,
    one_key,
    parting_ways,
    money_twice,
    held_and_swept,
)
