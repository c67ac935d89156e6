"""What is found by which words, and in which order."""

from __future__ import annotations

from itertools import permutations
from random import Random

import pytest
from tests.search.builders import category, find, product, stock, stock_titles

from tradepost.search.domain import PriceRange
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


async def test_slips_are_forgiven_where_words_find_little(engine: SearchEngine) -> None:
    plenty = [product(f"Wheat {number}", price_min=number) for number in range(24)]
    slips = (product("Whear", price_min=5), product("Wheats", price_min=5))
    await stock(engine, *plenty[:-1], *slips)
    assert len(await find(engine, "wheat ", limit=100)) == 25
    await stock(engine, plenty[-1])
    assert len(await find(engine, "wheat ", limit=100)) == 24
    # A filter does not change what the words mean, or choosing would not find what was counted.
    assert await find(engine, "wheat ", price=PriceRange(5, 5)) == ["Wheat 5"]
    found = await find(engine, "wheats ", limit=100)
    assert (found[0], len(found)) == ("Wheats", 25)


def _slipped(word: str, letters: str) -> set[str]:
    """What one slip makes of a word, and the word."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    made = {left + right[1:] for left, right in parts}
    made |= {left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1}
    made |= {left + letter + right for left, right in parts for letter in letters}
    return made | {left + letter + right[1:] for left, right in parts for letter in letters}


async def test_slips_of_all_kinds_are_found_among_few_words_and_many(engine: SearchEngine) -> None:
    rnd = Random(5)
    few = {"".join(rnd.choices("xyz", k=rnd.randint(3, 7))) for _ in range(150)}
    many = {"ab" + "".join(rest) for rest in permutations("abcdefghij", 3)}
    await stock_titles(engine, *sorted(few | many))
    some = rnd.sample(sorted(few | many), 60)
    typed = {rnd.choice(sorted(_slipped(word, "aijxyz"))) for word in some} | {"abcd", "abcdefg"}
    for word in sorted(each for each in typed if len(each) >= 4):
        found = await find(engine, word + " ", limit=100)
        assert set(found) == (few | many) & _slipped(word, "abcdefghijxyz"), word
