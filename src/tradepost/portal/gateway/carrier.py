"""Carries what is written down to the cells, again and again until each call is answered."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import Final

import structlog

from tradepost.kernel.errors import Stale
from tradepost.kernel.messages import SYSTEM, Command, Scope
from tradepost.platform.bus import Bus
from tradepost.portal.commands import PostponeCall, RecordAnswer, RenumberCall
from tradepost.portal.domain import Call
from tradepost.portal.gateway.cell import Answered, Cells, Passed, Silent
from tradepost.portal.ports import Agenda

LOOK_S: Final = 1.0
"""How often the store is looked at for calls of other processes, and for those that are due."""
AT_ONCE: Final = 8
_log = structlog.get_logger("tradepost.portal")


class Carrier:
    """The loop of one portal process. Two of them may carry the same call: cells take it once."""

    def __init__(self, bus: Bus, agenda: Agenda, cells: Cells, *, look_s: float = LOOK_S) -> None:
        self._bus = bus
        self._agenda = agenda
        self._cells = cells
        self._look_s = look_s
        self._woken = asyncio.Event()
        self._running: dict[Call, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)

    def wake(self) -> None:
        """Something was written down: look at once."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Carry until told to stop; what is under way is cut off, and taken up by whoever starts
        next."""
        ending = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                await self._begin_due()
                woken = asyncio.create_task(self._woken.wait())
                await asyncio.wait(
                    [woken, ending], timeout=self._look_s, return_when=asyncio.FIRST_COMPLETED
                )
                woken.cancel()
                self._woken.clear()
        finally:
            ending.cancel()
            for task in self._running.values():
                task.cancel()
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _begin_due(self) -> None:
        try:
            due = await self._agenda.due(self._bus.clock.now())
        except Exception:
            _log.exception("the store cannot be looked at")
            return
        under_way = {call.id for call in self._running}
        for call in due:
            if call.id not in under_way:
                task = self._running[call] = asyncio.create_task(self._carry(call))
                task.add_done_callback(partial(self._ended, call))

    def _ended(self, call: Call, _: asyncio.Task[None]) -> None:
        self._running.pop(call, None)

    async def _carry(self, call: Call) -> None:
        async with self._room:
            try:
                tenant, database = await self._agenda.about(call)
                heard = await self._cells.ask(call, tenant, database)
                with contextlib.suppress(Stale):  # dropped meanwhile, or told by another process
                    await self._bus.send(Scope(tenant.id, SYSTEM), _noted(call, heard))
            except Exception:
                _log.exception("a call was not carried", call=str(call.id), kind=call.kind)
                await asyncio.sleep(self._look_s)
                return
        told = {"call": str(call.id), "kind": call.kind.value, "step": call.number}
        problem = "passed" if isinstance(heard, Passed) else heard.problem
        _log.info("call carried", tenant=str(tenant.id), problem=problem, **told)
        self._woken.set()


def _noted(call: Call, heard: Answered | Silent | Passed) -> Command:
    if isinstance(heard, Silent):
        return PostponeCall(call_id=call.id, problem=heard.problem)
    if isinstance(heard, Passed):
        return RenumberCall(call_id=call.id, last=heard.last)
    return RecordAnswer(
        call_id=call.id,
        cell_state=heard.cell_state,
        checks=heard.checks,
        problem=heard.problem,
    )
