"""What is offered at some locations only is sold, held and shown as free from these alone."""

from __future__ import annotations

from dataclasses import replace

from tests.journeys.spine import Shop, open_shop
from tests.journeys.test_order import HOME
from tests.search.builders import open_engine
from tradepost.catalog.commands import CreateProduct
from tradepost.catalog.domain import ProductDetails, ProductStatus, VariantDraft
from tradepost.inventory.commands.carts import GrantReservations
from tradepost.inventory.commands.goods import ReceiveStock
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.inventory.queries import availability
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import LocationId, VariantId
from tradepost.ordering.commands import AddToCart, OpenCart, PlaceOrder
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.errors import SoldOut
from tradepost.platform.bus import Wish
from tradepost.platform.db.work import Store
from tradepost.platform.worker import Worker
from tradepost.search.domain import SearchQuery
from tradepost.tenancy.commands import CreateLocation
from tradepost.wiring.parts import build_bus
from tradepost.wiring.search import SearchFeed

Free = dict[LocationId, int]


async def _limited(
    shop: Shop, sku: str, at: tuple[LocationId, ...], *, backorder: bool = False
) -> VariantId:
    """An article that is offered at these locations only."""
    draft = VariantDraft(sku=sku, price_micros=10_000_000, backorder=backorder)
    details = ProductDetails(title=f"The {sku}", location_ids=at)
    wish = CreateProduct(details, "GBP", (draft,), ProductStatus.ACTIVE)
    variant_id: VariantId = (await shop.bus.send(shop.scope, wish)).variants[0].variant_id
    return variant_id


async def _stocked(shop: Shop, variant: VariantId, units: dict[LocationId, int]) -> None:
    for place, count in units.items():
        await shop.bus.send(shop.scope, ReceiveStock(place, (GoodsLine(variant, count),)))


async def _free(shop: Shop, variant: VariantId) -> Free:
    found = await shop.bus.ask(shop.scope, availability, [variant])
    return {one.location_id: one.available for one in found}


async def _two_places(store: Store, **settings: object) -> tuple[Shop, LocationId, LocationId]:
    """A shop with a second location, which is less preferred than the first."""
    shop = await open_shop(store, **settings)
    wish = CreateLocation(shop.store_id, "upstairs", "Upstairs")
    second = await shop.bus.send(shop.scope, wish)
    # the first bus remembers for a while what locations there were
    return replace(shop, bus=build_bus(store)), shop.location_id, second


def _order(*wanted: tuple[str, int]) -> PlaceOrder:
    lines = tuple(Wanted(units, sku=sku) for sku, units in wanted)
    return PlaceOrder(Basket(lines=lines, ship_to=HOME))


async def test_goods_elsewhere_are_not_sold(store: Store) -> None:
    shop, first, second = await _two_places(store)
    lamp = await _limited(shop, "lamp", (second,))
    vase = await shop.article("vase", stock=5)
    await _stocked(shop, lamp, {first: 9, second: 2})
    both, more = await shop.bus.send_all(
        shop.scope, [Wish(_order(("lamp", 2), ("vase", 1))), Wish(_order(("lamp", 1)))]
    )
    assert not isinstance(both, Refusal)
    assert isinstance(more, SoldOut) and more.available == 0
    assert await _free(shop, lamp) == {first: 9, second: 0}
    assert await _free(shop, vase) == {first: 4}


async def test_a_backorder_waits_where_it_may_be_sold(store: Store) -> None:
    shop, first, second = await _two_places(store)
    lamp = await _limited(shop, "lamp", (second,), backorder=True)
    await _stocked(shop, lamp, {first: 3})
    await shop.bus.send(shop.scope, _order(("lamp", 2)))
    assert await _free(shop, lamp) == {first: 3, second: -2}


async def test_a_cart_holds_nothing_elsewhere(store: Store) -> None:
    shop, first, second = await _two_places(store, hold_starts="cart")
    lamp = await _limited(shop, "lamp", (second,))
    await _stocked(shop, lamp, {first: 9, second: 1})
    for _ in range(2):
        cart_id = (await shop.bus.send(shop.scope, OpenCart())).cart_id
        await shop.bus.send(shop.scope, AddToCart(cart_id, 1, variant_id=lamp))
        await shop.bus.send(shop.scope, GrantReservations())
    assert await _free(shop, lamp) == {first: 9, second: 0}


async def test_what_is_free_elsewhere_is_not_shown_to_shoppers(store: Store) -> None:
    shop, first, second = await _two_places(store)
    lamp, sofa = [await _limited(shop, sku, (second,)) for sku in ("lamp", "sofa")]
    await _stocked(shop, lamp, {first: 9})
    await _stocked(shop, sofa, {first: 9, second: 1})
    engine = await open_engine()
    await Worker(shop.bus, []).settle()
    await SearchFeed(store, engine).catch_up()
    page = await engine.search(SearchQuery(tenant_id=shop.scope.tenant_id, text=""))
    assert {hit.title: hit.available for hit in page.hits} == {
        "The lamp": False,
        "The sofa": True,
    }
    await engine.close()
