"""Defects that the simulation has to find: each plants itself into the product and is gone after.

They are those of people who know the trade but not the trap: an acknowledgement too early, a key
that is looked up and then trusted, a release that nobody guards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
from msgspec import structs

from tests.simulation.disk import SimWork
from tests.simulation.labour import SimIntake
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Fact
from tradepost.payments.domain import credit
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.leases import Fence, Leases
from tradepost.platform.consumers.runner import Runner
from tradepost.platform.db.errors import DuplicateKey
from tradepost.platform.db.statement import (
    AcrossTenants,
    Statement,
    any_of,
    param,
    platform_select,
    scoped,
    scoped_update,
)
from tradepost.platform.db.work import Reader, Work
from tradepost.platform.granting import Stamped
from tradepost.platform.idempotency import AskedId, Kept, keep, kept
from tradepost.platform.outbox import SHARDS, OutboxFacts, shard_of
from tradepost.platform.relay.log import Logged
from tradepost.platform.relay.tables import leases
from tradepost.platform.transport.port import Batch

holds = import_module("tradepost.inventory.storage.reservations")
"""The module: its package has a table of the same name."""
Plant = Callable[[pytest.MonkeyPatch], None]


def ack_before_effect(planted: pytest.MonkeyPatch) -> None:
    """The position is saved first, and the effect follows: whoever dies in between loses it."""
    taken = Runner._take

    async def take(self: Runner, batch: Batch) -> None:
        before = dict(self.leases.positions)
        self.leases.positions.update(batch.reached)
        await self.leases.save()
        self.leases.positions.update(before)
        await taken(self, batch)

    planted.setattr(Runner, "_take", take)


async def _looked_up(bus: Bus, stamped: Sequence[Stamped]) -> dict[AskedId, Kept]:
    """What the keys were answered so far, before anything is begun."""
    (one,) = stamped
    assert one.asked is not None
    asked = one.asked

    async def look(db: Reader) -> dict[AskedId, Kept]:
        return await kept(db, [asked], bus.answer_of(type(one.command)))

    return await bus.store.read(one.command.by.tenant_id, look)


def check_then_act(planted: pytest.MonkeyPatch) -> None:
    """A key is looked up, then the wish is granted; that somebody else did so meanwhile is fine."""
    granted = Bus.grant_batch

    async def grant(
        self: Bus, stamped: Sequence[Stamped], **how: Any
    ) -> tuple[list[Any], set[AskedId]]:
        if len(stamped) > 1 or stamped[0].asked is None:
            return await granted(self, stamped, **how)
        known = await _looked_up(self, stamped)
        one = stamped[0]
        assert one.asked is not None
        if known:
            return [one.asked.answered_with(known[one.asked.id])], {one.asked.id}
        asked = one.asked

        async def job(work: Work) -> list[Any]:
            bare = [replace(one, asked=None)]
            answers = await self._granting.grant_all(work, bare, look_up=False, replayed=set())
            if not await kept(work, [asked], self.answer_of(type(one.command))):
                keep(work, asked, answers[0], one.command.at)
            return answers

        return await self._retried(lambda: self.store.write(one.command.by, job), keyed=True), set()

    planted.setattr(Bus, "grant_batch", grant)


def key_by_itself(planted: pytest.MonkeyPatch) -> None:
    """The key is kept in a transaction of its own, after that of the effect."""
    granted = Bus.grant_batch

    async def grant(
        self: Bus, stamped: Sequence[Stamped], **how: Any
    ) -> tuple[list[Any], set[AskedId]]:
        if len(stamped) > 1 or stamped[0].asked is None:
            return await granted(self, stamped, **how)
        known = await _looked_up(self, stamped)
        one = stamped[0]
        assert one.asked is not None
        asked = one.asked
        if known:
            return [asked.answered_with(known[asked.id])], {asked.id}
        answers, _ = await granted(self, [replace(one, asked=None)], **how)

        async def job(work: Work) -> None:
            keep(work, asked, answers[0], one.command.at)

        with suppress(DuplicateKey):
            await self.store.write(one.command.by, job)
        return answers, set()

    planted.setattr(Bus, "grant_batch", grant)


def unguarded_sweeper(planted: pytest.MonkeyPatch) -> None:
    """Holds that ran out are let go whether or not they still live."""
    table = holds.reservations
    found = (
        scoped(table, *holds.ROWS.columns)
        .where(table.c.expires_at <= param("at"))
        .order_by(table.c.expires_at, table.c.id)
        .limit(param("most"))
    )
    closed = scoped_update(table).values(state=param("state")).where(any_of(table.c.id, "ids"))
    planted.setattr(holds, "_FIRST_EXPIRED", Statement(found))
    planted.setattr(holds, "_CLOSE", Statement(closed))


def refund_without_remainder(planted: pytest.MonkeyPatch) -> None:
    """Each line's share of a refund is rounded by itself; what is left over is nobody's."""

    def shares(amount: int, weights: Sequence[int]) -> list[int]:
        return [amount * weight // max(sum(weights), 1) for weight in weights]

    planted.setattr(credit, "share_out", shares)


def published_too_early(planted: pytest.MonkeyPatch) -> None:
    """A fact is handed to the transport while its transaction is still running."""
    tell, fetch = OutboxFacts.tell, SimIntake.fetch
    early: list[Logged] = []
    given = Counter[int]()

    def telling(self: OutboxFacts, fact: Fact, version: int, at: datetime) -> None:
        tell(self, fact, version, at)
        work = self._work
        row = dict(work.left.facts[-1]) if isinstance(work, SimWork) else {}
        row["at"] = row.pop("happened_at", at)
        shard = shard_of(fact.stream_id)
        if row.get("event_id"):
            early.append(Logged(seq=0, shard=shard, tenant_id=_tenant(work), **row))

    async def fetching(
        self: SimIntake, positions: Mapping[int, int], limit: int, wait_s: float
    ) -> Batch:
        batch = await fetch(self, positions, limit, wait_s)
        told = [
            structs.replace(one, seq=positions[one.shard] + 1)
            for one in early[given[id(self)] :]
            if one.shard in positions
        ]
        given[id(self)] = len(early)
        return Batch(told + batch.facts, {**positions, **batch.reached}) if told else batch

    planted.setattr(OutboxFacts, "tell", telling)
    planted.setattr(SimIntake, "fetch", fetching)


def _tenant(work: Work) -> TenantId:
    assert work.tenant_id is not None
    return work.tenant_id


def two_consumers(planted: pytest.MonkeyPatch) -> None:
    """Every worker consumes every shard, and each fact goes to one of them, as groups do it."""
    keep_ = Leases.keep
    fetch = SimIntake.fetch
    every = AcrossTenants(
        platform_select(leases.c.shard, leases.c.epoch, leases.c.acked_seq).where(
            leases.c.consumer == param("consumer")
        )
    )

    async def keeping(self: Leases, share: int = SHARDS) -> set[int]:
        fresh = await keep_(self, share)
        rows = await self._store.relay_read(lambda db: db.all(every, consumer=self._consumer))
        for shard, epoch, acked in rows:
            if shard not in self.held:
                self.held[shard], self.positions[shard] = epoch, acked
        return fresh

    async def fetching(
        self: SimIntake, positions: Mapping[int, int], limit: int, wait_s: float
    ) -> Batch:
        batch = await fetch(self, positions, limit, wait_s)
        mine = [one for one in batch.facts if one.seq % 2 == int(self.worker[-1])]
        return Batch(mine, batch.reached)

    async def unchecked(self: Fence, work: Work) -> None:
        """Whoever comes is let in."""

    planted.setattr(Leases, "keep", keeping)
    planted.setattr(SimIntake, "fetch", fetching)
    planted.setattr(Fence, "check", unchecked)


DEFECTS: dict[str, tuple[Plant, str]] = {
    "acknowledged before the effect": (ack_before_effect, "everything.drains"),
    "key checked, then trusted": (check_then_act, "keys.once"),
    "key kept by itself": (key_by_itself, "keys.once"),
    "sweeper without a guard": (unguarded_sweeper, "stock.held"),
    "refund without remainder": (refund_without_remainder, "orders.owe_no_more"),
    "published before the commit": (published_too_early, "effects.told"),
    "two consumers of a shard": (two_consumers, "effects.ordered"),
}
"""Each with the law that has to name it."""
