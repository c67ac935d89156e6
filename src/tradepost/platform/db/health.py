"""Whether a store answers, and whether its clock and ours agree."""

from __future__ import annotations

from sqlalchemy import BigInteger, cast, func, literal

from tradepost.kernel.clock import Clock, from_micros
from tradepost.platform.db.errors import StoreError
from tradepost.platform.db.statement import Statement, platform_select
from tradepost.platform.db.work import Reader, Store

SKEW_SECONDS_MAX = 5
_ALIVE = Statement(platform_select(literal(1, BigInteger)))
_NOW = Statement(
    platform_select(
        cast(func.date_part("epoch", func.clock_timestamp()) * 1_000_000, BigInteger).label("now")
    )
)


async def check_store(store: Store, clock: Clock) -> None:
    """Ask the store for an answer; a database of its own machine also for its time.

    :raises StoreError: if the two clocks differ by more than :data:`SKEW_SECONDS_MAX`.
    """
    own_clock = store.dialect == "postgresql"

    async def job(db: Reader) -> int:
        found = await db.value(_NOW if own_clock else _ALIVE)
        return int(found)

    told = await store.platform_read("see whether the store answers", job)
    if own_clock:
        skew = abs((from_micros(told) - clock.now()).total_seconds())
        if skew > SKEW_SECONDS_MAX:
            raise StoreError(f"the store's clock differs from ours by {skew:.0f} seconds")
