"""The laws that need a look inside facts: what was told last of stock, each version of a product.

Bodies of facts are many and large, so they are read in pages and decoded here, which is four
times as fast as having SQLite take them apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

import msgspec

from tradepost.platform.db.statement import Statement
from tradepost.platform.db.work import Reader, Row
from tradepost.wiring.doctor.law import Found, Law, Sight, shown, statement

PAGE = 1000


def _facts(columns: str, which: str) -> tuple[Statement, ...]:
    """A page of some facts, in the log and on their way there, after a number."""
    return tuple(
        statement(f"""
            SELECT {number}, {columns} FROM {table}
             WHERE tenant_id = :tenant AND {which} AND {number} > :after
             ORDER BY {number} LIMIT :most""")  # noqa: S608  texts of this file
        for table, number in (("event_log", "seq"), ("outbox", "id"))
    )


async def _told(db: Reader, pages: Sequence[Statement]) -> AsyncIterator[Row]:
    for page in pages:
        after = 0
        while rows := await db.all(page, after=after, most=PAGE):
            after = rows[-1][0]
            for row in rows:
                yield row[1:]


class _Level(msgspec.Struct, frozen=True):
    location_id: str
    variant_id: str
    on_hand: int
    available: int
    version: int

    def __str__(self) -> str:
        return f"version {self.version}: {self.on_hand} on hand, {self.available} free"


class _Levels(msgspec.Struct, frozen=True):
    levels: tuple[_Level, ...]


_NEVER = _Level("", "", 0, 0, 0)
_levels = msgspec.json.Decoder(_Levels).decode
_LEVELS_TOLD = _facts("body", "name = 'inventory.updated'")
_STOCKS = statement("""
    SELECT location_id, variant_id, on_hand, on_hand - held - allocated - safety, version
      FROM stocks WHERE tenant_id = :tenant""")


async def _stock(db: Reader, sight: Sight) -> Found:
    last: dict[tuple[str | None, str | None], _Level] = {}
    async for (body,) in _told(db, _LEVELS_TOLD):
        for level in _levels(body).levels:
            place = (level.location_id, level.variant_id)
            if last.get(place, _NEVER).version < level.version:
                last[place] = level
    breaches: list[Row] = []
    for location_id, variant_id, on_hand, available, version in await db.all(_STOCKS):
        told = last.get((shown(location_id), shown(variant_id)), _NEVER)
        if (told.on_hand, told.available, told.version) != (on_hand, available, version):
            there = _Level("", "", on_hand, available, version)
            breaches.append((location_id, variant_id, str(told), str(there)))
    return Found(len(breaches), breaches[: sight.most])


class _Revised(msgspec.Struct, frozen=True):
    product_id: str
    version: int


class _Revision(msgspec.Struct, frozen=True):
    products: tuple[_Revised, ...]


_revision = msgspec.json.Decoder(_Revision).decode
_REVISIONS_TOLD = _facts("body", "name IN ('price.updated', 'product.retitled')")
_PRODUCTS_TOLD = _facts("stream_id, version", "stream = 'product'")
_PRODUCTS = statement("SELECT id, version FROM products WHERE tenant_id = :tenant")


async def _products(db: Reader, sight: Sight) -> Found:
    told: dict[str | None, int] = defaultdict(int)  # a bit for each version
    async for product_id, version in _told(db, _PRODUCTS_TOLD):
        told[shown(product_id)] |= 1 << version
    async for (body,) in _told(db, _REVISIONS_TOLD):
        for revised in _revision(body).products:
            told[revised.product_id] |= 1 << revised.version
    breaches: list[Row] = []
    for product_id, version in await db.all(_PRODUCTS):
        versions = told[shown(product_id)]
        if versions != (1 << version + 1) - 2:
            found = f"{versions.bit_count()} up to {max(versions.bit_length() - 1, 0)}"
            breaches.append((product_id, f"versions 1 to {version}", found))
    return Found(len(breaches), breaches[: sight.most])


_TOLD = ("event_log", "outbox")
STOCK = Law(
    "facts.stock",
    "What was told last of stock is what lies there and what of it is free.",
    ("stocks", *_TOLD),
    ("location_id", "variant_id"),
    _stock,
)
PRODUCTS = Law(
    "facts.products",
    "Every version of a product was told, by a fact of its own or by a revision.",
    ("products", *_TOLD),
    ("product_id",),
    _products,
)
LAWS = (STOCK, PRODUCTS)
