"""However large the tables, every statement of an order's path is led to its rows by an index.

PostgreSQL's own plans are looked at, those of constraints among them. Where there is little, it
reads all of it without anybody minding; so the small store's planner is told that every table has
very many rows and to shun reading all, and the larger one's decides by what there is.
"""

from __future__ import annotations

import asyncpg
import pytest

from tests import stores
from tests.scale import casting, order_path
from tests.scale.explained import Plan, explaining
from tests.scale.mould import MOULDS
from tradepost.platform.db.postgres import PostgresStore
from tradepost.wiring.doctor import LAWS, examine, shops_of
from tradepost.wiring.parts import build_bus

GROWN_FROM = 5_000
OF_FIXED_SIZE = {"leases", "locations", "seq_counter", "workers"}
"""What a shop sets up once, and what the relay keeps of itself."""
WITHOUT_A_PAGE = {"deliveries", "pick_tasks", "download_grants"}
"""What no order of the moulds has: an empty table has no page that could count for many rows, so
that all of its indexes cost the planner the same. They are looked up by what is unique in them."""
TAKEN_WHOLE = {"outbox"}
"""Whoever numbers facts takes them as they come."""


async def planned(
    postgres_url: str, orders: int, shops: int, *, as_large: bool = False
) -> tuple[dict[str, int], list[Plan]]:
    """The rows of a store's tables, and the plans of an order's path in its largest shop."""
    url, app, relay = await stores.postgres_database(postgres_url)
    store = await PostgresStore.open(app, relay)
    casts = await casting.open_shops(store, casting.shares(orders, shops))
    rows = await casting.fill(url, store, casts, MOULDS[: 1 if as_large else None])
    if not as_large:
        report = await examine(store, LAWS, await shops_of(store))
        assert report.holds, report.breaches
    await store.close()
    skus = await _articles(url, casts[0])
    if as_large:
        await enlarged(url)
    async with explaining(url, enable_seqscan="off" if as_large else "on") as plans:
        store = await PostgresStore.open(app, relay)
        bus = build_bus(store)
        await order_path.walk(bus, casts[0].tenant_id, skus)
        await order_path.follow(bus)
        await store.close()
    return rows, plans


async def enlarged(url: str) -> None:
    """Have the planner take each page of a table for one with a million rows on it."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "UPDATE pg_class SET relpages = 1, reltuples = 1000000"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
    finally:
        await connection.close()


async def _articles(url: str, cast: casting.Cast) -> list[str]:
    """Two articles that lie on the shelf."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT sku FROM variants WHERE tenant_id = $1 ORDER BY id LIMIT 2", cast.tenant_id
        )
        return [row[0] for row in rows]
    finally:
        await connection.close()


async def test_each_statement_of_the_path_of_an_order_has_an_index(postgres_url: str) -> None:
    rows, plans = await planned(postgres_url, 120, 2, as_large=True)
    assert not WITHOUT_A_PAGE & {table for table, count in rows.items() if count}
    seen = set().union(*(plan.tables() for plan in plans))
    assert {"orders", "order_lines", "stocks", "payments", "transfers", "inbox"} <= seen
    watched = stores.TABLES.keys() - OF_FIXED_SIZE - TAKEN_WHOLE - WITHOUT_A_PAGE
    walks = {str(walk) for plan in plans for walk in plan.walks() if walk.table in watched}
    assert not walks, "\n".join(walks)


async def test_a_walk_through_a_table_is_noticed(postgres_url: str) -> None:
    url, *_ = await stores.postgres_database(postgres_url)
    await enlarged(url)
    async with explaining(url) as plans:
        connection = await asyncpg.connect(url)
        await connection.fetch("SELECT number FROM orders WHERE email = 'a@example.com'")
        await connection.fetch("SELECT id FROM payments WHERE tenant_id = gen_random_uuid()")
        await connection.fetch("SELECT id FROM orders WHERE tenant_id = gen_random_uuid() LIMIT 9")
        await connection.close()
    assert {walk.table for plan in plans for walk in plan.walks()} == {"orders", "payments"}


@pytest.mark.acceptance
async def test_with_twenty_thousand_orders_nothing_that_grows_is_read_whole(
    postgres_url: str,
) -> None:
    rows, plans = await planned(postgres_url, 20_000, 40)
    grown = {name for name, count in rows.items() if count >= GROWN_FROM}
    walks = {str(walk) for plan in plans for walk in plan.walks() if walk.table in grown}
    assert not walks, "\n".join(walks)
