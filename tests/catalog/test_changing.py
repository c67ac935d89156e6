"""One product is changed under its version; what is told is the whole of it afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.catalog.shelf import POUND, articles, product, told
from tradepost.catalog.commands import (
    ActivateProduct,
    AddVariant,
    ArchiveProduct,
    ArchiveVariant,
    CreateCategory,
    CreatedProduct,
    RestoreProduct,
    RestoreVariant,
    ReviseArticles,
    SetPrice,
    UpdateProduct,
    UpdateVariant,
    WithdrawProduct,
)
from tradepost.catalog.domain import ArticleLine, Option, ProductDetails, VariantDraft
from tradepost.catalog.errors import (
    NothingToSell,
    OptionsMismatch,
    SkuTaken,
    SlugTaken,
    VariantTwice,
)
from tradepost.kernel.errors import BadAmount, Stale, Unknown
from tradepost.kernel.ids import LocationId, ProductId, RandomIds, VariantId, VendorId
from tradepost.kernel.messages import Command, Scope
from tradepost.kernel.states import WrongState
from tradepost.mall.commands import CreateVendor
from tradepost.mall.domain import VendorDetails
from tradepost.platform.bus import Bus


async def shirt(bus: Bus, scope: Scope) -> CreatedProduct:
    """A shirt in two sizes."""
    made: CreatedProduct = await bus.send(scope, product("Shirt", "S", "M"))
    return made


async def last(bus: Bus, scope: Scope, name: str) -> dict[str, Any]:
    """The body of the newest fact of a name."""
    return [body for kind, _, _, body in await bus.ask(scope, told) if kind == name][-1]


async def test_details_are_replaced_and_told_whole(bus: Bus, scope: Scope) -> None:
    made = await shirt(bus, scope)
    first, second = [
        (await bus.send(scope, CreateCategory(name))).category_id for name in ("Men", "Sale")
    ]
    place = LocationId(RandomIds().new())
    vendor: VendorId = await bus.send(scope, CreateVendor("acme", VendorDetails("Acme")))
    sizes = (Option("Size", ("S", "M", "L")),)
    details = ProductDetails(
        "Tee", None, "cotton", vendor, None, (first, second), (place,), (), sizes
    )
    assert await bus.send(scope, UpdateProduct(made.product_id, details, 1)) == 2
    body = await last(bus, scope, "product.updated")
    face = body["face"]
    assert body["version"] == 2
    assert (face["title"], face["slug"], face["description"]) == ("Tee", "shirt", "cotton")
    assert face["category_ids"] == [str(first), str(second)]
    assert face["location_ids"] == [str(place)] and face["vendor_id"] == str(vendor)
    article = (await bus.ask(scope, articles, "S"))["s"]
    assert article.title == "Tee / S" and article.vendor_id == vendor and not article.everywhere

    fewer = replace(details, slug="tee", category_ids=(second,), location_ids=())
    assert await bus.send(scope, UpdateProduct(made.product_id, fewer, 2)) == 3
    face = (await last(bus, scope, "product.updated"))["face"]
    assert (face["slug"], face["category_ids"], face["location_ids"]) == ("tee", [str(second)], [])
    assert (await bus.ask(scope, articles, "S"))["s"].everywhere


async def test_the_life_of_a_product(bus: Bus, scope: Scope) -> None:
    made = await shirt(bus, scope)
    steps: list[tuple[type[Any], str, bool]] = [
        (WithdrawProduct, "product.updated", False),
        (ActivateProduct, "product.updated", True),
        (ArchiveProduct, "product.archived", False),
        (RestoreProduct, "product.updated", False),
        (ActivateProduct, "product.updated", True),
    ]
    for version, (step, name, offered) in enumerate(steps, start=1):
        assert await bus.send(scope, step(made.product_id, version)) == version + 1
        assert (await bus.ask(scope, told))[-1][:3] == (name, "product", version + 1)
        assert (await bus.ask(scope, articles, "S"))["s"].is_offered is offered
    with pytest.raises(WrongState):
        await bus.send(scope, RestoreProduct(made.product_id, 6))


async def test_variants_come_and_change(bus: Bus, scope: Scope) -> None:
    made = await shirt(bus, scope)
    more = ProductDetails("Shirt", options=(Option("Size", ("S", "M", "L")),))
    await bus.send(scope, UpdateProduct(made.product_id, more, 1))
    large = VariantDraft("L", 3 * POUND, option_values=("L",))
    added = await bus.send(scope, AddVariant(made.product_id, large, 2))
    assert added.version == 3
    face = (await last(bus, scope, "product.updated"))["face"]
    assert [one["sku"] for one in face["variants"]] == ["S", "M", "L"]
    assert face["price_max_micros"] == 3 * POUND

    changed = replace(large, sku="XL", price_micros=4 * POUND, backorder=True, weight_grams=200)
    assert await bus.send(scope, UpdateVariant(added.variant_id, changed, 3)) == 4
    found = await bus.ask(scope, articles, "L", "XL")
    assert set(found) == {"xl"} and found["xl"].backorder and found["xl"].weight_grams == 200
    assert found["xl"].variant_id == added.variant_id

    assert await bus.send(scope, ArchiveVariant(added.variant_id, 4)) == 5
    assert not (await bus.ask(scope, articles, "XL"))["xl"].is_offered
    face = (await last(bus, scope, "product.updated"))["face"]
    assert face["price_max_micros"] == POUND, "only what is offered counts"
    assert await bus.send(scope, RestoreVariant(added.variant_id, 5)) == 6
    assert (await bus.ask(scope, articles, "XL"))["xl"].is_offered


async def test_a_price_is_told_with_what_it_was(bus: Bus, scope: Scope) -> None:
    made = await shirt(bus, scope)
    small = VariantId(made.variants[0].variant_id)
    assert await bus.send(scope, SetPrice(small, 700_000, POUND, 1)) == 2
    body = await last(bus, scope, "price.updated")
    assert body["products"] == [
        {
            "product_id": str(made.product_id),
            "version": 2,
            "currency": "GBP",
            "price_min_micros": 700_000,
            "price_max_micros": POUND,
            "variants": [
                {
                    "variant_id": str(small),
                    "sku": "S",
                    "price_micros": 700_000,
                    "was_micros": POUND,
                }
            ],
        }
    ]
    assert (await bus.ask(scope, articles, "S"))["s"].unit_price.micros == 700_000
    await bus.send(scope, SetPrice(small, 700_000, None, 2))
    names = [name for name, *_ in await bus.ask(scope, told)]
    assert names.count("price.updated") == 1, "the same price is no news"


async def test_a_stale_version_changes_nothing_whoever_moved_it(bus: Bus, scope: Scope) -> None:
    made = await shirt(bus, scope)
    small = VariantId(made.variants[0].variant_id)
    await bus.send(scope, ReviseArticles((ArticleLine("s", "Tee", 5),), "GBP"))
    before = await bus.ask(scope, told)
    wishes: list[Command] = [
        SetPrice(small, 7, None, 1),
        ArchiveProduct(made.product_id, 1),
        UpdateVariant(small, VariantDraft("S", 7, option_values=("S",)), 1),
        UpdateProduct(
            made.product_id, ProductDetails("x", options=(Option("Size", ("S", "M")),)), 1
        ),
    ]
    for wish in wishes:
        with pytest.raises(Stale) as refused:
            await bus.send(scope, wish)
        assert refused.value.current == 2
    assert await bus.ask(scope, told) == before
    article = (await bus.ask(scope, articles, "S"))["s"]
    assert (article.title, article.unit_price.micros) == ("Tee / S", 5)


async def test_what_cannot_be_is_refused_and_changes_nothing(bus: Bus, scope: Scope) -> None:
    made = await shirt(bus, scope)
    await bus.send(scope, product("Mug", "MUG"))
    small, medium = (VariantId(one.variant_id) for one in made.variants)
    nobody = RandomIds().new()
    sizes = (Option("Size", ("S", "M")),)
    before = await bus.ask(scope, told)
    refused: list[tuple[Command, type[Exception]]] = [
        (
            UpdateProduct(made.product_id, ProductDetails("x", slug="mug", options=sizes), 1),
            SlugTaken,
        ),
        (UpdateProduct(made.product_id, ProductDetails("x"), 1), OptionsMismatch),
        (UpdateVariant(small, VariantDraft("mug", 1, option_values=("S",)), 1), SkuTaken),
        (UpdateVariant(small, VariantDraft("S", 1, option_values=("M",)), 1), VariantTwice),
        (SetPrice(small, -1, None, 1), BadAmount),
        (SetPrice(VariantId(nobody), 1, None, 1), Unknown),
        (ArchiveProduct(ProductId(nobody), 1), Unknown),
        (RestoreVariant(small, 1), WrongState),
    ]
    for wish, why in refused:
        with pytest.raises(why):
            await bus.send(scope, wish)
    assert await bus.ask(scope, told) == before
    await bus.send(scope, ArchiveVariant(small, 1))
    with pytest.raises(NothingToSell):
        await bus.send(scope, ArchiveVariant(medium, 2))
