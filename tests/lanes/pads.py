"""A small trade for the tests of lanes: notes are taken, in batches, and some are poison."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event
from typing import ClassVar
from uuid import UUID

from sqlalchemy import func, literal_column

from tradepost.kernel.clock import SystemClock
from tradepost.kernel.errors import Refusal, Refused
from tradepost.kernel.ids import Ids, RandomIds, TenantId
from tradepost.kernel.messages import Actor, Command, Fact, Facts, Scope, of_many
from tradepost.platform.bus import Bindings, Bus
from tradepost.platform.db.statement import Statement, param, platform_select, scoped
from tradepost.platform.db.work import Reader, Store, Work
from tradepost.platform.idempotency import idempotency_keys
from tradepost.platform.outbox import outbox


@dataclass(frozen=True, slots=True)
class NoteTaken(Fact):
    """A note was taken."""

    name: ClassVar[str] = "note.taken"
    stream: ClassVar[str] = "note"
    key: ClassVar[str] = "note_id"
    note_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class TakeNote(Command):
    """Take a note. What it says decides what becomes of it."""

    text: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A note and its text."""

    id: UUID
    text: str


@dataclass(eq=False)
class EmptyNote(Refused):
    """A note of {text} says nothing.

    Write something.
    """

    text: str


@dataclass(eq=False)
class Unheard(Refused):
    """Nobody has heard of {text}.

    Write something else.
    """

    text: str


class Broken(Exception):
    """A defect of the handler."""


@dataclass(eq=False)
class Desk:
    """Who takes the notes, and how many came at once each time."""

    batches: list[list[str]] = field(default_factory=list)
    breaks: int = 0
    """How often the connection is still to break."""
    begun: Event = field(default_factory=Event)

    @of_many
    async def take(
        self, wishes: list[TakeNote], work: Work, facts: Facts, ids: Ids
    ) -> list[Taken | Refusal]:
        """Take each note or refuse it; poison spoils all that came with it."""
        self.begun.set()
        self.batches.append([wish.text for wish in wishes])
        return [await self._taken(wish, work, facts, ids) for wish in wishes]

    async def _taken(self, wish: TakeNote, work: Work, facts: Facts, ids: Ids) -> Taken | Refusal:
        if wish.text == "defect":
            raise Broken
        if wish.text == "unheard":
            raise Unheard(wish.text)
        if wish.text == "broken rule":
            await self._break_a_rule(wish, work)
        if wish.text == "cut" and self.breaks:
            self.breaks -= 1
            await work.all(_CUT)
        if wish.text == "blank":
            return EmptyNote(wish.text)
        note = Taken(ids.new(), wish.text)
        facts.on_behalf(note.id, wish.by)
        facts.tell(NoteTaken(note.id, wish.text), 1, wish.at)
        return note

    async def _break_a_rule(self, wish: TakeNote, work: Work) -> None:
        row = {"principal": None, "route": "r", "key": "k", "fingerprint": "", "answer": ""}
        work.add(idempotency_keys, {**row, "answered_at": wish.at})
        await work.flush()


_CUT = Statement(platform_select(func.pg_terminate_backend(literal_column("pg_backend_pid()"))))
_TOLD = Statement(
    scoped(outbox, outbox.c.actor_kind, outbox.c.actor_id, outbox.c.request_id, outbox.c.stream_id)
    .where(outbox.c.name == param("name"))
    .order_by(outbox.c.id)
)


def bus_of(store: Store, desk: Desk) -> Bus:
    """A bus with nothing but the desk."""
    bindings: Bindings = {Work: lambda bound: bound.work}
    return Bus(store, {TakeNote: desk.take}, bindings, ids=RandomIds(), clock=SystemClock())


def person(tenant_id: TenantId, n: int) -> Scope:
    """One of many shoppers, in a request of their own."""
    return Scope(tenant_id, Actor("customer", UUID(int=n + 1)), f"request-{n}")


async def told(bus: Bus, tenant_id: TenantId) -> list[tuple[str, UUID | None, str, UUID]]:
    """By whom and in which request each note was taken, in order; and which."""

    async def look(db: Reader) -> list[tuple[str, UUID | None, str, UUID]]:
        rows = await db.all(_TOLD, name=NoteTaken.name)
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    return await bus.ask(Scope(tenant_id, Actor("nobody")), look)
