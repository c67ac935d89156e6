"""Fills a store by casting moulds: rows that the product wrote, copied into many shops.

Rows go in by COPY while indexes and constraints are away; these come back at the end and are
checked by the database as it makes them.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, cycle, islice
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Table

from tests.scale.bare import laid_bare
from tests.scale.mould import MOULDS, NOTES, ORDERS, SHELVES, Foundry, Mould
from tradepost.kernel.ids import LocationId, StoreId, TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.db.schema import metadata
from tradepost.platform.db.work import Store
from tradepost.platform.outbox import event_log
from tradepost.tenancy.commands import CreateLocation, CreateStore, CreateTenant
from tradepost.wiring.parts import build_bus
from tradepost.wiring.worker import build_worker

NUMBERS_FROM = 101
"""The first cast of a shop has orders 1010 to 1019: its numbers begin at 1001."""
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Cast:
    """A shop to fill, and how full."""

    code: str
    tenant_id: TenantId
    location_id: LocationId
    store_id: StoreId
    orders: int
    shelves: int = 0

    @property
    def names(self) -> tuple[bytes, ...]:
        """What names it in rows."""
        return _names(self.tenant_id, self.location_id, self.store_id)


def _names(*ids: UUID) -> tuple[bytes, ...]:
    return tuple(str(one).encode() for one in ids)


@dataclass(frozen=True)
class _One:
    """One cast of one mould: where it goes, its mark, its place in the shop, its first fact."""

    cast: Cast
    mould: Mould
    mark: bytes
    place: int
    seq: int


@dataclass(frozen=True)
class _Rows:
    """The rows of a mould in a table, as COPY writes them; places for numbers of facts."""

    text: bytes
    facts: tuple[int, ...]

    def of(self, one: _One) -> bytes:
        """The rows of a cast."""
        filled = self.text
        if self.facts:
            filled = filled % tuple(one.seq + fact for fact in self.facts)
        marked = filled.replace(one.mould.mark.encode(), one.mark)
        noted = marked.replace(b"%d" % one.mould.note, b"%d" % (one.place + 1))
        return noted.replace(b"%d" % one.mould.numbers, b"%d" % (NUMBERS_FROM + one.place))


def shares(orders: int, shops: int) -> list[int]:
    """How many orders each shop has: the second half as many as the first (Zipf, s = 1)."""
    casts = orders // ORDERS
    whole = sum(1 / place for place in range(1, shops + 1))
    found = [max(1, round(casts / whole / place)) for place in range(1, shops + 1)]
    found[0] += casts - sum(found)
    assert found[0] > 0, "more shops than orders"
    return [casts * ORDERS for casts in found]


async def open_shops(store: Store, orders: Sequence[int], products: int = 0) -> list[Cast]:
    """Shops by the product's own commands; the first is to have so many products at least."""
    bus = build_bus(store)
    casts = []
    for number, share in enumerate(orders):
        tenant_id = TenantId(bus.ids.new())
        scope, code = Scope(tenant_id, SYSTEM), f"shop-{number:05}"
        closed = {"charges_tax": False}
        await bus.send(scope, CreateTenant(code, "Shop", "GBP", settings=closed, opened=True))
        store_id = await bus.send(scope, CreateStore("main", "Main"))
        location_id = await bus.send(scope, CreateLocation(store_id, "shelf", "Shelf"))
        casts.append(Cast(code, tenant_id, location_id, store_id, share))
    ordered = sum(mould.products for mould in islice(cycle(MOULDS), orders[0] // ORDERS))
    shelves = max(0, products - ordered) // SHELVES.products
    casts[0] = replace(casts[0], shelves=shelves)
    await build_worker(bus).settle()
    return casts


async def fill(
    url: str, store: Store, casts: Sequence[Cast], moulds: Sequence[Mould] = MOULDS
) -> dict[str, int]:
    """Make the moulds, cast them into the shops in turn; how many rows each table got.

    ``url`` is the superuser's. The moulds stay, in a shop of their own.
    """
    foundry = await Foundry.open(store)
    ours = foundry.shop.scope.tenant_id
    connection = await asyncpg.connect(url)
    try:
        made = [*moulds, *([SHELVES] if any(cast.shelves for cast in casts) else [])]
        for mould in made:
            await _numbered(connection, *_OF_ORDERS, {ours: mould.numbers * ORDERS})
            await _numbered(connection, *_OF_NOTES, {ours: mould.note})
            await foundry.make(mould)
        await connection.execute(_WORK_MEMORY)
        rows, facts = await _moulded(connection, foundry, made)
        bare = await laid_bare(connection, sorted(rows))
        await connection.execute(_NOTES_COUNTED, ours, NOTES - 1)
        await _numbered(connection, *_OF_NOTES, {ours: len(moulds) + 1})
        plan = list(_planned(casts, moulds, facts, await connection.fetchval(_LAST)))
        for name, by_mould in rows.items():
            table = metadata.tables[name]
            source = _chunks(plan, by_mould, foundry)
            await connection.copy_to_table(name, source=source, columns=_columns(table))
        await _summed(connection, casts, plan[-1].seq + facts[plan[-1].mould] - 1)
        for statement in bare:
            await connection.execute(statement)
        await connection.execute(f"VACUUM (ANALYZE) {', '.join(rows)}")
        return {name: await connection.fetchval(_ROWS, name) for name in rows}
    finally:
        await connection.close()


_OF_ORDERS = ("document_numbers", "order")
_OF_NOTES = ("credit_note_numbers", "credit_note")
_NOTES_COUNTED = "UPDATE credit_notes SET number = number - $2 WHERE tenant_id = $1"
"""The moulds' own credit notes are numbered from one like everybody's."""
_WORK_MEMORY = "SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 0"
_LAST = "SELECT n FROM seq_counter"
_ROWS = "SELECT reltuples::bigint FROM pg_class WHERE relname = $1"


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.c]


async def _moulded(
    connection: asyncpg.Connection[Any], foundry: Foundry, moulds: Sequence[Mould]
) -> tuple[dict[str, dict[Mould, _Rows]], dict[Mould, int]]:
    """By table and mould what the moulds left; and how many facts each told."""
    tables = [t for t in metadata.sorted_tables if "tenant_id" in t.c and t.name != "outbox"]
    places = await _places(connection, moulds)
    found: dict[str, dict[Mould, _Rows]] = {}
    for table in tables:
        lines = await _lines(connection, table, foundry.shop.scope.tenant_id)
        for mould in moulds:
            own = [line for line in lines if mould.mark.encode() in line]
            if own:
                found.setdefault(table.name, {})[mould] = _templated(table, own, places[mould])
    return found, {mould: len(of_mould) for mould, of_mould in places.items()}


async def _lines(
    connection: asyncpg.Connection[Any], table: Table, tenant_id: TenantId
) -> list[bytes]:
    """A shop's rows as COPY writes them."""
    written = io.BytesIO()
    columns = ", ".join(f'"{name}"' for name in _columns(table))
    query = f'SELECT {columns} FROM "{table.name}" WHERE tenant_id = $1'
    await connection.copy_from_query(query, tenant_id, output=written)
    return written.getvalue().splitlines()


async def _places(
    connection: asyncpg.Connection[Any], moulds: Sequence[Mould]
) -> dict[Mould, dict[int, int]]:
    """For each mould its facts' numbers, and which of its own facts each is."""
    rows = await connection.fetch(f"SELECT seq, event_id::text FROM {event_log.name} ORDER BY seq")
    return {
        mould: {
            seq: place
            for place, seq in enumerate(seq for seq, event_id in rows if mould.mark in event_id)
        }
        for mould in moulds
    }


def _templated(table: Table, lines: list[bytes], places: dict[int, int]) -> _Rows:
    """The rows with a place for each number of a fact."""
    names = _columns(table)
    if "seq" not in names:
        return _Rows(b"\n".join(lines) + b"\n", ())
    at, facts, texts = names.index("seq"), list[int](), list[bytes]()
    for line in lines:
        fields = line.replace(b"%", b"%%").split(b"\t")
        facts.append(places[int(fields[at])])
        fields[at] = b"%d"
        texts.append(b"\t".join(fields))
    return _Rows(b"\n".join(texts) + b"\n", tuple(facts))


def _planned(
    casts: Sequence[Cast], moulds: Sequence[Mould], facts: Mapping[Mould, int], last: int
) -> Iterator[_One]:
    """Every cast in the order of its facts' numbers."""
    marks, seq = count(1), last + 1
    for cast in casts:
        filled = islice(cycle(moulds), cast.orders // ORDERS)
        for place, mould in enumerate([*filled, *([SHELVES] * cast.shelves)]):
            yield _One(cast, mould, b"%08x" % next(marks), place, seq)
            seq += facts[mould]


async def _chunks(
    plan: Sequence[_One], rows: dict[Mould, _Rows], foundry: Foundry
) -> AsyncIterator[bytes]:
    """A table's rows of all casts."""
    shop = foundry.shop
    ours = _names(shop.scope.tenant_id, shop.location_id, shop.store_id)
    placed: dict[Mould, _Rows] = {}
    whose: Cast | None = None
    held, size = list[bytes](), 0
    for one in plan:
        if one.cast is not whose:
            whose, placed = one.cast, {m: _renamed(r, ours, one.cast) for m, r in rows.items()}
        if one.mould not in placed:
            continue
        held.append(placed[one.mould].of(one))
        size += len(held[-1])
        if size > CHUNK_BYTES:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _renamed(rows: _Rows, ours: Sequence[bytes], cast: Cast) -> _Rows:
    text = rows.text
    for mine, theirs in zip(ours, cast.names, strict=True):
        text = text.replace(mine, theirs)
    return _Rows(text, rows.facts)


async def _summed(connection: asyncpg.Connection[Any], casts: Sequence[Cast], last: int) -> None:
    """What stands once for a shop or for all: sums of days, next numbers, where readers are."""
    await connection.execute(
        """INSERT INTO sales_by_day (tenant_id, day, currency, orders, units, amount)
           SELECT tenant_id, day, currency, sum(orders), sum(units), sum(amount)
             FROM order_figures WHERE tenant_id = ANY($1) GROUP BY tenant_id, day, currency""",
        [cast.tenant_id for cast in casts],
    )
    orders = {cast.tenant_id: NUMBERS_FROM * ORDERS + cast.orders for cast in casts}
    await _numbered(connection, *_OF_ORDERS, orders)
    notes = {cast.tenant_id: cast.orders // ORDERS + 1 for cast in casts}
    await _numbered(connection, *_OF_NOTES, notes)
    await connection.execute("UPDATE seq_counter SET n = $1", last)
    await connection.execute("UPDATE leases SET acked_seq = $1", last)


async def _numbered(
    connection: asyncpg.Connection[Any], table: str, series: str, next_: Mapping[TenantId, int]
) -> None:
    """The next number of a series in some shops."""
    await connection.executemany(
        f"INSERT INTO {table} (tenant_id, series, next) VALUES ($1, '{series}', $2)"
        " ON CONFLICT (tenant_id, series) DO UPDATE SET next = excluded.next",
        list(next_.items()),
    )
