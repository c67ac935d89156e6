"""How the doctor looks: beside a writer, one shop or all, bounded; at every identifier."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from uuid import UUID

import pytest

from tests.doctor.patients import Damage, Patient
from tests.doctor.trade import Trade, open_trade
from tradepost.ordering.errors import SoldOut
from tradepost.platform.db.sqlite import SqliteStore
from tradepost.platform.db.work import Reader, Store
from tradepost.wiring.doctor import LAWS, Readable, View, Visit, examine, shops_of
from tradepost.wiring.doctor.law import statement
from tradepost.wiring.doctor.records import REFERENCES
from tradepost.wiring.doctor.references import references

OF_A_SHOP = [law for law in LAWS if law.view is View.TENANT]


async def _trading(trade: Trade) -> None:
    """Orders one after the other, until there is no stock or somebody stops it."""
    while True:
        await trade.order(("feather", 2), ("wrap", 1))


async def test_a_shop_is_sound_while_it_trades(store: Store) -> None:
    trade = await open_trade(store)
    shop = Visit(trade.shop.scope.tenant_id, "shop")
    beside = store
    if isinstance(store, SqliteStore):
        beside = SqliteStore(store.path, read_only=True)
    trading = asyncio.create_task(_trading(trade))
    try:
        reports = [await examine(beside, OF_A_SHOP, [shop]) for _ in range(3)]
    finally:
        trading.cancel()
        with suppress(asyncio.CancelledError, SoldOut):  # a quick machine sells all there is
            await trading
    if beside is not store:
        await beside.close()
    assert [breach for report in reports for breach in report.breaches] == []
    orders = [next(one for one in report.laws if one.name == "orders.total") for report in reports]
    assert orders[0].figures.rows < orders[-1].figures.rows, "nothing was traded meanwhile"


@pytest.mark.asyncio(loop_scope="module")
async def test_breaches_are_all_counted_and_some_are_told(patient: Patient) -> None:
    damage = Damage(("UPDATE orders SET rounding_amount = rounding_amount + 7",))
    async with patient.copy(damage) as store:
        shops = await shops_of(store)
        report = await examine(store, LAWS, shops, most=3)
        alone = await examine(store, LAWS, shops[:1], most=3)
    (broken,) = (one for one in report.laws if one.figures.breaches)
    assert broken.name == "orders.total"
    assert broken.figures.breaches == broken.figures.rows > 3
    assert [one.law for one in report.breaches] == ["orders.total"] * 3
    assert sum(one.figures.breaches for one in report.shops) == broken.figures.breaches
    assert [one.code for one in alone.shops] == [shops[0].code]
    assert sum(one.figures.breaches for one in alone.laws) < broken.figures.breaches


async def _filled(store: Readable, shop: Visit) -> set[tuple[str, str]]:
    """Columns of a shop that name something."""

    async def look(db: Reader) -> set[tuple[str, str]]:
        return {
            (one.table, one.column)
            for one in references()
            if await db.value(
                statement(f"SELECT count(*) FROM ({one.named}) AS named"), none=UUID(int=0)
            )
        }

    return await store.read(shop.tenant_id, look)


@pytest.mark.asyncio(loop_scope="module")
async def test_whatever_names_nothing_is_found_in_every_column(patient: Patient) -> None:
    async with patient.copy() as store:
        shop = (await shops_of(store))[0]
        assert (await examine(store, [REFERENCES], [shop])).holds
        filled = await _filled(store, shop)
    assert len(filled) > 40, filled
    statements = [
        f"UPDATE {table} SET {column} = {{fresh}} WHERE {column} IS NOT NULL"
        for table, column in sorted(filled)
    ]
    tables = sorted({table for table, _ in filled})
    async with patient.copy(Damage(tuple(statements), unbound=tuple(tables))) as store:
        report = await examine(store, [REFERENCES], [shop], most=100_000)
    found = {(one.keys["table"], one.keys["column"]) for one in report.breaches}
    assert found == filled
