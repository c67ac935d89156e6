"""Granting wishes inside a work that somebody else commits: keys, handlers, answers in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from tradepost.kernel.errors import Refusal
from tradepost.kernel.messages import NOT_STAMPED, Actor, Command, Scope
from tradepost.platform.bound import Bound, Room
from tradepost.platform.db.work import Work
from tradepost.platform.idempotency import (
    Asked,
    AskedId,
    Kept,
    fingerprint,
    keep,
    kept,
    principal_of,
)
from tradepost.platform.routes import Handler, Route


@dataclass(frozen=True, slots=True)
class Wish:
    """A command with the key under which its answer is kept."""

    command: Command
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Stamped:
    """A command with its instant and who wishes it, and what it asks for under its key."""

    command: Command
    asked: Asked | None

    @property
    def id(self) -> AskedId | None:
        """What its answer is kept under."""
        return self.asked.id if self.asked else None


LANE = Actor("system")
"""Whom facts are put down to that no single wish of a batch caused; it may do nothing."""


class Granting:
    """Brings wishes to the handlers of their kinds."""

    def __init__(self, room: Room, routes: Mapping[type, Route]) -> None:
        self._room = room
        self._routes = routes

    def stamp(self, scope: Scope, wish: Wish) -> Stamped:
        """The wish as the scope's actor made it, now."""
        command = wish.command
        asked = None
        if wish.key is not None:
            route = type(command).__name__
            asked = Asked(principal_of(scope), route, wish.key, fingerprint(command))
        at = self._room.clock.now() if command.at is NOT_STAMPED else command.at
        return Stamped(replace(command, at=at, by=scope), asked)

    async def grant(self, work: Work, scope: Scope, commands: Sequence[Command]) -> list[Any]:
        """Grant commands of one kind in a work that somebody else commits; answers each.

        Raises the first refusal, upon which the whole work has to be undone.
        """
        route = self._routes[type(commands[0])]
        given = _given(Bound(self._room, work, scope), route)
        stamped = [replace(command, by=scope) for command in commands]
        if route.laned:
            answers: list[Any] = await route.handler(stamped, **given)
        else:
            answers = [await route.handler(command, **given) for command in stamped]
        raise_first(answers)
        return answers

    async def grant_all(
        self,
        work: Work,
        stamped: Sequence[Stamped],
        *,
        look_up: bool,
        replayed: set[AskedId],
    ) -> list[Any]:
        """Grant wishes in order, each kind's runs together; keys seen before go to ``replayed``."""
        bound = Bound(self._room, work, _scope_of(stamped))
        answers: list[Any] = []
        for _, run in groupby(stamped, key=self._handler_of):
            wishes = list(run)
            route = self._routes[type(wishes[0].command)]
            asked = [one.asked for one in wishes if one.asked] if look_up else []
            known = await kept(work, asked, route.answer)
            replayed.update(known)
            alone = len(stamped) == 1
            answers.extend(await self._grant_run(bound, route, wishes, known, alone=alone))
        return answers

    def _handler_of(self, one: Stamped) -> Handler:
        return self._routes[type(one.command)].handler

    async def _grant_run(
        self,
        bound: Bound,
        route: Route,
        wishes: Sequence[Stamped],
        known: dict[AskedId, Kept],
        *,
        alone: bool,
    ) -> list[Any]:
        fresh = _first_asked(wishes, known)
        granted = await _grant_fresh(bound, route, [one.command for one in fresh], alone=alone)
        answered = dict(known)
        unkeyed = []
        for one, answer in zip(fresh, granted, strict=True):
            if (asked := one.asked) is None:
                unkeyed.append(answer)
                continue
            answered[asked.id] = Kept(asked.fingerprint, answer)
            if route.laned or not isinstance(answer, Refusal):
                keep(bound.work, asked, answer, one.command.at)
        rest = iter(unkeyed)
        return [
            one.asked.answered_with(answered[one.asked.id]) if one.asked else next(rest)
            for one in wishes
        ]


def _first_asked(wishes: Sequence[Stamped], known: Mapping[AskedId, Kept]) -> list[Stamped]:
    """The wishes that nobody has answered: without those whose key the batch has used before."""
    fresh = []
    seen = set(known)
    for one in wishes:
        if one.asked is None:
            fresh.append(one)
        elif one.asked.id not in seen:
            seen.add(one.asked.id)
            fresh.append(one)
    return fresh


def _scope_of(stamped: Sequence[Stamped]) -> Scope:
    """Whose work it is: theirs who wish all of it, else nobody's in particular."""
    first = stamped[0].command.by
    if all(one.command.by is first for one in stamped):
        return first
    return Scope(first.tenant_id, LANE)


def _given(bound: Bound, route: Route) -> dict[str, Any]:
    return {name: bound.get(wanted) for name, wanted in route.wants}


async def _grant_fresh(
    bound: Bound, route: Route, commands: list[Command], *, alone: bool
) -> list[Any]:
    if not commands:
        return []
    given = _given(bound, route)
    if route.laned:
        answers: list[Any] = await route.handler(commands, **given)
        assert len(answers) == len(commands), route.handler
        return answers
    if alone:
        return [await route.handler(commands[0], **given)]
    return [await _attempt(bound, route, command, given) for command in commands]


async def _attempt(bound: Bound, route: Route, command: Command, given: dict[str, Any]) -> Any:
    try:
        async with bound.work.attempt():
            return await route.handler(command, **given)
    except Refusal as refusal:
        return refusal


def raise_first(answers: Sequence[Any]) -> None:
    """Raise the first refusal among answers, if there is one."""
    for answer in answers:
        if isinstance(answer, Refusal):
            raise answer
