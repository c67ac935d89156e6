"""Search through the public door: found, narrowed, paged; a foreign cursor is refused."""

from __future__ import annotations

from tests.search.builders import open_engine
from tests.web.market import open_market
from tradepost.platform.db.work import Store
from tradepost.platform.worker import Worker
from tradepost.search.queries import Finder
from tradepost.wiring.search import SearchFeed


async def test_products_are_found_narrowed_and_paged(store: Store) -> None:
    market = await open_market(store)
    engine = await open_engine()
    market.house.services[Finder] = Finder(engine)
    for number in range(5):
        await market.shop.article(f"mug-{number}", f"{number + 1}.00", stock=number)
    await Worker(market.shop.bus, []).settle()
    await SearchFeed(store, engine).catch_up()
    async with market.shopper() as shopper:
        page = (await shopper.get("/api/v1/search", params={"q": "mug", "limit": 3})).json()
        assert (page["total"], len(page["items"])) == (5, 3)
        assert page["facets"]["unavailable"] == 1
        rest = {"q": "mug", "limit": 3, "cursor": page["next_cursor"]}
        more = (await shopper.get("/api/v1/search", params=rest)).json()
        titles = [one["title"] for one in page["items"] + more["items"]]
        assert len(set(titles)) == 5 and more["next_cursor"] is None
        narrow: dict[str, str | int] = {
            "q": "mug",
            "price_from": 200,
            "price_to": 400,
            "available": "true",
        }
        found = (await shopper.get("/api/v1/search", params=narrow | {"sort": "-price"})).json()
        assert [one["price_min"] for one in found["items"]] == [400, 300, 200]
        stolen = {"q": "cup", "limit": 3, "cursor": page["next_cursor"]}
        refused = await shopper.get("/api/v1/search", params=stolen)
        assert refused.status_code == 400
        assert (await shopper.get("/api/v1/search", params={"q": "x" * 101})).status_code == 422
        words = await shopper.get("/api/v1/search/suggestions", params={"q": "the mu"})
        assert len(words.json()) == 5
    await engine.close()
