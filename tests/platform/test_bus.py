"""The bus over both real stores: one commit, refusals in place, repeated keys, versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import pytest

from tradepost.kernel.clock import SystemClock
from tradepost.kernel.errors import Refusal, Refused
from tradepost.kernel.ids import Ids, RandomIds, TenantId
from tradepost.kernel.messages import SYSTEM, Command, Fact, Facts, Scope
from tradepost.platform.bus import Bindings, Bus, Handler, Wish
from tradepost.platform.db.errors import AlreadyThere
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Reader, Store, Work
from tradepost.platform.idempotency import KeyReused, idempotency_keys
from tradepost.platform.outbox import outbox


@dataclass(frozen=True, slots=True)
class NoteTaken(Fact):
    """A note was taken."""

    name: ClassVar[str] = "note.taken"
    stream: ClassVar[str] = "note"
    key: ClassVar[str] = "note_id"
    note_id: UUID


@dataclass(frozen=True, slots=True)
class TakeNote(Command):
    """Take a note."""

    text: str


@dataclass(frozen=True, slots=True)
class TakeOne(Command):
    """Take a note, the plain way."""

    text: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A note and its text."""

    id: UUID
    text: str


@dataclass(eq=False)
class Blank(Refused):
    """A note of {text} says nothing.

    Write something.
    """

    text: str


async def take_notes(wishes: list[TakeNote], facts: Facts, ids: Ids) -> list[Taken | Refusal]:
    answers: list[Taken | Refusal] = []
    for wish in wishes:
        if not wish.text:
            answers.append(Blank(wish.text))
            continue
        note = Taken(ids.new(), wish.text)
        facts.tell(NoteTaken(note.id), 1, wish.at)
        answers.append(note)
    return answers


async def take_one(wish: TakeOne, facts: Facts, ids: Ids) -> Taken:
    note = Taken(ids.new(), wish.text)
    facts.tell(NoteTaken(note.id), 1, wish.at)
    if not wish.text:
        raise Blank(wish.text)
    return note


_FACTS = Statement(scoped(outbox, outbox.c.stream_id).order_by(outbox.c.id))
_KEYS = Statement(
    scoped(idempotency_keys, idempotency_keys.c.key).where(any_of(idempotency_keys.c.key, "keys"))
)


async def _told(db: Reader) -> list[UUID]:
    return [row[0] for row in await db.all(_FACTS)]


@pytest.fixture
def bus(store: Store) -> Bus:
    handlers: dict[type, Handler] = {TakeNote: take_notes, TakeOne: take_one}
    return Bus(store, handlers, {}, ids=RandomIds(), clock=SystemClock())


@pytest.fixture
def scope(tenant_id: TenantId) -> Scope:
    return Scope(tenant_id, SYSTEM)


async def test_a_repeated_key_is_answered_alike_and_has_one_effect(bus: Bus, scope: Scope) -> None:
    first = await bus.send(scope, TakeNote("a"), key="a" * 16)
    again = await bus.send(scope, TakeNote("a"), key="a" * 16)
    assert first == again
    assert await bus.ask(scope, _told) == [first.id]


async def test_a_key_used_for_something_else_is_refused(bus: Bus, scope: Scope) -> None:
    await bus.send(scope, TakeNote("a"), key="k" * 16)
    with pytest.raises(KeyReused):
        await bus.send(scope, TakeNote("b"), key="k" * 16)
    with pytest.raises(KeyReused):
        await bus.send(scope, TakeNote(""), key="k" * 16)
    assert len(await bus.ask(scope, _told)) == 1


async def test_a_refusal_of_a_laned_handler_is_kept_under_its_key(bus: Bus, scope: Scope) -> None:
    for _ in range(2):
        with pytest.raises(Blank) as refused:
            await bus.send(scope, TakeNote(""), key="r" * 16)
        assert refused.value.message == "A note of  says nothing."
    assert await bus.ask(scope, _told) == []


async def test_a_raised_refusal_undoes_everything(bus: Bus, scope: Scope) -> None:
    with pytest.raises(Blank):
        await bus.send(scope, TakeOne(""), key="x" * 16)
    assert await bus.ask(scope, _told) == []


async def test_a_batch_keeps_order_and_answers_each(bus: Bus, scope: Scope) -> None:
    before = await bus.send(scope, TakeNote("was"), key="w" * 16)
    answers = await bus.send_all(
        scope,
        [
            Wish(TakeNote("a"), "ka" * 8),
            Wish(TakeNote(""), "kb" * 8),
            Wish(TakeNote("a"), "ka" * 8),
            Wish(TakeNote("other"), "ka" * 8),
            Wish(TakeNote("was"), "w" * 16),
            Wish(TakeNote("free")),
            Wish(TakeOne("plain"), "kp" * 8),
            Wish(TakeOne(""), "kq" * 8),
        ],
    )
    a, blank, a_again, reused, was, free, plain, undone = answers
    assert a == a_again and a.text == "a" and was == before
    assert isinstance(blank, Blank) and isinstance(reused, KeyReused) and isinstance(undone, Blank)
    assert await bus.ask(scope, _told) == [before.id, a.id, free.id, plain.id]


async def test_tenants_share_keys_without_knowing(bus: Bus, scope: Scope) -> None:
    other = Scope(TenantId(RandomIds().new()), SYSTEM)
    mine = await bus.send(scope, TakeNote("a"), key="s" * 16)
    theirs = await bus.send(other, TakeNote("b"), key="s" * 16)
    assert mine.id != theirs.id
    assert await bus.ask(scope, _told) == [mine.id]
    assert await bus.ask(other, _told) == [theirs.id]


async def test_a_unique_value_taken_twice_is_a_conflict(store: Store, scope: Scope) -> None:
    @dataclass(frozen=True, slots=True)
    class Claim(Command):
        key: str

    async def claim(wish: Claim, work: Work) -> str:
        row = {"principal": "p", "route": "r", "key": wish.key, "fingerprint": "", "answer": ""}
        work.add(idempotency_keys, {**row, "answered_at": wish.at})
        return wish.key

    claim.__annotations__ = {"wish": Claim, "work": Work, "return": str}
    bindings: Bindings = {Work: lambda bound: bound.work}
    bus = Bus(store, {Claim: claim}, bindings, ids=RandomIds(), clock=SystemClock())
    await bus.send(scope, Claim("one"))
    with pytest.raises(AlreadyThere):
        await bus.send(scope, Claim("one"))


async def test_lists_of_any_length_find_their_rows(bus: Bus, scope: Scope) -> None:
    keys = [f"key-{n:012}" for n in range(7)]
    await bus.send_all(scope, [Wish(TakeNote(key), key) for key in keys])

    async def look(db: Reader, wanted: list[str]) -> set[str]:
        return {row[0] for row in await db.all(_KEYS, keys=wanted)}

    for size in range(len(keys) + 1):
        assert await bus.ask(scope, look, keys[:size]) == set(keys[:size])


def test_a_statement_without_its_tenant_is_refused() -> None:
    from sqlalchemy import select

    bare = Statement(select(outbox.c.id).where(outbox.c.name == param("name")))
    for dialect in ("sqlite", "postgresql"):
        with pytest.raises(AssertionError, match="without its tenant"):
            bare.compiled(dialect)
