"""Which goods are hot."""

from __future__ import annotations

from tradepost.inventory.storage.stock import IS_HOT, stocks
from tradepost.kernel.ids import VariantId
from tradepost.platform.db.statement import Statement, scoped
from tradepost.platform.db.work import Reader

HOT_MAX = 1000
_HOT = Statement(scoped(stocks, stocks.c.variant_id).where(IS_HOT).distinct().limit(HOT_MAX))


async def hot_variants(db: Reader) -> list[VariantId]:
    """The variants that are hot somewhere; not all of them, where nearly everything is."""
    return [row[0] for row in await db.all(_HOT)]
