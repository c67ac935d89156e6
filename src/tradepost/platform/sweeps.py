"""Work that time causes: expiring, granting what waited, tidying up; tenant by tenant.

A sweep is harmless to repeat and does a bounded piece at a time. One process sweeps: the one whose
relay leads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Command, Scope
from tradepost.platform.bus import Bus

ROUNDS_MAX = 20
LOOK_S = 0.5
_log = structlog.get_logger("tradepost.sweeps")

Job = Callable[[Bus, Scope], Awaitable[int]]
"""Does a bounded piece for one tenant; how much it found to do, 0 when there is no more."""
Tenants = Callable[[], Awaitable[Sequence[TenantId]]]


@dataclass(frozen=True, slots=True)
class Sweep:
    """A job for every tenant, every so many seconds."""

    name: str
    every_s: float
    job: Job


def sweeping(name: str, every_s: float, wish: Callable[[], Command]) -> Sweep:
    """A sweep that sends a command; its answer is the number of things it dealt with."""

    async def job(bus: Bus, scope: Scope) -> int:
        return int(await bus.send(scope, wish()))

    return Sweep(name, every_s, job)


class Sweeper:
    """Runs sweeps when their time has come."""

    def __init__(
        self, bus: Bus, sweeps: Sequence[Sweep], tenants: Tenants, leads: Callable[[], bool]
    ) -> None:
        self._bus = bus
        self._sweeps = sweeps
        self._tenants = tenants
        self._leads = leads
        self._next_at = dict.fromkeys((sweep.name for sweep in sweeps), 0.0)

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until told to stop."""
        while not stop.is_set():
            if self._leads():
                await self.step(stop)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await stop.wait()

    async def step(self, stop: asyncio.Event | None = None) -> int:
        """Run what is due; how many things were dealt with."""
        now = asyncio.get_running_loop().time()
        due = [sweep for sweep in self._sweeps if self._next_at[sweep.name] <= now]
        if not due:
            return 0
        found = 0
        tenants = await self._tenants()
        for sweep in due:
            self._next_at[sweep.name] = now + sweep.every_s
            for tenant_id in tenants:
                if stop is not None and stop.is_set():
                    return found
                found += await self._tenant(sweep, tenant_id)
        return found

    async def _tenant(self, sweep: Sweep, tenant_id: TenantId) -> int:
        """One tenant's part; trouble there keeps nobody else waiting."""
        scope = Scope(tenant_id, SYSTEM, reason=f"sweep {sweep.name}")
        total = 0
        try:
            for _ in range(ROUNDS_MAX):
                found = await sweep.job(self._bus, scope)
                total += found
                if not found:
                    break
        except Exception as error:
            told = {"sweep": sweep.name, "tenant_id": str(tenant_id), "error": repr(error)}
            _log.warning("a sweep failed", **told)
        return total
