"""Whether keys have been answered before: looked up together for all who ask in the meantime."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import structlog

from tradepost.kernel.ids import TenantId
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Reader
from tradepost.platform.granting import Stamped
from tradepost.platform.idempotency import Asked, AskedId, Kept, kept

LOOKED_UP_MAX = 256
_log = structlog.get_logger("tradepost.rush")
_Waiting = list[tuple[Asked, asyncio.Future[bool]]]


class KnownKeys:
    """Asks the store for the keys of wishes of one kind, without a transaction of their own."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._waiting: dict[tuple[TenantId, type], _Waiting] = defaultdict(list)
        self._looking: set[asyncio.Task[None]] = set()

    async def has(self, wish: Stamped) -> bool:
        """Whether an answer is kept under the wish's key."""
        if wish.asked is None:
            return False
        key = (wish.command.by.tenant_id, type(wish.command))
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[key].append((wish.asked, told))
        if len(self._waiting[key]) == 1:
            task = asyncio.create_task(self._look(key, wish))
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)
        return await told

    async def _look(self, key: tuple[TenantId, type], like: Stamped) -> None:
        shape = self._bus.answer_of(type(like.command))
        while waiting := self._waiting[key][:LOOKED_UP_MAX]:
            asked = [one for one, _ in waiting]

            async def look(db: Reader, asked: list[Asked] = asked) -> dict[AskedId, Kept]:
                return await kept(db, asked, shape)

            try:
                found = set(await self._bus.store.read(key[0], look))
            except Exception as error:
                found = {one.id for one in asked}  # in doubt the lane answers
                _log.warning("keys could not be looked up", error=repr(error))
            del self._waiting[key][: len(waiting)]
            for one, told in waiting:
                if not told.done():
                    told.set_result(one.id in found)
        del self._waiting[key]
