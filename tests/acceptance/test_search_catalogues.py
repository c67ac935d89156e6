"""Two published catalogues, searched as shoppers do: in Japanese, and with one letter wrong."""

from __future__ import annotations

import csv
import gzip
import sys
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from random import Random
from statistics import median
from unicodedata import normalize

import pytest
from tests.search.builders import SHOP, find_all, open_engine, product, product_id

from tradepost.search.domain import SearchDocument, SearchQuery
from tradepost.search.ports import SearchEngine

pytestmark = pytest.mark.acceptance
SEED = 2020
QUERIES = 300

_HALF_WIDTH = {normalize("NFKC", chr(point)): chr(point) for point in range(0xFF66, 0xFF9E)}
_HALF_WIDTH |= {"\u3099": "\uff9e", "\u309a": "\uff9f"}
_FULL_WIDTH = {chr(point): chr(point + 0xFEE0) for point in range(0x21, 0x7F)}


def half_width(text: str) -> str:
    """Katakana as old tills and bank files write it: ``ガム`` becomes ``ｶﾞﾑ``."""
    return "".join(_HALF_WIDTH.get(sign, sign) for sign in normalize("NFD", text))


def full_width(text: str) -> str:
    """Latin letters and digits as wide as kanji."""
    return "".join(_FULL_WIDTH.get(sign, sign) for sign in text)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[SearchEngine]:
    opened = await open_engine(tmp_path)
    yield opened
    await opened.close()


async def _fill(engine: SearchEngine, rows: Iterable[tuple[str, str]]) -> list[SearchDocument]:
    made = [
        product(name, seq=number, product_id=product_id(key), barcodes=(key,))
        for number, (key, name) in enumerate(rows, start=1)
    ]
    await engine.index(made)
    await engine.flush()
    return made


@pytest.fixture
async def foods(engine: SearchEngine, shared_data: Path) -> list[SearchDocument]:
    """2,478 Japanese food names."""
    with (shared_data / "catalogue/japanese_food_names.csv").open(encoding="utf-8") as file:
        rows = [(row["food_id"], row["food_name"]) for row in csv.DictReader(file)]
    return await _fill(engine, rows)


@pytest.fixture
async def groceries(engine: SearchEngine, shared_data: Path) -> list[SearchDocument]:
    """5,000 packaged foods with Latin names."""
    path = shared_data / "catalogue/open_food_facts_small.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [(row["barcode"], row["product_name"]) for row in csv.DictReader(file)]
    return await _fill(engine, rows)


class Watch:
    """Times searches, and tells their median when the test ends."""

    def __init__(self, engine: SearchEngine) -> None:
        self.engine = engine
        self.seconds: list[float] = []

    async def first_page(self, text: str) -> list[SearchDocument]:
        began = time.perf_counter()
        page = await self.engine.search(SearchQuery(tenant_id=SHOP, text=text, limit=100))
        self.seconds.append(time.perf_counter() - began)
        return list(page.hits)

    def tell(self, what: str) -> str:
        return f"{what}: {len(self.seconds)} queries, p50 {median(self.seconds) * 1000:.2f} ms"


def _pairs(foods: list[SearchDocument]) -> list[str]:
    """Two neighbouring kanji or kana out of the names."""
    rnd = Random(SEED)
    letters = [normalize("NFKC", food.title) for food in foods]
    pairs = [
        name[at : at + 2]
        for name in letters
        for at in range(len(name) - 1)
        if all("\u3041" <= sign <= "\u9fff" and sign != "・" for sign in name[at : at + 2])
    ]
    return rnd.sample(sorted(set(pairs)), QUERIES)


def _hiragana(text: str) -> str:
    return "".join(
        chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in normalize("NFKC", text)
    )


async def test_two_japanese_characters_find_every_row_that_has_them(
    engine: SearchEngine, foods: list[SearchDocument], capsys: pytest.CaptureFixture[str]
) -> None:
    watch = Watch(engine)
    for pair in _pairs(foods):
        rows = {food.title for food in foods if _hiragana(pair) in _hiragana(food.title)}
        assert rows
        found = await find_all(engine, SearchQuery(tenant_id=SHOP, text=pair, limit=100))
        assert {hit.title for hit in found} == rows, pair
        await watch.first_page(pair)
    with capsys.disabled():
        sys.stdout.write("\n" + watch.tell(f"two characters, seed {SEED}") + "\n")


async def test_width_makes_no_difference(engine: SearchEngine, foods: list[SearchDocument]) -> None:
    katakana = [food for food in foods if half_width(food.title) != normalize("NFD", food.title)]
    latin = [
        food for food in foods if any(sign.isascii() and sign.isalnum() for sign in food.title)
    ]
    assert len(katakana) > 500
    assert len(latin) > 20
    for written, some in ((half_width, katakana), (full_width, latin)):
        for food in Random(SEED).sample(some, min(QUERIES, len(some))):
            text = food.title[:40]
            plain = await find_all(engine, SearchQuery(tenant_id=SHOP, text=text, limit=100))
            other = SearchQuery(tenant_id=SHOP, text=written(text)[:100], limit=100)
            assert food in plain
            assert await find_all(engine, other) == plain, food.title


def _mistyped(rnd: Random, name: str) -> str:
    """The name with one slip in its longest word: a letter lost, doubled, changed or swapped."""
    word = max(normalize("NFKC", name).split(), key=lambda word: len(word) * word.isalpha())
    at = rnd.randrange(1, len(word) - 1)
    slip = rnd.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + rnd.choice("aeiou") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return normalize("NFKC", name).replace(word, slip, 1)


def _sample(groceries: list[SearchDocument]) -> list[SearchDocument]:
    named = [
        each
        for each in groceries
        if len(each.title) < 100
        and any(word.isalpha() and len(word) > 5 for word in each.title.split())
    ]
    return Random(SEED).sample(named, QUERIES)


async def test_a_name_finds_its_product_first(
    engine: SearchEngine, groceries: list[SearchDocument], capsys: pytest.CaptureFixture[str]
) -> None:
    watch = Watch(engine)
    for each in _sample(groceries):
        hits = await watch.first_page(each.title)
        assert each in hits, each.title
        assert len(hits[0].title) <= len(each.title), "none before it says more than was asked"
    with capsys.disabled():
        sys.stdout.write("\n" + watch.tell(f"exact names, seed {SEED}") + "\n")


async def test_a_name_with_one_slip_finds_its_product(
    engine: SearchEngine, groceries: list[SearchDocument], capsys: pytest.CaptureFixture[str]
) -> None:
    rnd, watch = Random(SEED), Watch(engine)
    for each in _sample(groceries):
        typed = _mistyped(rnd, each.title)
        assert each in await watch.first_page(typed), f"{typed!r} for {each.title!r}"
    with capsys.disabled():
        sys.stdout.write("\n" + watch.tell(f"names with one slip, seed {SEED}") + "\n")


async def test_a_barcode_finds_its_product(
    engine: SearchEngine, groceries: list[SearchDocument]
) -> None:
    for each in Random(SEED).sample(groceries, QUERIES):
        query = SearchQuery(tenant_id=SHOP, text=each.barcodes[0].lstrip("0"))
        assert (await engine.search(query)).hits[0] == each
