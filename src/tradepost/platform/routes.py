"""Which handler grants a command, and what its type hints say that it wants and answers."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Awaitable, Callable, Mapping
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
    """How wishes of a kind are granted: by whom, what that handler wants, what it answers.

    Several commands may be of one ``kind``, the class that their handler names.
    """

    handler: Handler
    kind: type
    laned: bool
    wants: tuple[tuple[str, type], ...]
    answer: Any
    shared: bool
    """Whether one batch may hold the wishes of many people."""


@cache
def route_of(command: type, handler: Handler) -> Route:
    """The route that a handler's type hints describe, which never change."""
    hints = typing.get_type_hints(handler)
    answer = hints.pop("return", None)
    first, *rest = hints.items()
    laned = typing.get_origin(first[1]) is not None
    kind = typing.get_args(first[1])[0] if laned else first[1]
    assert issubclass(command, kind), handler
    if laned:
        answer = _without_refusal(typing.get_args(answer)[0])
    shared = laned and is_of_many(handler)
    return Route(handler, kind, laned, tuple(rest), answer, shared)


def _without_refusal(answer: Any) -> Any:
    kinds = [kind for kind in typing.get_args(answer) if kind is not Refusal]
    return kinds[0] if len(kinds) == 1 else answer


def answer_shape(command: type, handler: Handler) -> Any:
    """The type of what a handler answers its command with."""
    return route_of(command, handler).answer


def routes_of(handlers: Mapping[type, Handler], bindings: Bindings) -> Mapping[type, Route]:
    """The routes of a house; it stops if a handler wants what nobody brings."""
    return _checked(tuple(handlers.items()), frozenset(bindings))


@cache
def _checked(
    handlers: tuple[tuple[type, Handler], ...], bound: frozenset[type]
) -> Mapping[type, Route]:
    routes = {command: route_of(command, handler) for command, handler in handlers}
    for route in routes.values():
        _check_answered(route, bound)
    return routes


def _check_answered(route: Route, bound: frozenset[type]) -> None:
    for name, wanted in route.wants:
        known = wanted in bound or wanted in GIVEN or wanted is Facts
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
            known = self._known[code] = tuple(
                (place, name, hint)
                for place, name, hint in _parameters(code, query)
                if hint in GIVEN or hint in self._bindings
            )
        return known


_PARAMETERS: dict[Any, tuple[tuple[int, str, Any], ...]] = {}


def _parameters(code: Any, query: Callable[..., Any]) -> tuple[tuple[int, str, Any], ...]:
    """Place, name and type of each parameter of a query, which never change."""
    known = _PARAMETERS.get(code)
    if known is None:
        hints = typing.get_type_hints(query) if inspect.isroutine(query) else {}
        names = inspect.signature(query).parameters
        known = _PARAMETERS[code] = tuple(
            (place, name, hints.get(name)) for place, name in enumerate(names)
        )
    return known
