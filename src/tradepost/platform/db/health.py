"""Whether a store answers, and whether its clock and this machine's agree."""

from __future__ import annotations

from sqlalchemy import BigInteger, literal

from tradepost.kernel.clock import Clock
from tradepost.platform.db.clock import StoreClock, store_time
from tradepost.platform.db.errors import StoreError
from tradepost.platform.db.statement import Statement, platform_select
from tradepost.platform.db.work import Reader, Store

SKEW_SECONDS_MAX = 5
_ALIVE = Statement(platform_select(literal(1, BigInteger)))


async def check_store(store: Store, clock: Clock) -> None:
    """Ask the store for an answer; a database of its own machine also for its time.

    :raises StoreError: if the two clocks differ by more than :data:`SKEW_SECONDS_MAX`.
    """
    if store.dialect != "postgresql":
        await store.platform_read("see whether the store answers", _alive)
        return
    machine = clock.machine if isinstance(clock, StoreClock) else clock
    skew = abs((await store_time(store) - machine.now()).total_seconds())
    if skew > SKEW_SECONDS_MAX:
        raise StoreError(f"the store's clock differs from ours by {skew:.0f} seconds")


async def _alive(db: Reader) -> int:
    return int(await db.value(_ALIVE))
