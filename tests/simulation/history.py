"""One history: clients and faults first, then peace, in which everything has to come to its end."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import literal_column

from tests.simulation.chance import BEGINNING
from tests.simulation.clients import Client, Crowd
from tests.simulation.disk import Played
from tests.simulation.faithful import all_rows
from tests.simulation.labour import consumers_of, made_worker
from tests.simulation.laws import AT_THE_END, BOOK, Broken, Laws
from tests.simulation.loop import SimLoop, Stuck
from tests.simulation.machines import Died, Labourer, Server, Stage
from tests.simulation.script import Script
from tests.simulation.shops import Shop, shop
from tradepost.inventory.domain.reservations import ReservationState
from tradepost.inventory.storage.reservations import reservations
from tradepost.payments.gateway.sandbox import SandboxGateway
from tradepost.payments.storage.calls import gateway_calls
from tradepost.platform import sweeps
from tradepost.platform.consumers.tables import dead_letters, parked_streams
from tradepost.platform.db.sqlite_work import SqliteReader, run_to_end
from tradepost.platform.db.statement import AcrossTenants, Statement, param, platform_select, scoped
from tradepost.platform.db.work import Row
from tradepost.platform.outbox import outbox
from tradepost.platform.relay.log import after
from tradepost.wiring import payments
from tradepost.wiring.doctor.law import Sight

QUIET_S = 0.05
PEACE_S_MAX = 10.0
A_WHILE = timedelta(hours=2)
"""The leases of the dead are over then, and every call is old to the most wrong of clocks."""
_LEFT: dict[str, Statement] = {
    **{
        table.name: AcrossTenants(platform_select(*table.c).limit(3))
        for table in (outbox, parked_streams, dead_letters)
    },
    "calls to a gateway": Statement(
        scoped(gateway_calls, gateway_calls.c.id)
        .where(gateway_calls.c.answered_at.is_(None))
        .limit(3)
    ),
    "holds that ran out": Statement(
        scoped(reservations, reservations.c.id)
        .where(reservations.c.state == literal_column(f"'{ReservationState.ACTIVE.value}'"))
        .where(reservations.c.expires_at < param("now"))
        .limit(3)
    ),
}
_FORMS = [one.compiled("sqlite") for one in _LEFT.values()]
_ANY_LEFT = f"SELECT {' OR '.join(f'EXISTS ({form.sql})' for form in _FORMS)}"


@dataclass
class Outcome:
    """What came of a history."""

    script: Script
    broken: Broken | None
    trace: str
    commands: int
    commits: int
    struck: Counter[str]
    played: list[Played] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    """What lay in the store at the end, of histories that are recorded."""


def play(script: Script, *, record: bool = False) -> Outcome:
    """Play a history to its end; the store is put back afterwards."""
    here = shop(script.shop)
    loop = SimLoop(f"loop {script.seed}")
    chance = random.getstate()
    here.disk.begin()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(time, "monotonic", loop.time)  # whoever in the product asks for it
        patched.setattr(sweeps, "LOOK_S", script.sweep_every_s)
        patched.setattr(payments, "SANDBOX", SandboxGateway(b""))
        random.seed(script.seed)
        try:
            history = _History(loop, script, here, record)
            return loop.play(history.run())
        except Stuck as stuck:
            return history.outcome(Broken("nobody.waits", str(stuck)))
        finally:
            random.setstate(chance)
            here.disk.put_back()


class _History:
    def __init__(self, loop: SimLoop, script: Script, here: Shop, record: bool) -> None:
        self._script = script
        self._shop = here
        sight = Sight(3, BEGINNING, frozenset({here.tenant_id}))
        laws = Laws(here.disk, here.tenant_id, sight, here.told)
        self._followed = len(here.told)
        self._consumers = consumers_of(script)
        self._unheard: list[tuple[str, UUID]] = []
        self._stage = Stage(loop, here.disk, script, laws)
        self._stage.played = [] if record else None
        self._crowd = Crowd(self._stage, here, [])
        self._reader = SqliteReader(here.disk.connection, here.tenant_id)

    async def run(self) -> Outcome:
        stage, script, crowd = self._stage, self._script, self._crowd
        servers = crowd.servers = [
            Server(f"server {n}", stage, lanes=script.lanes) for n in range(script.servers)
        ]
        for n in range(script.workers):
            Labourer(f"worker {n}", stage, made_worker)
        numbers = sorted({step.client for step in script.steps})
        clients = [
            Client(n, crowd, [step for step in script.steps if step.client == n]) for n in numbers
        ]
        try:
            await self._until_over(asyncio.gather(*(client.run() for client in clients)))
            self._heal(servers)
            await self._drained()
            await self._until_over(crowd.asked_again())
            await self._drained()
            self._examined()
        except Broken as broken:
            stage.breaks(broken)
        except Died:
            pass
        for machine in stage.machines:
            machine.store = None  # nobody tidies up in a history that is over
        return self.outcome(stage.broken)

    def outcome(self, broken: Broken | None) -> Outcome:
        """What came of it."""
        stage = self._stage
        return Outcome(
            self._script,
            broken,
            stage.trace,
            self._crowd.commands,
            stage.commits,
            stage.struck,
            stage.played or [],
            run_to_end(all_rows(self._reader)) if stage.played else {},
        )

    async def _until_over(self, doing: Any) -> None:
        """Wait for it, but not once a law is broken."""
        done = asyncio.ensure_future(doing)
        over = asyncio.ensure_future(self._stage.over.wait())
        try:
            await asyncio.wait((done, over), return_when=asyncio.FIRST_COMPLETED)
            if self._stage.broken:
                raise self._stage.broken
            await done
        finally:
            over.cancel()
            done.cancel()

    def _heal(self, servers: Sequence[Server]) -> None:
        """No more faults, and time goes by."""
        self._stage.faults.clear()
        self._stage.time.jump(A_WHILE)
        for server in servers:
            server.clock.skew *= 0

    async def _drained(self) -> None:
        """What waits is done now, or it never will be."""
        stage = self._stage
        deadline = stage.loop.time() + PEACE_S_MAX
        while (waiting := self._waiting()) or stage.broken:
            if stage.broken:
                raise stage.broken
            if stage.loop.time() > deadline:
                raise Broken("everything.drains", f"after {PEACE_S_MAX} s: {waiting}")
            await asyncio.sleep(QUIET_S)

    def _waiting(self) -> str:
        """What has not come to its end; one statement sees whether there is anything to tell."""
        now = self._stage.time.now()
        given = {"tenant": self._shop.tenant_id, "now": now}
        values = [value for form in _FORMS for value in form.bind(given)]
        if self._shop.disk.connection.execute(_ANY_LEFT, values).fetchone()[0]:
            for name, statement in _LEFT.items():
                asked = {"now": now} if name == "holds that ran out" else {}
                if rows := run_to_end(self._reader.all(statement, **asked)):
                    return f"{name}: {rows}"
        laws = self._stage.laws
        for row in run_to_end(after(self._reader, self._followed, 10_000)):
            self._followed = row.seq
            self._unheard += [
                (c.name, row.event_id) for c in self._consumers if row.name in c.facts
            ]
        self._unheard = [one for one in self._unheard if not laws.heard(*one)]
        return f"not heard: {self._unheard[:3]}" if self._unheard else ""

    def _examined(self) -> None:
        """The book of laws; in a small history the queries that read what it has written.

        All the others found nothing when the shop was opened.
        """
        disk, tenant_id, laws = self._shop.disk, self._shop.tenant_id, self._stage.laws
        sight = replace(laws.sight, now=self._stage.time.now())
        if self._script.size.is_whole:
            BOOK.look(disk, tenant_id, sight)
        else:
            AT_THE_END.look(disk, tenant_id, sight, laws.written)
