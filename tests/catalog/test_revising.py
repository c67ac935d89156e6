"""A revision takes over titles and base prices of many articles, and tells each type once."""

from __future__ import annotations

import pytest

from tests.catalog.shelf import POUND, articles, product, told
from tradepost.catalog.commands import ArticlesRevised, ReviseArticles
from tradepost.catalog.domain import ArticleLine
from tradepost.catalog.errors import OtherCurrencyOfProduct, TooManyParts
from tradepost.kernel.messages import Scope
from tradepost.platform.bus import Bus


async def test_only_what_differs_changes_and_is_told(bus: Bus, scope: Scope) -> None:
    made = {
        sku: await bus.send(scope, product(title, sku))
        for sku, title in [("A", "Mug"), ("B", "Bowl"), ("C", "Jug"), ("D", "Plate")]
    }
    lines = (
        ArticleLine("a", "Mug", POUND),
        ArticleLine("b", "BOWL", POUND),
        ArticleLine("c", "Jug", 5),
        ArticleLine("d", "Dish", 7),
        ArticleLine("d", "DISH", 8),
        ArticleLine("nobody", "x", 1),
    )
    answer = await bus.send(scope, ReviseArticles(lines, "GBP"))
    assert answer == ArticlesRevised(titles=2, prices=2, unknown=("nobody",))
    found = await bus.ask(scope, articles, "a", "b", "c", "d")
    now = {sku: (one.title, one.unit_price.micros) for sku, one in found.items()}
    assert now == {
        "a": ("Mug", POUND),
        "b": ("BOWL", POUND),
        "c": ("Jug", 5),
        "d": ("DISH", 8),
    }
    *_, titles, prices = await bus.ask(scope, told)
    assert titles[:3] == ("product.retitled", "revision", 1)
    assert {(one["product_id"], one["version"], one["title"]) for one in titles[3]["products"]} == {
        (str(made["B"].product_id), 2, "BOWL"),
        (str(made["D"].product_id), 2, "DISH"),
    }
    assert prices[:3] == ("price.updated", "revision", 1)
    jug = next(p for p in prices[3]["products"] if p["product_id"] == str(made["C"].product_id))
    assert jug["variants"] == [
        {
            "variant_id": str(made["C"].variants[0].variant_id),
            "sku": "C",
            "price_micros": 5,
            "was_micros": POUND,
        }
    ]
    assert (jug["version"], jug["price_min_micros"], jug["price_max_micros"]) == (2, 5, 5)


async def test_the_same_again_changes_and_tells_nothing(bus: Bus, scope: Scope) -> None:
    await bus.send(scope, product("Mug", "A"))
    wish = ReviseArticles((ArticleLine("a", "Cup", 5),), "GBP")
    await bus.send(scope, wish)
    before = await bus.ask(scope, told)
    assert await bus.send(scope, wish) == ArticlesRevised(0, 0, ())
    assert await bus.ask(scope, told) == before


async def test_siblings_make_one_change_of_their_product(bus: Bus, scope: Scope) -> None:
    await bus.send(scope, product("Shirt", "S", "M", "L"))
    lines = (ArticleLine("s", "Tee", 5), ArticleLine("m", None, 9), ArticleLine("l", "Tee", None))
    assert await bus.send(scope, ReviseArticles(lines, "GBP")) == ArticlesRevised(1, 2, ())
    (*_, titles, prices) = await bus.ask(scope, told)
    assert [one["version"] for one in titles[3]["products"]] == [2]
    (shirt,) = prices[3]["products"]
    assert (shirt["price_min_micros"], shirt["price_max_micros"]) == (5, POUND)
    found = await bus.ask(scope, articles, "s", "m", "l")
    assert {one.title for one in found.values()} == {"Tee / S", "Tee / M", "Tee / L"}


async def test_another_currency_is_refused_and_changes_nothing(bus: Bus, scope: Scope) -> None:
    await bus.send(scope, product("Mug", "A"))
    await bus.send(scope, product("Bowl", "B"))
    with pytest.raises(OtherCurrencyOfProduct):
        await bus.send(scope, ReviseArticles((ArticleLine("a", "Cup", 5),), "EUR"))
    assert (await bus.ask(scope, articles, "a"))["a"].title == "Mug"


async def test_a_revision_has_a_limit(bus: Bus, scope: Scope) -> None:
    lines = tuple(ArticleLine(str(n), None, None) for n in range(10_001))
    with pytest.raises(TooManyParts):
        await bus.send(scope, ReviseArticles(lines, "GBP"))
    assert await bus.send(scope, ReviseArticles(lines[:10_000], "GBP")) == ArticlesRevised(
        0, 0, tuple(str(n) for n in range(10_000))
    )
