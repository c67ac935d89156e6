"""The index follows the log: what is sold, renamed and sold out is found as it stands."""

from __future__ import annotations

from dataclasses import replace

from tests.journeys.spine import Shop, open_shop
from tests.search.builders import open_engine
from tradepost.catalog.commands import ReviseArticles
from tradepost.catalog.domain.revision import ArticleLine
from tradepost.inventory.commands.goods import ReceiveStock
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Address, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.platform.db.work import Store
from tradepost.platform.worker import Worker
from tradepost.search.domain import SearchDocument, SearchQuery
from tradepost.search.gateway import TantivySearch
from tradepost.wiring.search import SearchFeed


async def _found(engine: TantivySearch, shop: Shop, text: str) -> list[SearchDocument]:
    page = await engine.search(SearchQuery(tenant_id=shop.scope.tenant_id, text=text))
    return list(page.hits)


async def test_the_index_follows_and_is_equal_when_made_anew(store: Store) -> None:
    shop = await open_shop(store)
    worker = Worker(shop.bus, [])
    engine = await open_engine()
    feed = SearchFeed(store, engine)
    await shop.article("lamp", "12.50", stock=2)
    await shop.article("vase", "8.00", stock=5)
    await worker.settle()
    await feed.catch_up()
    (lamp,) = await _found(engine, shop, "lamp")
    assert (lamp.price_min, lamp.available, lamp.currency) == (1250, True, "GBP")
    line = ArticleLine("lamp", "Brass lantern", 9_990_000)
    await shop.bus.send(shop.scope, ReviseArticles((line,), "GBP"))
    wish = PlaceOrder(Basket(lines=(Wanted(2, sku="lamp"),), ship_to=Address("GB")))
    await shop.bus.send(shop.scope, wish)
    await worker.settle()
    await feed.catch_up()
    (lantern,) = await _found(engine, shop, "lantern")
    assert (lantern.price_min, lantern.available) == (999, False)
    before = await _found(engine, shop, "")
    await feed.rebuild()
    assert await _found(engine, shop, "") == before
    await engine.close()


async def test_an_order_that_leaves_some_in_stock_changes_nothing_there(store: Store) -> None:
    shop = await open_shop(store)
    worker = Worker(shop.bus, [])
    engine = await open_engine()
    feed = SearchFeed(store, engine)
    await shop.article("vase", "8.00", stock=2)
    indexed = []
    for units in (0, 1, 1):
        if units:
            wish = PlaceOrder(Basket(lines=(Wanted(units, sku="vase"),), ship_to=Address("GB")))
            await shop.bus.send(shop.scope, wish)
        await worker.settle()
        await feed.catch_up()
        indexed += await _found(engine, shop, "vase")
    first, left, gone = indexed
    assert first == left
    assert gone == replace(first, available=False, seq=gone.seq)
    assert gone.seq > first.seq
    variant_id = await shop.article("bowl", "3.00", stock=1)
    for units in (3, 4):
        lines = (GoodsLine(variant_id, units),)
        await shop.bus.send(shop.scope, ReceiveStock(shop.location_id, lines))
        await worker.settle()
        await feed.catch_up()
        (bowl,) = await _found(engine, shop, "bowl")
        assert bowl.available
        order = PlaceOrder(Basket(lines=(Wanted(4, sku="bowl"),), ship_to=Address("GB")))
        await shop.bus.send(shop.scope, order)
        await worker.settle()
        await feed.catch_up()
        (bowl,) = await _found(engine, shop, "bowl")
        assert not bowl.available
    await engine.close()
