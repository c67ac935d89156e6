"""The catalogue as shoppers and staff look at it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.catalog.shelf import POUND, product
from tests.shops import open_shop
from tradepost.catalog.commands import (
    ArchiveCategory,
    ArchiveProduct,
    ArchiveVariant,
    CreateCategory,
    SetPrice,
)
from tradepost.catalog.domain import Image, ProductStatus
from tradepost.catalog.queries import (
    NEWEST,
    TITLE,
    PriceView,
    ProductCard,
    all_categories,
    category_tree,
    product_of_variant,
    product_page,
    shelf,
    staff_product_page,
    staff_products,
)
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CategoryId, ProductId, RandomIds, VariantId
from tradepost.kernel.messages import Scope
from tradepost.platform.bus import Bus, Wish
from tradepost.pricing.commands import CreatePriceList, SetListPrices
from tradepost.pricing.domain import ListPriceLine, PriceListDraft


@pytest.fixture
async def scope(bus: Bus) -> Scope:
    """A shop that is known by its settings: what shoppers see depends on them."""
    return await open_shop(bus)


TITLES = ["apple", "Bread", "bread", "Crème", "dough", "éclair", "Fig"]


async def stocked(bus: Bus, scope: Scope) -> None:
    """Seven products in one transaction, two of them with titles that differ in case only."""
    await bus.send_all(scope, [Wish(product(title, f"SKU-{n}")) for n, title in enumerate(TITLES)])


async def walked(bus: Bus, scope: Scope, sort: str, size: int) -> list[ProductCard]:
    """The whole shelf, page by page."""
    found: list[ProductCard] = []
    while True:
        after = found[-1].position(sort) if found else None
        page = await bus.ask(scope, shelf, sort=sort, after=after, limit=size)
        found += page
        if len(page) < size:
            return found


@pytest.mark.parametrize("sort", [TITLE, NEWEST])
async def test_pages_show_everything_once_and_in_order(bus: Bus, scope: Scope, sort: str) -> None:
    await stocked(bus, scope)
    whole = await bus.ask(scope, shelf, sort=sort, limit=100)
    assert sorted(one.title for one in whole) == sorted(TITLES)
    for size in (1, 2, 3, 7):
        assert await walked(bus, scope, sort, size) == whole
    titles = [one.title for one in whole]
    assert sort == NEWEST or titles.index("apple") < titles.index("Bread") < titles.index("Fig")


async def test_newest_come_first(bus: Bus, scope: Scope) -> None:
    for title in ("one", "two", "three"):
        await bus.send(scope, product(title, title))
    found = await bus.ask(scope, shelf, sort=NEWEST)
    assert [one.title for one in found] == ["three", "two", "one"]


async def test_shoppers_see_what_is_offered_and_staff_see_all(bus: Bus, scope: Scope) -> None:
    await bus.send(scope, replace(product("Draft", "D"), status=ProductStatus.DRAFT))
    gone = await bus.send(scope, product("Gone", "G"))
    await bus.send(scope, ArchiveProduct(gone.product_id, 1))
    here = await bus.send(scope, product("Here", "H"))
    assert [one.title for one in await bus.ask(scope, shelf)] == ["Here"]
    everything = await bus.ask(scope, staff_products)
    assert [(one.title, one.status) for one in everything] == [
        ("Draft", "draft"),
        ("Gone", "archived"),
        ("Here", "active"),
    ]
    drafts = await bus.ask(scope, staff_products, statuses=[ProductStatus.DRAFT])
    assert [one.title for one in drafts] == ["Draft"]
    for named in (gone.slug, str(gone.product_id), "draft", "nobody", str(RandomIds().new())):
        with pytest.raises(Unknown):
            await bus.ask(scope, product_page, named)
    by_slug = await bus.ask(scope, product_page, here.slug)
    assert by_slug == await bus.ask(scope, product_page, str(here.product_id))
    assert (await bus.ask(scope, staff_product_page, gone.product_id)).version == 2


async def test_a_page_shows_prices_exactly_and_active_variants_only(bus: Bus, scope: Scope) -> None:
    made = await bus.send(
        scope, product("Shirt", "S", "M", "L", images=(Image("https://x.test/"),))
    )
    small, medium, large = (VariantId(one.variant_id) for one in made.variants)
    await bus.send(scope, SetPrice(small, 1_000, POUND, 1))
    await bus.send(scope, SetPrice(large, 9 * POUND, None, 2))
    await bus.send(scope, ArchiveVariant(large, 3))
    page = await bus.ask(scope, product_page, "shirt")
    assert [one.sku for one in page.variants] == ["S", "M"]
    tenth_of_a_penny = PriceView(0, "GBP", "0.001", "0.001 GBP")
    pound = PriceView(100, "GBP", "1.00", "1.00 GBP")
    assert (page.variants[0].price, page.variants[0].compare_at) == (tenth_of_a_penny, pound)
    assert (page.price_from, page.price_to) == (tenth_of_a_penny, pound)
    (card,) = await bus.ask(scope, shelf)
    assert (card.price_from, card.price_to) == (tenth_of_a_penny, pound)
    assert card.image == Image("https://x.test/")
    whole = await bus.ask(scope, product_of_variant, medium)
    assert (whole.version, [one.status for one in whole.variants]) == (
        4,
        ["active", "active", "archived"],
    )
    with pytest.raises(Unknown):
        await bus.ask(scope, product_of_variant, VariantId(RandomIds().new()))


async def test_a_category_shows_all_below_it(bus: Bus, scope: Scope) -> None:
    home = (await bus.send(scope, CreateCategory("Home"))).category_id
    vases = (await bus.send(scope, CreateCategory("Vases", home))).category_id
    old = (await bus.send(scope, CreateCategory("Old", home))).category_id
    for title, within in (("Lamp", home), ("Vase", vases), ("Relic", old)):
        await bus.send(scope, product(title, title, category_ids=(within,)))
    await bus.send(scope, product("Loose", "loose"))
    both = product("Both", "both", category_ids=(CategoryId(home), CategoryId(vases)))
    await bus.send(scope, both)
    await bus.send(scope, ArchiveCategory(old, 1))

    async def titles(category: str) -> list[str]:
        return [one.title for one in await bus.ask(scope, shelf, category=category)]

    assert await titles("home") == ["Both", "Lamp", "Vase"]
    assert await titles(str(vases)) == ["Both", "Vase"]
    for lost in ("old", "nobody"):
        with pytest.raises(Unknown):
            await bus.ask(scope, shelf, category=lost)
    own = await bus.ask(scope, staff_products, category_id=CategoryId(old))
    assert [one.title for one in own] == ["Relic"]
    page = await bus.ask(scope, product_page, "both")
    assert [one.name for one in page.categories] == ["Home", "Vases"]


async def test_the_tree_stands_in_order_without_what_is_archived(bus: Bus, scope: Scope) -> None:
    second = (await bus.send(scope, CreateCategory("Second", position=2))).category_id
    await bus.send(scope, CreateCategory("First", position=1))
    for name in ("b", "a"):
        await bus.send(scope, CreateCategory(name, second))
    gone = (await bus.send(scope, CreateCategory("c", second))).category_id
    await bus.send(scope, ArchiveCategory(gone, 1))
    tree = await bus.ask(scope, category_tree)
    assert [one.name for one in tree] == ["First", "Second"]
    assert [one.name for one in tree[1].children] == ["a", "b"]
    everything = await bus.ask(scope, all_categories)
    assert {(one.name, one.status.value) for one in everything} >= {("c", "archived")}
    assert len(everything) == 5


async def test_nobody_sees_another_shop(bus: Bus, scope: Scope) -> None:
    other = await open_shop(bus)
    theirs = await bus.send(other, product("Theirs", "T"))
    await bus.send(other, CreateCategory("Theirs"))
    assert await bus.ask(scope, shelf) == [] == await bus.ask(scope, staff_products)
    assert await bus.ask(scope, category_tree) == ()
    with pytest.raises(Unknown):
        await bus.ask(scope, product_page, str(theirs.product_id))
    with pytest.raises(Unknown):
        await bus.ask(scope, staff_product_page, ProductId(theirs.product_id))


async def test_shoppers_see_the_prices_that_lists_give_everybody(bus: Bus, scope: Scope) -> None:
    made = await bus.send(scope, product("Shirt", "S", "M"))
    await bus.send(scope, product("Mug", "MUG"))
    small, medium = (VariantId(one.variant_id) for one in made.variants)

    async def listed(price: int, variant_id: VariantId, **draft: Any) -> None:
        wish = CreatePriceList(PriceListDraft("L", "GBP", **draft))
        list_id = (await bus.send(scope, wish)).price_list_id
        await bus.send(scope, SetListPrices(list_id, (ListPriceLine(variant_id, price),), 1))

    await listed(500_000, small, channel="web")
    await listed(100_000, medium, channel="counter")
    mug, shirt = await bus.ask(scope, shelf)
    assert [one and one.text for one in (shirt.price_from, shirt.price_to)] == [
        "0.50 GBP",
        "1.00 GBP",
    ]
    assert mug.price_from and mug.price_from.text == "1.00 GBP"
    page = await bus.ask(scope, product_page, "shirt")
    assert [one.price.text for one in page.variants] == ["0.50 GBP", "1.00 GBP"]
    assert (page.price_from.text, page.price_to.text) == ("0.50 GBP", "1.00 GBP")
    (_, staff) = await bus.ask(scope, staff_products)
    assert staff.price_from and staff.price_from.text == "1.00 GBP", "staff see the base price"
