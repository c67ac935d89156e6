"""Transactions side by side on PostgreSQL, one statement at a time, in an order drawn by seed.

The store in memory knows no two transactions at once; here they meet: each client waits for its
turn before every statement and before its commit. A client that waits for a lock is left alone
until whoever holds it has gone on.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextvars import ContextVar
from typing import Any, TypeVar

from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Scope
from tradepost.platform.db.errors import TryAgain
from tradepost.platform.db.postgres import PostgresStore, _done
from tradepost.platform.db.postgres_work import PostgresWork
from tradepost.platform.db.work import Work

T = TypeVar("T")
PATIENCE_S = 0.02
"""Who is not heard of for so long waits for a lock; who is wrongly thought to only runs beside."""
CLIENT: ContextVar[str | None] = ContextVar("client", default=None)


class Turns:
    """Lets one client after the other go a step further."""

    def __init__(self, seed: int) -> None:
        self.collided = 0
        self.steps = 0
        self._chance = random.Random(seed)
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._heard = asyncio.Event()

    async def turn(self) -> None:
        """Wait until it is this client's turn."""
        name = CLIENT.get()
        if name is None:
            return
        self._waiting[name] = asyncio.get_running_loop().create_future()
        self._heard.set()
        await self._waiting[name]

    async def play(self, clients: Mapping[str, Coroutine[Any, Any, Any]]) -> dict[str, Any]:
        """Take clients to their ends; their answers, or what was raised."""
        tasks = {name: asyncio.create_task(self._named(name, one)) for name, one in clients.items()}
        try:
            while living := [name for name, task in tasks.items() if not task.done()]:
                await self._quiet(living, tasks)
                if ready := sorted(self._waiting):
                    self.steps += 1
                    self._waiting.pop(self._chance.choice(ready)).set_result(None)
        finally:
            for task in tasks.values():
                task.cancel()
        return {name: task.exception() or task.result() for name, task in tasks.items()}

    async def _named(self, name: str, client: Coroutine[Any, Any, T]) -> T:
        CLIENT.set(name)
        try:
            return await client
        finally:
            self._heard.set()

    async def _quiet(self, living: list[str], tasks: Mapping[str, asyncio.Task[Any]]) -> None:
        """Until everybody waits for a turn, is done, or has not been heard of for a while."""
        while any(name not in self._waiting and not tasks[name].done() for name in living):
            self._heard.clear()
            try:
                await asyncio.wait_for(self._heard.wait(), PATIENCE_S)
            except TimeoutError:
                return


class SteppedStore(PostgresStore):
    """PostgreSQL, whose clients take turns while there are ``turns``."""

    turns: Turns | None = None

    async def _transaction(
        self,
        pool: Any,
        tenant: TenantId | None,
        scope: Scope | None,
        job: Callable[[Work], Awaitable[T]],
        begin: str = "BEGIN",
    ) -> T:
        turns = self.turns
        if turns is None:
            return await super()._transaction(pool, tenant, scope, job, begin)
        try:
            async with self._connection(pool, begin, tenant) as connection:
                work = PostgresWork(_Stepped(connection, turns), tenant, scope)
                answer = await _done(work, job)
                await turns.turn()
                return answer
        except TryAgain:
            turns.collided += 1
            raise


class _Stepped:
    """A connection on which each statement waits for its turn."""

    def __init__(self, connection: Any, turns: Turns) -> None:
        self._connection = connection
        self._turns = turns

    async def fetch(self, *said: Any) -> Any:
        await self._turns.turn()
        return await self._connection.fetch(*said)

    async def execute(self, *said: Any) -> Any:
        await self._turns.turn()
        return await self._connection.execute(*said)

    async def executemany(self, *said: Any) -> Any:
        await self._turns.turn()
        return await self._connection.executemany(*said)
