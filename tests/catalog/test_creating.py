"""Products enter the catalogue, one or many at once, and are found as articles again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.catalog.shelf import POUND, articles, product, told
from tradepost.catalog.commands import CreatedProduct, CreateProduct
from tradepost.catalog.domain import FulfillmentType, Image, ProductDetails, VariantDraft
from tradepost.catalog.errors import (
    BadImage,
    BarcodeTaken,
    NamedTwice,
    NothingToSell,
    OptionsMismatch,
    SkuTaken,
    SlugTaken,
    TooManyParts,
    VariantTwice,
)
from tradepost.catalog.storage import Articles
from tradepost.kernel.errors import BadAmount, BadCode, BadCurrency, BadText, Refusal, Unknown
from tradepost.kernel.ids import CategoryId, RandomIds, TenantId, VariantId
from tradepost.kernel.messages import Scope
from tradepost.kernel.money import Currency, UnitPrice
from tradepost.kernel.quantity import SalesUnit, Unit
from tradepost.platform.bus import Bus, Wish
from tradepost.platform.db.work import Reader


async def test_a_product_is_found_by_sku_whatever_its_letter_case(bus: Bus, scope: Scope) -> None:
    made = await bus.send(scope, product("White Heart", "85123A", price=2_550_000))
    found = await bus.ask(scope, articles, "85123a", "nobody")
    assert set(found) == {"85123a"}
    article = found["85123a"]
    assert article.variant_id == made.variants[0].variant_id
    assert article.product_id == made.product_id
    assert (article.sku, article.title, article.tax_class) == ("85123A", "White Heart", "standard")
    assert article.unit_price == UnitPrice(2_550_000, Currency("GBP"))
    assert article.sales_unit == SalesUnit() and article.is_offered and article.everywhere
    assert (article.listed, article.backorder, article.vendor_id) == (False, False, None)
    assert made.slug == "white-heart" and made.version == 1


async def test_articles_are_found_by_ids_in_one_statement(bus: Bus, scope: Scope) -> None:
    made = await bus.send(scope, product("Shirt", "S", "M", "L"))
    ids = [one.variant_id for one in made.variants]

    async def look(db: Reader) -> list[str]:
        found = await Articles(db).by_ids([*ids, VariantId(RandomIds().new())])
        return [found[one].title for one in ids] + [str(len(found))]

    assert await bus.ask(scope, look) == ["Shirt / S", "Shirt / M", "Shirt / L", "3"]


async def test_goods_by_weight_keep_their_unit(bus: Bus, scope: Scope) -> None:
    cheese = VariantDraft("CH", 12_990_000, unit=Unit.GRAM, price_per=1_000, step=50)
    service = VariantDraft("POST", 0, fulfillment_type=FulfillmentType.SERVICE, backorder=True)
    await bus.send(scope, CreateProduct(ProductDetails("Cheese"), "GBP", (cheese,)))
    await bus.send(scope, CreateProduct(ProductDetails("Postage"), "GBP", (service,)))
    found = await bus.ask(scope, articles, "CH", "POST")
    assert found["ch"].sales_unit == SalesUnit(Unit.GRAM, 1_000, 50)
    assert not found["ch"].is_offered, "a draft is not offered"
    assert found["post"].fulfillment_type is FulfillmentType.SERVICE and found["post"].backorder


async def test_the_fact_holds_what_search_needs(bus: Bus, scope: Scope) -> None:
    made = await bus.send(
        scope, product("Mug", "A", "B", description="of clay", images=(Image("https://x.test/m"),))
    )
    ((name, stream, version, body),) = await bus.ask(scope, told)
    assert (name, stream, version) == ("product.created", "product", 1)
    face = body["face"]
    assert body["product_id"] == str(made.product_id)
    assert (face["title"], face["slug"], face["description"]) == ("Mug", "mug", "of clay")
    assert (face["price_min_micros"], face["price_max_micros"]) == (POUND, POUND)
    assert face["image_url"] == "https://x.test/m" and face["status"] == "active"
    assert [one["sku"] for one in face["variants"]] == ["A", "B"]


async def test_many_in_one_transaction_are_answered_in_order(bus: Bus, scope: Scope) -> None:
    await bus.send(scope, product("Old", "old"))
    wishes = [
        product("Mug", "M1"),
        product("Mug", "OLD"),
        product("Mug", "M2"),
        product("Bowl", "m1"),
        product("", "M3"),
        product("Plate", "M4", category_ids=(CategoryId(RandomIds().new()),)),
        product("Jug", "M5", slug="mug"),
        product("Jug", "M6"),
    ]
    answers = await bus.send_all(scope, [Wish(wish) for wish in wishes])
    kinds = [type(one) for one in answers]
    expected = [CreatedProduct, SkuTaken, CreatedProduct, SkuTaken, BadText, Unknown, SlugTaken]
    assert kinds == [*expected, CreatedProduct]
    assert answers[0].slug == "mug"
    assert answers[2].slug.startswith("mug-"), "a taken slug gets an ending of its own"
    found = await bus.ask(scope, articles, "M1", "M2", "M3", "M4", "M5", "M6", "old")
    assert set(found) == {"m1", "m2", "m6", "old"}
    assert len(await bus.ask(scope, told)) == 4


async def test_the_same_key_makes_one_product(bus: Bus, scope: Scope) -> None:
    first = await bus.send(scope, product("Mug", "M"), key="new-mug")
    again = await bus.send(scope, product("Mug", "M"), key="new-mug")
    assert first == again
    assert len(await bus.ask(scope, told)) == 1


async def test_two_shops_have_the_same_codes_side_by_side(bus: Bus, scope: Scope) -> None:
    other = Scope(TenantId(RandomIds().new()), scope.actor)
    mine = await bus.send(scope, product("Mug", "M", slug="mug"))
    theirs = await bus.send(other, product("Their mug", "M", slug="mug"))
    assert mine.product_id != theirs.product_id
    assert (await bus.ask(scope, articles, "M"))["m"].title == "Mug"
    assert (await bus.ask(other, articles, "M"))["m"].title == "Their mug"


async def test_a_title_without_latin_letters_has_an_address_too(bus: Bus, scope: Scope) -> None:
    one = await bus.send(scope, product("湯呑み", "Y1"))
    two = await bus.send(scope, product("湯呑み", "Y2"))
    assert one.slug.startswith("product-") and one.slug != two.slug


GTIN = "4006381333931"


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (product("x" * 256, "A"), BadText),
        (product("Mug", ""), BadCode),
        (product("Mug", "A", slug="Not A Slug"), BadCode),
        (product("Mug", "A", price=-1), BadAmount),
        (product("Mug"), NothingToSell),
        (product("Mug", "A", "a"), NamedTwice),
        (replace(product("Mug", "A"), currency="XXX"), BadCurrency),
        (product("Mug", "A", images=(Image("javascript:alert(1)"),)), BadImage),
        (product("Mug", "A", images=(Image("https://x.test/"),) * 251), TooManyParts),
        (
            replace(product("Mug", "S", "M"), variants=(VariantDraft("S", 1, option_values=()),)),
            OptionsMismatch,
        ),
        (
            replace(
                product("Mug", "S", "M"),
                variants=tuple(VariantDraft(sku, 1, option_values=("S",)) for sku in "AB"),
            ),
            VariantTwice,
        ),
        (
            replace(
                product("Mug"),
                variants=tuple(VariantDraft(str(n), 1) for n in range(2_049)),
            ),
            TooManyParts,
        ),
        (
            replace(product("Mug"), variants=(VariantDraft("A", 1, barcode="4006381333932"),)),
            BadCode,
        ),
    ],
)
async def test_what_cannot_be_is_refused_by_its_reason(
    bus: Bus, scope: Scope, wish: CreateProduct, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        await bus.send(scope, wish)
    assert await bus.ask(scope, told) == []


async def test_a_barcode_belongs_to_one_variant(bus: Bus, scope: Scope) -> None:
    def mug(sku: str, barcode: str) -> CreateProduct:
        return replace(product("Mug"), variants=(VariantDraft(sku, 1, barcode=barcode),))

    await bus.send(scope, mug("A", GTIN))
    with pytest.raises(BarcodeTaken):
        await bus.send(scope, mug("B", "0" + GTIN))
