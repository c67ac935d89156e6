"""Processes that share a store and may die, sleep, or lose what they were told."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import msgspec

from tests.simulation.chance import SimClock, SimIds, SimTime
from tests.simulation.disk import Committed, Disk, Played
from tests.simulation.laws import Broken, Laws
from tests.simulation.loop import SimLoop
from tests.simulation.script import Script
from tradepost.inventory.domain.stock import Stock
from tradepost.kernel.ids import PaymentId, TenantId
from tradepost.kernel.messages import Command, Scope
from tradepost.payments.commands import StartPayment
from tradepost.payments.gateway.sandbox import SandboxGateway
from tradepost.platform.bus import Bus
from tradepost.platform.db.errors import OutcomeUnknown, RuleBroken, StoreBusy, StoreError, TryAgain
from tradepost.platform.db.work import Reader, RelaySession, Work
from tradepost.platform.lanes import Lanes
from tradepost.platform.tenancy import TenantDirectory
from tradepost.platform.worker import Worker
from tradepost.tenancy.queries import TenantProfiles
from tradepost.wiring.parts import build_bus
from tradepost.wiring.payments import desk_of

T = TypeVar("T")
LATENCIES_S = (0.0, 0.001, 0.002, 0.003)
LONG = timedelta(seconds=20)
"""Longer than any lease."""
RESTART_S = 0.05
_NOTES = msgspec.json.Encoder(enc_hook=repr)


class Died(BaseException):
    """This process is no more: nobody may catch it, nothing is said any more."""


class HungUp(Exception):
    """The connection to a server broke before it answered."""


class Stage:
    """What all processes of a history share: store, time, chance, faults, and who watches."""

    def __init__(self, loop: SimLoop, disk: Disk, script: Script, laws: Laws) -> None:
        self.loop = loop
        self.script = script
        self.disk = disk
        self.laws = laws
        self.chance = random.Random(f"chance {script.seed}")
        self.time = SimTime(loop.time)
        self.ids = SimIds(f"ids {script.seed}", self.time)
        self.faults = {(one.where, one.at): one.kind for one in script.faults}
        self.reached: Counter[str] = Counter()
        self.struck: Counter[str] = Counter()
        self.leaders: dict[str, SimStore] = {}
        self.machines: list[Machine] = []
        self.broken: Broken | None = None
        self.over = asyncio.Event()
        self.commits = 0
        self.played: list[Played] | None = None
        self._trace = hashlib.sha256()

    def fault(self, where: str) -> str:
        """What goes wrong here and now, if anything."""
        self.reached[where] += 1
        kind = self.faults.get((where, self.reached[where]), "")
        if kind:
            self.struck[kind] += 1
            self.note("fault", kind)
        return kind

    def note(self, *said: object) -> None:
        """Add to the trace."""
        self._trace.update(_NOTES.encode((self.loop.time(), said)))

    @property
    def trace(self) -> str:
        """What tells two histories apart."""
        return self._trace.hexdigest()

    def breaks(self, broken: Broken) -> None:
        """A law is broken: the history is over."""
        self.broken = self.broken or broken
        self.over.set()

    def committed(self, by: str, left: Committed) -> None:
        """Look at what a transaction has left."""
        self.commits += 1
        facts = [(f["event_id"], f["name"], f["version"], f["body"]) for f in left.facts]
        self.note(by, left.kind, sorted(left.tables), facts)
        try:
            self.laws.look(left)
        except Broken as broken:
            self.breaks(broken)


class SimStore:
    """The store as one process reaches it.

    It speaks SQLite but is shared by many processes as PostgreSQL is, hence its name.
    """

    dialect = "simulated"

    def __init__(self, stage: Stage, machine: Machine) -> None:
        self.process = machine.name
        self._stage = stage
        self._machine = machine

    async def _passes(self) -> None:
        """The way to the store and back, which takes its time."""
        stage, machine = self._stage, self._machine
        await stage.loop.pause(LATENCIES_S[int(stage.chance.random() * len(LATENCIES_S))])
        if machine.asleep or machine.store is not self or stage.broken:
            await machine.lives(self)

    async def _transact(
        self, kind: str, scope: Scope | None, job: Callable[[Work], Awaitable[T]]
    ) -> T:
        await self._passes()
        stage, machine = self._stage, self._machine
        fault = stage.fault(machine.where)
        if fault == "busy":
            raise StoreBusy(why="a fault says so")
        if fault == "sleeps":
            await machine.sleeps()
            await self._passes()
        if fault == "unseated":
            stage.leaders.clear()
        keep = fault not in ("again", "undone", "dies")
        left = Committed(kind, scope)
        ids, stage.ids.drawn = stage.ids.drawn, []
        tenant = scope.tenant_id if scope else None
        try:
            answer: T = stage.disk.transact(tenant, left, job, keep=keep)
        except (RuleBroken, AssertionError) as error:
            # schema and domain have caught it, but nobody should ever have tried
            about_stock = error.args and isinstance(error.args[0], Stock)
            stage.breaks(Broken("stock.held" if about_stock else "no.defects", repr(error)))
            raise
        drawn, stage.ids.drawn = stage.ids.drawn, ids
        if keep:
            if stage.played is not None:
                now = machine.clock.now()
                stage.played.append(Played(kind, scope, job, now, drawn, stage.ids, answer))
            stage.committed(machine.name, left)
        if fault in ("dies", "dies_late"):
            machine.dies()
        if fault == "again":
            raise TryAgain("a fault says so")
        if fault in ("undone", "lost"):
            await self._passes()
            raise OutcomeUnknown("a fault says so")
        await self._passes()
        return answer

    async def write(self, scope: Scope, job: Callable[[Work], Awaitable[T]]) -> T:
        return await self._transact("write", scope, job)

    async def lane_write(
        self, scope: Scope, job: Callable[[Work], Awaitable[T]], *, wishes: int
    ) -> T:
        return await self._transact("write", scope, job)

    async def platform_write(self, purpose: str, job: Callable[[Work], Awaitable[T]]) -> T:
        return await self._transact("platform", None, job)

    async def relay_write(self, job: Callable[[Work], Awaitable[T]]) -> T:
        return await self._transact("relay", None, job)

    async def _read(self, tenant: TenantId | None, job: Callable[[Reader], Awaitable[T]]) -> T:
        await self._passes()
        answer = self._stage.disk.read(tenant, job)
        await self._passes()
        return answer

    async def read(self, tenant_id: TenantId, job: Callable[[Reader], Awaitable[T]]) -> T:
        return await self._read(tenant_id, job)

    async def platform_read(self, purpose: str, job: Callable[[Reader], Awaitable[T]]) -> T:
        return await self._read(None, job)

    async def relay_read(self, job: Callable[[Reader], Awaitable[T]]) -> T:
        return await self._read(None, job)

    async def relay_session(self) -> RelaySession:
        await self._passes()
        return _Session(self._stage, self)

    async def close(self) -> None:
        """Nothing is held."""


class _Session:
    """Leads as long as nobody has taken the lead from it."""

    def __init__(self, stage: Stage, store: SimStore) -> None:
        self._leaders = stage.leaders
        self._store = store

    async def lead(self, role: str) -> bool:
        await self._store._passes()
        return self._leaders.setdefault(role, self._store) is self._store

    async def hold(self) -> None:
        """The lead is taken from it by a fault alone."""

    async def write(self, job: Callable[[Work], Awaitable[T]]) -> T:
        if self._store not in self._leaders.values():
            raise StoreError("the session is lost")
        return await self._store.relay_write(job)

    async def close(self) -> None:
        for role in [role for role, one in self._leaders.items() if one is self._store]:
            del self._leaders[role]


class Machine:
    """A process with memory of its own, which it loses when it dies."""

    where = ""

    def __init__(self, name: str, stage: Stage) -> None:
        self.name = name
        self.stage = stage
        stage.machines.append(self)
        self.clock = SimClock(stage.time)
        self.asleep: asyncio.Event | None = None
        """Set when it goes on, while it stands still."""
        self.start()

    def start(self) -> None:
        """Begin with nothing but the store."""
        self.store: SimStore | None = SimStore(self.stage, self)
        self.asleep = None

    def bus(self) -> Bus:
        """A bus of its own over the store."""
        assert self.store is not None
        seconds = self.stage.loop.time
        profiles = TenantProfiles(self.store)
        directory = TenantDirectory(profiles, seconds=seconds)
        return build_bus(
            self.store,
            ids=self.stage.ids,
            clock=self.clock,
            directory=directory,
            seconds=seconds,
        )

    async def lives(self, store: SimStore) -> None:
        """Go on when the process is awake, if it still is that process."""
        while self.asleep is not None and self.store is store:
            await self.asleep.wait()
        if self.store is not store or self.stage.broken:
            raise Died

    async def sleeps(self) -> None:
        """Stand still while the others go on for longer than any lease."""
        self.asleep = asyncio.Event()
        self.stage.time.jump(LONG)
        self.stage.loop.call_later(0.5, self.wakes)

    def wakes(self) -> None:
        """Go on."""
        if self.asleep is not None:
            self.asleep.set()
            self.asleep = None

    def dies(self) -> None:
        """End here; somebody starts it again soon.

        :raises Died: always.
        """
        store, self.store = self.store, None
        leaders = self.stage.leaders
        for role in [role for role, one in leaders.items() if one is store]:
            del leaders[role]
        self.stage.note(self.name, "dies")
        self.stage.loop.call_later(RESTART_S, self.start)
        self.wakes()
        self.ended()
        raise Died

    def ended(self) -> None:
        """What goes down with it."""


class Server(Machine):
    """A process that answers clients."""

    where = "api"

    def __init__(self, name: str, stage: Stage, *, lanes: bool) -> None:
        self._with_lanes = lanes
        self._open: dict[int, asyncio.Future[Any]] = {}
        super().__init__(name, stage)

    def start(self) -> None:
        super().start()
        self._bus = self.bus()
        self._desk = desk_of(self._bus, {SandboxGateway.name: SandboxGateway(b"a secret")})
        if self._with_lanes:
            Lanes(self._bus)

    async def send(self, scope: Scope, command: Command, key: str | None) -> Any:
        """Wish something over a connection of one's own.

        :raises HungUp: if the server is away, or goes away before it has answered.
        """
        return await self._answered(lambda: self._bus.send(scope, command, key=key))

    async def ask(self, scope: Scope, query: Callable[..., Any], *args: Any) -> Any:
        """Ask something over a connection of one's own."""
        return await self._answered(lambda: self._bus.ask(scope, query, *args))

    async def pay(self, scope: Scope, wish: StartPayment, key: str | None) -> Any:
        """Pay by the sandbox, which may answer later or not at all."""
        return await self._answered(lambda: self._desk.pay(scope, wish, key=key))

    async def call_back(self, scope: Scope, payment_id: PaymentId) -> Any:
        """What the sandbox still has to tell of a payment is told, each thing twice."""

        async def told() -> None:
            for one in await self._desk.sandbox_callbacks(scope, payment_id):
                for _ in range(2):
                    await self._desk.receive(scope, "sandbox", one.body, one.signature)

        return await self._answered(told)

    async def _answered(self, request: Callable[[], Awaitable[Any]]) -> Any:
        if self.store is None:
            raise HungUp
        answer: asyncio.Future[Any] = self.stage.loop.create_future()
        self._open[id(answer)] = answer
        serving = asyncio.ensure_future(_done(request, answer))
        try:
            return await answer
        finally:
            del self._open[id(answer)]
            assert serving is not None

    def ended(self) -> None:
        for answer in self._open.values():
            if not answer.done():
                answer.set_exception(HungUp())


async def _done(request: Callable[[], Awaitable[Any]], answer: asyncio.Future[Any]) -> None:
    """See a request to its end, whether or not somebody still waits for the answer."""
    try:
        said = await request()
    except Exception as error:
        if not answer.done():
            answer.set_exception(error)
        return
    if not answer.done():
        answer.set_result(said)


class Labourer(Machine):
    """A process that moves facts, consumes them and sweeps."""

    where = "worker"

    def __init__(self, name: str, stage: Stage, make: Callable[[Bus, Stage], Worker]) -> None:
        self._make = make
        self._running: asyncio.Task[None] | None = None
        super().__init__(name, stage)

    def start(self) -> None:
        super().start()
        self.worker = self._make(self.bus(), self.stage)
        self._running = asyncio.ensure_future(self.worker.run())

    def ended(self) -> None:
        if self._running is not None:
            self._running.cancel()
