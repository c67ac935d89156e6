"""Stock and its movements as rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Index, literal_column

from tradepost.inventory.domain.stock import Place, Shelf, Stock, StockMovement
from tradepost.kernel.ids import LocationId, VariantId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    insert,
    param,
    scoped,
    tenant_param,
)
from tradepost.platform.db.work import Look, Work

stocks = tenant_table(
    "stocks",
    Stock,
    key=("location_id", "variant_id"),
    indexes=[("variant_id",)],
    checks={
        "held": "held >= 0",
        "allocated": "allocated >= 0",
        "safety": "safety >= 0",
        "received_total": "received_total >= 0",
    },
)
# Room on each page for new versions of hot rows, so that no index is touched by an update.
stocks.dialect_options["postgresql"]["with"] = {"fillfactor": 50}

# Written out, not bound: else neither store sees that the partial index fits.
IS_HOT = stocks.c.is_hot == literal_column("1")
Index(
    "stocks_hot_ix",
    stocks.c.tenant_id,
    stocks.c.variant_id,
    postgresql_where=IS_HOT,
    sqlite_where=IS_HOT,
)

stock_movements = tenant_table(
    "stock_movements",
    StockMovement,
    indexes=[("variant_id", "at"), ("cause_id",)],
    checks={"delta": "delta <> 0"},
)

_s = stocks.c
STOCK_ROWS = Mapper(Stock, stocks)
MOVEMENT_ROWS = Mapper(StockMovement, stock_movements)
_LOCK = Statement(
    scoped(stocks, *STOCK_ROWS.columns)
    .where(any_of(_s.location_id, "locations"))
    .where(any_of(_s.variant_id, "variants"))
    .order_by(_s.location_id, _s.variant_id)
    .with_for_update()
)
_OPEN = Statement(
    insert(stocks)
    .values(
        {"tenant_id": tenant_param(stocks)} | {c.name: param(c.name) for c in STOCK_ROWS.columns}
    )
    .on_conflict_do_nothing()
)
_LOCK_EVERYWHERE = Statement(
    scoped(stocks, *STOCK_ROWS.columns)
    .where(_s.variant_id == param("variant"))
    .order_by(_s.location_id)
    .with_for_update()
)
_POLICY = ("safety", "allows_backorder", "is_hot", "version")
_HOT = Statement(
    scoped(stocks, _s.variant_id).where(any_of(_s.variant_id, "variants")).where(IS_HOT)
)


class SqlStocks:
    """Answers the port ``Stocks``."""

    def __init__(self, work: Work) -> None:
        self._work = work

    @staticmethod
    def look(locations: Collection[LocationId], variants: Collection[VariantId]) -> Look:
        """What :meth:`lock` asks."""
        return _LOCK, {"locations": sorted(set(locations)), "variants": sorted(set(variants))}

    async def lock(
        self, locations: Collection[LocationId], variants: Collection[VariantId]
    ) -> Shelf:
        statement, values = self.look(locations, variants)
        rows = await self._work.all(statement, **values)
        return Shelf(Stock(*row) for row in rows)

    async def lock_or_open(self, places: Collection[Place]) -> Shelf:
        shelf = await self.lock({place[0] for place in places}, {place[1] for place in places})
        await self.open(shelf, places)
        return shelf

    async def open(self, shelf: Shelf, places: Iterable[Place]) -> None:
        new = sorted({place for place in places if place not in shelf})
        if not new:
            return
        await self._work.run_many(_OPEN, [STOCK_ROWS.dump(Stock(*place)) for place in new])
        # Somebody may have opened one of them at the same time and put goods there since.
        opened = await self.lock({place[0] for place in new}, {place[1] for place in new})
        shelf.put(opened[place] for place in new)

    async def lock_everywhere(self, variant: VariantId) -> list[Stock]:
        rows = await self._work.all(_LOCK_EVERYWHERE, variant=variant)
        return [Stock(*row) for row in rows]

    async def save_policies(self, changed: Sequence[Stock]) -> None:
        rows = [
            {
                "location_id": stock.location_id,
                "variant_id": stock.variant_id,
                **{name: getattr(stock, name) for name in _POLICY},
            }
            for stock in changed
        ]
        await self._work.update_rows(stocks, ("location_id", "variant_id"), rows)

    async def hot_of(self, variants: Collection[VariantId]) -> Collection[VariantId]:
        rows = await self._work.all(_HOT, variants=list(variants))
        return {row[0] for row in rows}

    async def save(self, shelf: Shelf) -> None:
        rows = [
            {
                "location_id": stock.location_id,
                "variant_id": stock.variant_id,
                "on_hand": stock.on_hand,
                "held": stock.held,
                "allocated": stock.allocated,
                "received_total": stock.received_total,
                "version": stock.version,
            }
            for stock in shelf.changes()
        ]
        await self._work.update_rows(stocks, ("location_id", "variant_id"), rows)

    def record(self, movements: Sequence[StockMovement]) -> None:
        self._work.add(stock_movements, *map(MOVEMENT_ROWS.dump, movements))
