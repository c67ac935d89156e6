"""Pages of a list: a limit, and a sealed cursor that fits this list, shop and filter only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

import msgspec
from litestar import Request
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from tradepost.platform.web import errors
from tradepost.platform.web.context import Caller, FromCaller
from tradepost.platform.web.signing import Signer

T = TypeVar("T")
LIMIT_DEFAULT = 20
LIMIT_MAX = 100
PositionPart = str | int | None


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some items of a list; without ``next_cursor`` they are the last."""

    items: list[T]
    next_cursor: str | None = None


class Paging:
    """How many are wanted and after which position.

    A query asks for ``paging.limit + 1`` rows after ``paging.after``; :meth:`page` keeps the
    surplus one back and seals the position of the last.
    """

    def __init__(self, signer: Signer, caller: Caller, context: str, limit: int) -> None:
        self.limit = limit
        self.after: tuple[Any, ...] | None = None
        self._signer = signer
        self._tenant_id = caller.tenant_id
        self._context = context

    def read(self, cursor: str) -> None:
        """Take the position from a cursor.

        :raises BadCursor: if this list, with these filters, has not given it out.
        """
        payload = self._signer.open(self._tenant_id, self._context, cursor)
        if payload is None:
            raise errors.BadCursor
        self.after = msgspec.json.decode(payload, type=tuple[PositionPart, ...])

    def page(self, rows: Sequence[T], position: Callable[[T], Sequence[PositionPart]]) -> Page[T]:
        """The page of at most one row more than the limit."""
        items = list(rows[: self.limit])
        if len(rows) <= self.limit:
            return Page(items)
        return Page(items, self.cursor(position(items[-1])))

    def cursor(self, position: Sequence[PositionPart]) -> str:
        """The sealed cursor of a position, for lists that page by themselves."""
        payload = msgspec.json.encode(tuple(position))
        return self._signer.seal(self._tenant_id, self._context, payload)


def paging_of(
    request: Request[Any, Any, Any],
    caller: FromCaller,
    limit: Annotated[
        int,
        QueryParameter(ge=1, description="How many at most; more than 100 counts as 100."),
    ] = LIMIT_DEFAULT,
    cursor: FromQuery[str | None] = None,
) -> Paging:
    """The paging of a request: its route, filters and person are part of the cursor's seal."""
    filters = sorted(
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in {"limit", "cursor"}
    )
    context = f"{request.scope['path']}?{urlencode(filters)}#{caller.actor.kind}:{caller.actor.id}"
    paging = Paging(caller.signer("cursor"), caller, context, min(limit, LIMIT_MAX))
    if cursor is not None:
        paging.read(cursor)
    return paging


FromPaging = NamedDependency[Paging]
"""Write ``paging: FromPaging`` in a route that lists."""
