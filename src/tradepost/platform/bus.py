"""The bus: opens the work, hands a handler what its type hints name, and alone commits.

A handler of the plain kind takes one command. A *laned* one takes a list of commands of one tenant
and answers each, with a value or a refusal, in the same order; a list of one is its plain case.
"""

from __future__ import annotations

import asyncio
import inspect
import random
import typing
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, TypeVar

from tradepost.kernel.clock import Clock
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import Ids
from tradepost.kernel.messages import NOT_STAMPED, Actor, Command, Facts, Scope
from tradepost.platform.bound import Bindings, Bound
from tradepost.platform.db.errors import (
    AlreadyThere,
    DuplicateKey,
    OutcomeUnknown,
    StoreBusy,
    TryAgain,
)
from tradepost.platform.db.work import Reader, Store, Work
from tradepost.platform.idempotency import (
    REPLAYED,
    Asked,
    KeyReused,
    KeyRunning,
    fingerprint,
    keep,
    kept,
)

__all__ = ["Bindings", "Bound", "Bus", "Handler", "Wish"]
T = TypeVar("T")
TRIES_MAX = 5
BACKOFF_FIRST_S = 0.01
BACKOFF_MAX_S = 0.5
_GIVEN = (Actor, Scope, Ids, Clock)
Handler = Callable[..., Awaitable[Any]]
Prepare = Callable[[Scope], Awaitable[object]]
"""Brings what a scope's handlers will want to know, before their work opens."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A command with the key under which its answer is kept."""

    command: Command
    key: str | None = None


@dataclass(frozen=True, slots=True)
class _Route:
    handler: Handler
    laned: bool
    wants: tuple[tuple[str, type], ...]
    answer: Any


def _route_of(command: type, handler: Handler) -> _Route:
    hints = typing.get_type_hints(handler)
    answer = hints.pop("return", None)
    first, *rest = hints.items()
    laned = typing.get_origin(first[1]) is not None
    assert command is (typing.get_args(first[1])[0] if laned else first[1]), handler
    if laned:
        answer = _without_refusal(typing.get_args(answer)[0])
    return _Route(handler, laned, tuple(rest), answer)


def _without_refusal(answer: Any) -> Any:
    kinds = [kind for kind in typing.get_args(answer) if kind is not Refusal]
    return kinds[0] if len(kinds) == 1 else answer


def answer_shape(command: type, handler: Handler) -> Any:
    """The type of what a handler answers its command with."""
    return _route_of(command, handler).answer


Elsewhere = Callable[[Scope, Sequence[Wish], bool], Awaitable[list[Any]]]
"""Has wishes granted by the process that writes the store, where this one cannot."""


class Bus:
    """Sends wishes to those who grant them."""

    def __init__(
        self,
        store: Store,
        handlers: Mapping[type, Handler],
        bindings: Bindings,
        *,
        ids: Ids,
        clock: Clock,
        prepare: Prepare | None = None,
    ) -> None:
        self.store = store
        self.after_commit: Callable[[], None] = lambda: None
        self.elsewhere: Elsewhere | None = None
        self._prepare = prepare
        self.bindings = bindings
        self.ids = ids
        self.clock = clock
        self._queries: dict[Any, tuple[tuple[int, str, type], ...]] = {}
        self._routes = {command: _route_of(command, fn) for command, fn in handlers.items()}
        for route in self._routes.values():
            for name, wanted in route.wants:
                known = wanted in bindings or wanted in _GIVEN or wanted is Facts
                assert known, f"{route.handler.__name__}: nobody answers {name}: {wanted}"

    def answer_of(self, command: type[Command]) -> Any:
        """The type of what a command is answered with."""
        return self._routes[command].answer

    async def send(self, scope: Scope, command: Command, *, key: str | None = None) -> Any:
        """Grant one wish and commit it; raises the refusal if there is one.

        With a ``key`` the answer is kept, and a repetition is answered with it.
        """
        (answer,) = await self.send_all(scope, [Wish(command, key)])
        if isinstance(answer, Refusal):
            raise answer
        return answer

    async def send_all(
        self, scope: Scope, wishes: Sequence[Wish], *, whole: bool = False
    ) -> list[Any]:
        """Grant many wishes in one transaction, in order; refusals stand among the answers.

        With ``whole`` the first refusal is raised instead, and nothing of it all is done.
        """
        if self.elsewhere is not None:
            return await self.elsewhere(scope, wishes, whole)
        if self._prepare is not None:
            await self._prepare(scope)
        stamped = [self._stamp(wish) for wish in wishes]
        keyed = any(wish.key for wish in wishes)

        replayed: set[str] = set()

        async def job(work: Work, look_up: bool = len(stamped) > 1) -> list[Any]:
            answers = await self._grant_all(
                work, scope, stamped, look_up=look_up, replayed=replayed
            )
            if whole:
                _raise_first(answers)
            return answers

        async def job_again(work: Work) -> list[Any]:
            return await job(work, look_up=True)

        try:
            return await self._retried(scope, job, keyed=keyed)
        except DuplicateKey as taken:
            if not keyed:
                raise AlreadyThere(taken.constraint) from taken
        except Refusal as refused:
            if not keyed or len(stamped) > 1:
                raise
            answer = await self._kept_or(refused, scope, stamped[0])
            REPLAYED.set(True)
            return [answer]
        try:
            answers = await self._retried(scope, job_again, keyed=True)
        except DuplicateKey as taken:
            raise AlreadyThere(taken.constraint) from taken
        REPLAYED.set(bool(replayed))
        return answers

    async def preview(self, scope: Scope, command: Command) -> Any:
        """What a wish would be answered: the real run, undone."""
        if self._prepare is not None:
            await self._prepare(scope)
        stamped = [self._stamp(Wish(command))]

        async def job(work: Work) -> None:
            answers = await self._grant_all(work, scope, stamped, look_up=False, replayed=set())
            _raise_first(answers)
            raise _Undone(answers[0])

        try:
            await self._retried(scope, job, keyed=False)
        except _Undone as undone:
            return undone.answer

    async def ask(
        self, scope: Scope, query: Callable[..., Awaitable[T]], *args: Any, **named: Any
    ) -> T:
        """Run a query on one read-only snapshot of the scope's tenant.

        Ports and the like that it names by type are given to it, as to a handler, unless they are
        among the arguments; through them it can read, too, and nothing else.
        """
        wants = self._wanted(query)
        if wants and self._prepare is not None:
            await self._prepare(scope)

        async def job(db: Reader) -> T:
            bound = Bound(self, db, scope)
            given: dict[str, Any] = {
                name: bound.get(kind)
                for place, name, kind in wants
                if place > len(args) and name not in named
            }
            return await query(db, *args, **given, **named)

        return await self.store.read(scope.tenant_id, job)

    def _wanted(self, query: Callable[..., Any]) -> tuple[tuple[int, str, type], ...]:
        """The parameters of a query that are answered by type, with their places."""
        code = getattr(query, "__code__", query)  # one for all closures of a function
        known = self._queries.get(code)
        if known is None:
            hints = typing.get_type_hints(query) if inspect.isroutine(query) else {}
            known = self._queries[code] = tuple(
                (place, name, hints[name])
                for place, name in enumerate(inspect.signature(query).parameters)
                if hints.get(name) in _GIVEN or hints.get(name) in self.bindings
            )
        return known

    async def within(self, scope: Scope, job: Callable[[Work], Awaitable[T]]) -> T:
        """Do a job that may safely be repeated in one transaction, as often as that takes.

        For those who know by rows of their own what they have done before.
        """
        if self._prepare is not None:
            await self._prepare(scope)
        return await self._retried(scope, job, keyed=True)

    def is_laned(self, command: Command) -> bool:
        """Whether commands of this kind are granted together."""
        return self._routes[type(command)].laned

    async def grant(self, work: Work, scope: Scope, commands: Sequence[Command]) -> None:
        """Grant commands of one kind in a work that somebody else commits.

        Raises the first refusal, upon which the whole work has to be undone.
        """
        route = self._routes[type(commands[0])]
        bound = Bound(self, work, scope)
        given: dict[str, Any] = {name: bound.get(wanted) for name, wanted in route.wants}
        if route.laned:
            answers = await route.handler(list(commands), **given)
        else:
            answers = [await route.handler(command, **given) for command in commands]
        for answer in answers:
            if isinstance(answer, Refusal):
                raise answer

    def _stamp(self, wish: Wish) -> tuple[Command, Asked | None]:
        command = wish.command
        asked = None
        if wish.key is not None:
            asked = Asked(type(command).__name__, wish.key, fingerprint(command))
        if command.at is NOT_STAMPED:
            command = replace(command, at=self.clock.now())
        return command, asked

    async def _kept_or(
        self, refused: Refusal, scope: Scope, one: tuple[Command, Asked | None]
    ) -> Any:
        """After a refusal: the answer kept under the key if there is one, else the refusal."""
        command, asked = one
        assert asked is not None
        shape = self._routes[type(command)].answer

        async def look(db: Reader) -> dict[str, Any]:
            return await kept(db, scope, [asked], shape)

        found = await self.store.read(scope.tenant_id, look)
        if asked.key not in found:
            raise refused
        return found[asked.key]

    async def _retried(
        self, scope: Scope, job: Callable[[Work], Awaitable[T]], *, keyed: bool
    ) -> T:
        for tries in range(1, TRIES_MAX + 1):
            try:
                answer = await self.store.write(scope, job)
            except (TryAgain, OutcomeUnknown) as error:
                if isinstance(error, OutcomeUnknown) and not keyed:
                    raise StoreBusy(why="the connection broke") from error
                if tries == TRIES_MAX:
                    raise _gave_up(keyed) from error
                longest = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2**tries)
                await asyncio.sleep(random.uniform(0, longest))  # noqa: S311  jitter, no secret
            else:
                self.after_commit()
                return answer
        raise AssertionError("unreachable")

    async def _grant_all(
        self,
        work: Work,
        scope: Scope,
        stamped: list[tuple[Command, Asked | None]],
        *,
        look_up: bool,
        replayed: set[str],
    ) -> list[Any]:
        bound = Bound(self, work, scope)
        answers: list[Any] = []
        for kind, run in groupby(stamped, key=lambda one: type(one[0])):
            wishes = list(run)
            route = self._routes[kind]
            asked = [key for _, key in wishes if key] if look_up else []
            known = await kept(work, scope, asked, route.answer)
            replayed.update(known)
            answers.extend(
                await self._grant_run(bound, route, wishes, known, alone=len(stamped) == 1)
            )
        return answers

    async def _grant_run(
        self,
        bound: Bound,
        route: _Route,
        wishes: list[tuple[Command, Asked | None]],
        known: dict[str, Any],
        *,
        alone: bool,
    ) -> list[Any]:
        fresh: list[tuple[Command, Asked | None]] = []
        firsts: dict[str, Asked] = {}
        for command, asked in wishes:
            if asked is None or (asked.key not in known and asked.key not in firsts):
                fresh.append((command, asked))
                if asked:
                    firsts[asked.key] = asked
        granted = await self._grant_fresh(bound, route, [one for one, _ in fresh], alone=alone)
        answered = dict(known)
        unkeyed = []
        for (command, asked), answer in zip(fresh, granted, strict=True):
            if asked is None:
                unkeyed.append(answer)
                continue
            answered[asked.key] = answer
            if route.laned or not isinstance(answer, Refusal):
                keep(bound.work, bound.scope, asked, answer, command.at)
        rest = iter(unkeyed)
        return [_answer_to(asked, firsts, answered) if asked else next(rest) for _, asked in wishes]

    async def _grant_fresh(
        self, bound: Bound, route: _Route, commands: list[Command], *, alone: bool
    ) -> list[Any]:
        if not commands:
            return []
        given: dict[str, Any] = {name: bound.get(wanted) for name, wanted in route.wants}
        if route.laned:
            answers: list[Any] = await route.handler(commands, **given)
            assert len(answers) == len(commands), route.handler
            return answers
        if alone:
            return [await route.handler(commands[0], **given)]
        return [await self._attempt(bound, route, command, given) for command in commands]

    async def _attempt(
        self, bound: Bound, route: _Route, command: Command, given: dict[str, Any]
    ) -> Any:
        try:
            async with bound.work.attempt():
                return await route.handler(command, **given)
        except Refusal as refusal:
            return refusal


def _answer_to(asked: Asked, firsts: dict[str, Asked], answered: dict[str, Any]) -> Any:
    """The answer under a key, unless the same batch used the key for something else before."""
    first = firsts.get(asked.key)
    if first is not None and first.fingerprint != asked.fingerprint:
        return KeyReused(asked.key, asked.route)
    return answered[asked.key]


class _Undone(Exception):
    """Carries the answer of a preview out of the transaction that it undoes."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer


def _raise_first(answers: Sequence[Any]) -> None:
    for answer in answers:
        if isinstance(answer, Refusal):
            raise answer


def _gave_up(keyed: bool) -> Refusal:
    return KeyRunning(key="of this request") if keyed else StoreBusy(why="too much at once")
