"""What may stand in a route's query: its parameters by name, and texts that mean their types.

The framework converts generously (``1e3`` is a number to it, ``null`` is nothing), so what a value
may look like is checked before.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from tradepost.platform.web import errors
from tradepost.platform.web.openapi.types import Parameter, operation_of

Connection = ASGIConnection[Any, Any, Any, Any]
_WHOLE = re.compile(r"-?[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Query:
    """One parameter: what its text has to look like, and whether it may come several times."""

    fits: Callable[[str], bool]
    several: bool


def queries_of(app: Litestar) -> dict[HTTPRouteHandler, dict[str, Query]]:
    """The query parameters of each route, those of its dependencies included."""
    known: dict[HTTPRouteHandler, dict[str, Query]] = {}
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, model) in route.route_handler_map.items():
                told = operation_of(route, handler, method).parameters
                several = model.sequence_query_parameter_names
                known[handler] = {
                    one.name: Query(_looks(one), one.name in several)
                    for one in told
                    if one.place == "query"
                }
    return known


def check_query(connection: Connection, known: dict[str, Query]) -> None:
    """Refuse a query with anything else in it than its route knows.

    :raises BadRequest: if it is no text.
    :raises UnknownParameters: if it names what the route does not know.
    :raises BadParameters: if a value does not look like its type, or comes twice.
    """
    raw = connection.scope.get("query_string", b"")
    if not raw:
        return
    try:
        text = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError as error:
        raise errors.BadRequest("its query is not UTF-8") from error
    if "\x00" in text:
        raise errors.BadRequest("its query holds the character U+0000")
    given = list(connection.query_params.multi_items())
    names = [name for name, _ in given]
    if unknown := sorted(set(names) - known.keys()):
        shown = ", ".join(name[:50] for name in unknown[:10])
        raise errors.UnknownParameters(shown, ", ".join(sorted(known)) or "none")
    wrong = {name: "is not of its type" for name, value in given if not known[name].fits(value)}
    for name in names:
        if names.count(name) > 1 and not known[name].several:
            wrong[name] = "was sent several times"
    if wrong:
        raise errors.BadParameters(", ".join(sorted(wrong)), tuple(sorted(wrong.items())))


def _looks(parameter: Parameter) -> Callable[[str], bool]:
    kinds = {parameter.type, *typing.get_args(parameter.type)}
    if str in kinds:
        return _anything
    if int in kinds:
        return _is_whole
    if bool in kinds:
        return _is_flag
    return _is_something


def _anything(text: str) -> bool:
    return True


def _is_whole(text: str) -> bool:
    return _WHOLE.fullmatch(text) is not None


def _is_flag(text: str) -> bool:
    return text in {"true", "false"}


def _is_something(text: str) -> bool:
    return text.lower() != "null"
