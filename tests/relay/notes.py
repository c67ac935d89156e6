"""A small trade for the relay's tests: notes are taken, and counted by whoever hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, MetaData, PrimaryKeyConstraint, Table, func

from tradepost.kernel.clock import SystemClock
from tradepost.kernel.errors import Refusal, Refused
from tradepost.kernel.ids import Ids, RandomIds
from tradepost.kernel.messages import Command, Fact, Facts, Told
from tradepost.platform.bus import Bindings, Bus, Handler
from tradepost.platform.consumers.consumer import reacting
from tradepost.platform.db.schema import TENANT_OWNED
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.types import IdType
from tradepost.platform.db.work import Reader, Store, Work
from tradepost.platform.facts import FactBook


@dataclass(frozen=True, slots=True)
class NoteTaken(Fact):
    """A note was taken, the so-many-th on its pad."""

    name: ClassVar[str] = "note.taken"
    stream: ClassVar[str] = "pad"
    key: ClassVar[str] = "pad_id"
    pad_id: UUID
    nth: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class NoteHeard(Fact):
    """Somebody heard of a note."""

    name: ClassVar[str] = "note.heard"
    stream: ClassVar[str] = "pad"
    key: ClassVar[str] = "pad_id"
    pad_id: UUID
    nth: int


BOOK = FactBook([NoteTaken, NoteHeard])


@dataclass(frozen=True, slots=True)
class TakeNotes(Command):
    """Take notes, numbered from ``first``."""

    pad_id: UUID
    first: int
    count: int = 1
    text: str = ""


@dataclass(frozen=True, slots=True)
class HearNote(Command):
    """Write down that a note was heard."""

    pad_id: UUID
    nth: int
    text: str = ""


@dataclass(eq=False)
class Deaf(Refused):
    """Nobody can hear {text}.

    Speak up.
    """

    text: str


own = MetaData()
heard = Table(
    "test_heard",
    own,
    Column("tenant_id", IdType(), nullable=False),
    Column("id", IdType(), nullable=False),
    Column("pad_id", IdType(), nullable=False),
    Column("nth", BigInteger, nullable=False),
    Column("place", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant_id", "id"),
    info={TENANT_OWNED: True},
)
"""What was heard: ``place`` counts what its pad had been heard of before."""
_BEFORE = Statement(scoped(heard, func.count().label("n")).where(heard.c.pad_id == param("pad_id")))
_BEFORE_ALL = Statement(
    scoped(heard, heard.c.pad_id, func.count().label("n"))
    .where(any_of(heard.c.pad_id, "pads"))
    .group_by(heard.c.pad_id)
)
_HEARD = Statement(
    scoped(heard, heard.c.pad_id, heard.c.nth).order_by(heard.c.pad_id, heard.c.place)
)


async def take_notes(wishes: list[TakeNotes], facts: Facts) -> list[int | Refusal]:
    answers: list[int | Refusal] = []
    for wish in wishes:
        for nth in range(wish.first, wish.first + wish.count):
            facts.tell(NoteTaken(wish.pad_id, nth, wish.text), nth, wish.at)
        answers.append(wish.count)
    return answers


class Ear:
    """Hears, or is deaf to some texts for as long as a test says so."""

    deaf: ClassVar[set[str]] = set()


async def hear_note(wish: HearNote, work: Work, ids: Ids) -> int:
    if wish.text in Ear.deaf:
        raise Deaf(wish.text)
    place = await work.value(_BEFORE, pad_id=wish.pad_id)
    row = {"pad_id": wish.pad_id, "nth": wish.nth, "place": place}
    work.add(heard, {"id": ids.new(), **row})
    return int(place)


def hear(told: Told[NoteTaken]) -> HearNote:
    return HearNote(told.fact.pad_id, told.fact.nth, told.fact.text)


LISTENER = reacting("test.listener", [hear])


async def hear_all(bus: Bus, work: Work, told: Sequence[Told[Any]]) -> None:
    """What the listener does, for many facts with two statements."""
    pads = sorted({one.fact.pad_id for one in told})
    before: dict[UUID, int] = dict(await work.all(_BEFORE_ALL, pads=pads))
    for one in told:
        place = before.get(one.fact.pad_id, 0)
        before[one.fact.pad_id] = place + 1
        row = {"pad_id": one.fact.pad_id, "nth": one.fact.nth, "place": place}
        work.add(heard, {"id": bus.ids.new(), **row})


def note_bus(store: Store) -> Bus:
    handlers: dict[type, Handler] = {TakeNotes: take_notes, HearNote: hear_note}
    bindings: Bindings = {Work: lambda bound: bound.work}
    return Bus(store, handlers, bindings, ids=RandomIds(), clock=SystemClock())


async def all_heard(db: Reader) -> dict[UUID, list[int]]:
    """The numbers heard of each pad, in the order in which they were heard."""
    found: dict[UUID, list[int]] = {}
    for pad_id, nth in await db.all(_HEARD):
        found.setdefault(pad_id, []).append(nth)
    return found
