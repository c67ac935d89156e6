"""Work that time causes: expiring, granting what waited, tidying up; tenant by tenant.

A sweep is harmless to repeat and does a bounded piece at a time. One process sweeps: the one whose
relay leads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Command, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.wake import rest

ROUNDS_MAX = 20
LOOK_S = 0.5
AGAIN_S_MIN = 1.0
"""Between two looks at the same tenant by the same sweep, however much falls due there."""
_log = structlog.get_logger("tradepost.sweeps")

Job = Callable[[Bus, Scope], Awaitable[int]]
"""Does a bounded piece for one tenant; how much it found to do, 0 when there is no more."""
Next = Callable[[Bus, Scope], Awaitable[float | None]]
"""In how many seconds there is something to do for one tenant; none if nothing is known of."""
Tenants = Callable[[], Awaitable[Sequence[TenantId]]]


@dataclass(frozen=True, slots=True)
class Sweep:
    """A job for every tenant, every so many seconds; and where it can tell what comes ``next``,
    also when that is due."""

    name: str
    every_s: float
    job: Job
    next: Next | None = None


def sweeping(
    name: str, every_s: float, wish: Callable[[], Command], next: Next | None = None
) -> Sweep:
    """A sweep that sends a command; its answer is the number of things it dealt with."""

    async def job(bus: Bus, scope: Scope) -> int:
        return int(await bus.send(scope, wish()))

    return Sweep(name, every_s, job, next)


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
        self._known: dict[tuple[str, TenantId], tuple[float, Sweep]] = {}
        """What falls due before its sweep comes round again."""

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep until told to stop."""
        while not stop.is_set():
            if self._leads():
                await self.step(stop)
            await rest(stop, LOOK_S)

    async def step(self, stop: asyncio.Event | None = None) -> int:
        """Run what is due; how many things were dealt with."""
        now = asyncio.get_running_loop().time()
        due = [sweep for sweep in self._sweeps if self._next_at[sweep.name] <= now]
        found = await self._step_known()
        if not due:
            return found
        tenants = await self._tenants()
        for sweep in due:
            self._next_at[sweep.name] = now + sweep.every_s
            for tenant_id in tenants:
                if stop is not None and stop.is_set():
                    return found
                found += await self._tenant(sweep, tenant_id)
                found += await self._step_known()
        return found

    async def _step_known(self) -> int:
        now = asyncio.get_running_loop().time()
        due = [key for key, (at, _) in self._known.items() if at <= now]
        return sum([await self._tenant(self._known.pop(key)[1], key[1]) for key in due])

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
            if sweep.next is not None:
                await self._look_ahead(sweep, scope)
        except Exception as error:
            told = {"sweep": sweep.name, "tenant_id": str(tenant_id), "error": repr(error)}
            _log.warning("a sweep failed", **told)
        return total

    async def _look_ahead(self, sweep: Sweep, scope: Scope) -> None:
        """Know what is due before this sweep comes round again."""
        assert sweep.next is not None
        in_s = await sweep.next(self._bus, scope)
        if in_s is not None and in_s < sweep.every_s:
            at = asyncio.get_running_loop().time() + max(in_s, AGAIN_S_MIN)
            self._known[sweep.name, scope.tenant_id] = at, sweep
