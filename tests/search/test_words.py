"""What is found by which words, and in which order."""

from __future__ import annotations

import pytest
from tests.search.builders import category, find, product, stock, stock_titles

from tradepost.search.ports import SearchEngine


async def test_all_words_must_be_there_in_any_order(engine: SearchEngine) -> None:
    await stock_titles(engine, "Red cotton shirt", "Red wool hat", "Blue cotton shirt")
    assert await find(engine, "shirt red ") == ["Red cotton shirt"]
    assert await find(engine, "velvet ") == []


async def test_the_last_word_may_be_begun_only(engine: SearchEngine) -> None:
    await stock_titles(engine, "Marmalade", "Maple syrup", "Tomato")
    assert await find(engine, "mar") == ["Marmalade"]
    assert set(await find(engine, "ma")) == {"Marmalade", "Maple syrup"}
    assert await find(engine, "ma ") == [], "a blank ends the word"
    assert await find(engine, "map syr") == [], "only the last word is still being typed"


@pytest.mark.parametrize(
    "typed", ["chcolate ", "chocolatte ", "chocolote ", "chocoalte ", "chcol", "hocolate"]
)
async def test_one_letter_may_be_wrong(engine: SearchEngine, typed: str) -> None:
    await stock_titles(engine, "Chocolate cake", "Coffee cake")
    assert await find(engine, typed) == ["Chocolate cake"]


@pytest.mark.parametrize("typed", ["cak3s ", "chclate ", "tae ", "8004 "])
async def test_two_letters_short_words_and_numbers_may_not(
    engine: SearchEngine, typed: str
) -> None:
    await stock_titles(engine, "Chocolate cake", "Green tea", "Model 8003")
    assert await find(engine, typed) == []


async def test_better_matches_come_first(engine: SearchEngine) -> None:
    await stock(
        engine,
        product("Bread with a trace of other things", description="Baked from wheat."),
        product("Whear tonic"),
        product("Wheaten loaf"),
        product("Wheat and rye from the old mill"),
        product("Wheat"),
        product("A box", skus=("wheat",)),
    )
    assert await find(engine, "wheat") == [
        "A box",
        "Wheat",
        "Wheat and rye from the old mill",
        "Wheaten loaf",
        "Bread with a trace of other things",
        "Whear tonic",
    ]


async def test_descriptions_vendors_and_categories_are_found(engine: SearchEngine) -> None:
    await stock(
        engine,
        product(
            "Lamp",
            description="<p>Warm <b>glow</b> &amp; long life</p>",
            vendor="Øresund Lys",
            categories=(category("lights", "Lighting"),),
        ),
    )
    for typed in ("glow ", "life lamp ", "oresund ", "lighting "):
        assert await find(engine, typed) == ["Lamp"], typed
    assert await find(engine, "strong amp ") == [], "marks of HTML are no words"
    assert await find(engine, "glod ") == [], "typos are forgiven in names only"


async def test_skus_and_barcodes_are_found_however_written(engine: SearchEngine) -> None:
    await stock(
        engine,
        product("Mug", skus=("AB-12/c",), barcodes=("0012345678905",)),
        product("AB stickers 12 c"),
    )
    for typed in ("AB-12/c", "ab12C", "ab 12 c"):
        assert (await find(engine, typed))[0] == "Mug", typed
    for typed in ("12345678905", "012345678905", "00012345678905"):
        assert await find(engine, typed) == ["Mug"], typed


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Crème Brûlée", "creme BRULEE"),
        ("Creme", "crème"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("ΣΊΣΥΦΟΣ", "σισυφος"),
        ("Ёлка", "елка"),
        ("Men's T-shirt", "tshirt"),
        ("Men's T-shirt", "men’s t-shirt"),
        ("Men’s T-shirt", "men "),
        ("ﬁne ﬂour", "fine flour"),
        ("हिन्दी चाय", "चाय"),
        ("قَهْوَة", "قَهْوَة"),
    ],
)
async def test_writing_varies(engine: SearchEngine, title: str, typed: str) -> None:
    await stock_titles(engine, title, "Something else")
    assert await find(engine, typed) == [title]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("緑茶", {"宇治の緑茶", "緑茶ラテ Matcha"}),
        ("茶", {"宇治の緑茶", "緑茶ラテ Matcha"}),
        ("宇治", {"宇治の緑茶"}),
        ("の緑", {"宇治の緑茶"}),
        ("茶緑", set()),
        ("りんご", {"りんごジュース 100％", "ﾘﾝｺﾞあめ"}),
        ("リンゴ", {"りんごジュース 100％", "ﾘﾝｺﾞあめ"}),
        ("ﾘﾝｺﾞ", {"りんごジュース 100％", "ﾘﾝｺﾞあめ"}),
        ("りんごジュース", {"りんごジュース 100％"}),
        ("りんごヅュース", {"りんごジュース 100％"}),
        ("１００", {"りんごジュース 100％"}),
        ("ＭＡＴＣＨＡ", {"緑茶ラテ Matcha"}),
        ("ラテ matcha", {"緑茶ラテ Matcha"}),
        ("가방", {"빨간 가방"}),
        ("กาแฟ", {"กาแฟเย็น"}),
    ],
)
async def test_scripts_without_blanks(engine: SearchEngine, typed: str, found: set[str]) -> None:
    await stock_titles(
        engine,
        "宇治の緑茶",
        "緑茶ラテ Matcha",
        "りんごジュース 100％",
        "ﾘﾝｺﾞあめ",
        "빨간 가방",
        "กาแฟเย็น",
    )
    assert set(await find(engine, typed)) == found


async def test_suggestions_complete_what_is_typed(engine: SearchEngine) -> None:
    await stock(
        engine,
        product("Oat biscuits"),
        product("Oat drink"),
        product("Oat drink", product_id=product("another").product_id),
        product("Oatmeal soap", status="draft"),
        product("Soft boots"),
    )

    async def suggested(prefix: str, limit: int = 8) -> list[str]:
        tenant_id = product("any").tenant_id
        return [each.title for each in await engine.suggest(tenant_id, prefix, limit)]

    assert await suggested("oa") == ["Oat drink", "Oat biscuits"]
    assert await suggested("oat dr") == ["Oat drink"]
    assert await suggested("oa", limit=1) == ["Oat drink"]
    assert await suggested("bisciuts") == ["Oat biscuits"]
    assert await suggested(" ") == []
