"""Which handler grants a command, and what its type hints say that it wants and answers."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from tradepost.kernel.clock import Clock
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import Ids
from tradepost.kernel.messages import Actor, Facts, Scope, is_of_many
from tradepost.platform.bound import Bindings

GIVEN: tuple[type, ...] = (Actor, Scope, Ids, Clock)
"""What a handler or query may name besides the ports that are bound."""
Handler = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """How wishes of one kind are granted: by whom, what that handler wants, what it answers."""

    handler: Handler
    laned: bool
    wants: tuple[tuple[str, type], ...]
    answer: Any

    @property
    def shared(self) -> bool:
        """Whether one batch may hold the wishes of many people."""
        return self.laned and is_of_many(self.handler)


@cache
def route_of(command: type, handler: Handler) -> Route:
    """The route that a handler's type hints describe, which never change."""
    hints = typing.get_type_hints(handler)
    answer = hints.pop("return", None)
    first, *rest = hints.items()
    laned = typing.get_origin(first[1]) is not None
    assert command is (typing.get_args(first[1])[0] if laned else first[1]), handler
    if laned:
        answer = _without_refusal(typing.get_args(answer)[0])
    return Route(handler, laned, tuple(rest), answer)


def _without_refusal(answer: Any) -> Any:
    kinds = [kind for kind in typing.get_args(answer) if kind is not Refusal]
    return kinds[0] if len(kinds) == 1 else answer


def answer_shape(command: type, handler: Handler) -> Any:
    """The type of what a handler answers its command with."""
    return route_of(command, handler).answer


def check_answered(route: Route, bindings: Bindings) -> None:
    """Stop a house whose handler wants what nobody brings."""
    for name, wanted in route.wants:
        known = wanted in bindings or wanted in GIVEN or wanted is Facts
        assert known, f"{route.handler.__name__}: nobody answers {name}: {wanted}"
        of_one = route.shared and wanted in (Actor, Scope)
        assert not of_one, f"{route.handler.__name__}: {name} is in each wish's `by`"


class QueryWants:
    """The parameters of queries that are answered by type, with their places; looked up once."""

    def __init__(self, bindings: Bindings) -> None:
        self._bindings = bindings
        self._known: dict[Any, tuple[tuple[int, str, type], ...]] = {}

    def of(self, query: Callable[..., Any]) -> tuple[tuple[int, str, type], ...]:
        """Place, name and type of each."""
        code = getattr(query, "__code__", query)  # one for all closures of a function
        known = self._known.get(code)
        if known is None:
            hints = typing.get_type_hints(query) if inspect.isroutine(query) else {}
            known = self._known[code] = tuple(
                (place, name, hints[name])
                for place, name in enumerate(inspect.signature(query).parameters)
                if hints.get(name) in GIVEN or hints.get(name) in self._bindings
            )
        return known
