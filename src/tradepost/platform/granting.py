"""Granting wishes inside a work that somebody else commits: keys, handlers, answers in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from tradepost.kernel.errors import Refusal
from tradepost.kernel.messages import NOT_STAMPED, Command, Scope
from tradepost.platform.bound import Bound, Room
from tradepost.platform.db.work import Work
from tradepost.platform.idempotency import Asked, KeyReused, fingerprint, keep, kept
from tradepost.platform.routes import Route


@dataclass(frozen=True, slots=True)
class Wish:
    """A command with the key under which its answer is kept."""

    command: Command
    key: str | None = None


Stamped = tuple[Command, Asked | None]


class Granting:
    """Brings wishes to the handlers of their kinds."""

    def __init__(self, room: Room, routes: Mapping[type, Route]) -> None:
        self._room = room
        self._routes = routes

    def stamp(self, wish: Wish) -> Stamped:
        """The command with its instant, and its key with the fingerprint of what was asked."""
        command = wish.command
        asked = None
        if wish.key is not None:
            asked = Asked(type(command).__name__, wish.key, fingerprint(command))
        if command.at is NOT_STAMPED:
            command = replace(command, at=self._room.clock.now())
        return command, asked

    async def grant(self, work: Work, scope: Scope, commands: Sequence[Command]) -> None:
        """Grant commands of one kind in a work that somebody else commits.

        Raises the first refusal, upon which the whole work has to be undone.
        """
        route = self._routes[type(commands[0])]
        bound = Bound(self._room, work, scope)
        given: dict[str, Any] = {name: bound.get(wanted) for name, wanted in route.wants}
        if route.laned:
            answers = await route.handler(list(commands), **given)
        else:
            answers = [await route.handler(command, **given) for command in commands]
        raise_first(answers)

    async def grant_all(
        self,
        work: Work,
        scope: Scope,
        stamped: Sequence[Stamped],
        *,
        look_up: bool,
        replayed: set[str],
    ) -> list[Any]:
        """Grant wishes in order, each kind's runs together; keys seen before go to ``replayed``."""
        bound = Bound(self._room, work, scope)
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
        route: Route,
        wishes: list[Stamped],
        known: dict[str, Any],
        *,
        alone: bool,
    ) -> list[Any]:
        fresh: list[Stamped] = []
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
        self, bound: Bound, route: Route, commands: list[Command], *, alone: bool
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
        self, bound: Bound, route: Route, command: Command, given: dict[str, Any]
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


def raise_first(answers: Sequence[Any]) -> None:
    """Raise the first refusal among answers, if there is one."""
    for answer in answers:
        if isinstance(answer, Refusal):
            raise answer
