"""Consumers: who wants which facts, and what they do to the store in one transaction.

A context's ``reactions.py`` holds pure functions from a fact that was told to the commands it
causes; ``Told[...]`` in the type hint says which facts a function is for::

    def let_go(told: Told[OrderCancelled]) -> ReleaseStock: ...


    REACTIONS = {"inventory.orders": (let_go,)}
"""

from __future__ import annotations

import types
import typing
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from tradepost.kernel.messages import NOT_STAMPED, SYSTEM, Command, Fact, Scope, Told
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Work

Effect = Callable[[Bus, Work, Sequence[Told[Any]]], Awaitable[None]]
"""Does to the store what facts of one tenant, in order, are to do; the inbox row is written with
it. It may run again from the start, so it touches nothing but its work."""

ReactionFunction = Callable[[Told[Any]], Command | Sequence[Command] | None]


@dataclass(frozen=True)
class Consumer:
    """A group of one: each fact has its effect once for each consumer.

    A consumer that appears for the first time begins with the first fact of all, or with
    ``from_now`` where it would be wrong to act on history: mails, calls to others.
    """

    name: str
    facts: frozenset[str]
    effect: Effect
    from_now: bool = False


def reacting(
    name: str, functions: Sequence[ReactionFunction], *, from_now: bool = False
) -> Consumer:
    """A consumer that grants the commands its functions answer with."""
    by_fact: dict[str, list[ReactionFunction]] = {}
    for function in functions:
        for fact in facts_of(function):
            by_fact.setdefault(fact.name, []).append(function)

    async def effect(bus: Bus, work: Work, told: Sequence[Told[Any]]) -> None:
        wishes = [pair for one in told for pair in _wishes(one, by_fact)]
        for _, run in groupby(wishes, key=lambda pair: type(pair[1])):
            pairs = list(run)
            for scope, commands in _in_scopes(name, pairs, together=bus.is_laned(pairs[0][1])):
                await bus.grant(work, scope, commands)

    return Consumer(name, frozenset(by_fact), effect, from_now)


def facts_of(function: ReactionFunction) -> list[type[Fact]]:
    """The facts that a reaction's first parameter names."""
    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    found = [
        fact
        for told in _members(next(iter(hints.values())))
        for fact in _members(typing.get_args(told)[0])
    ]
    assert all(issubclass(fact, Fact) for fact in found), function
    return found


def _members(hint: Any) -> Sequence[Any]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return typing.get_args(hint)
    return (hint,)


def _wishes(
    told: Told[Any], by_fact: Mapping[str, list[ReactionFunction]]
) -> list[tuple[Told[Any], Command]]:
    found: list[tuple[Told[Any], Command]] = []
    for function in by_fact.get(told.fact.name, ()):
        answer = function(told)
        commands = [answer] if isinstance(answer, Command) else answer or ()
        for command in commands:
            stamped = replace(command, at=told.at) if command.at is NOT_STAMPED else command
            found.append((told, stamped))
    return found


def _in_scopes(
    name: str, pairs: list[tuple[Told[Any], Command]], *, together: bool
) -> list[tuple[Scope, list[Command]]]:
    """Commands with the scope that says what caused them; laned ones are granted together."""
    if together and len(pairs) > 1:
        first, last = pairs[0][0], pairs[-1][0]
        why = f"{name}: facts {first.seq} to {last.seq}"
        scope = Scope(first.tenant_id, SYSTEM, first.request_id, why)
        return [(scope, [command for _, command in pairs])]
    return [
        (Scope(t.tenant_id, SYSTEM, t.request_id, f"{name}: {t.fact.name} {t.seq}"), [command])
        for t, command in pairs
    ]
