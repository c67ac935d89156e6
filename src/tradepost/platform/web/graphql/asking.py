"""What the resolvers of a context are given, and how they declare their fields and types."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from inspect import cleandoc
from typing import Any, Generic, NewType, TypeVar, cast, dataclass_transform
from uuid import UUID

import strawberry
from graphql import GraphQLError
from strawberry.dataloader import DataLoader
from strawberry.extensions import FieldExtension

from tradepost.kernel.errors import BadValue
from tradepost.platform.web.context import Caller
from tradepost.platform.web.door import PUBLIC
from tradepost.platform.web.graphql.limits import GraphLimits
from tradepost.platform.web.graphql.measure import WEIGHT
from tradepost.platform.web.guard import permit
from tradepost.platform.web.paging import LIMIT_MAX, Page, Paging, PositionPart

T = TypeVar("T")
K = TypeVar("K")
Row = TypeVar("Row")
Kind = TypeVar("Kind", bound=StrEnum)
PERMISSION = "permission"
BIG_MAX = 10**15

BigInt = NewType("BigInt", int)
"""A whole number that may be larger than GraphQL's own: amounts, quantities, numbers."""


def _big(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > BIG_MAX:
        raise GraphQLError(f"BigInt is a whole number from -{BIG_MAX} to {BIG_MAX}.")
    return value


def _instant(value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(value if isinstance(value, str) else "")
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise GraphQLError("DateTime is a text of ISO 8601 with its offset from UTC, such as Z.")


SCALARS: Mapping[object, Any] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant in ISO 8601, with its offset from UTC.",
        serialize=lambda instant: instant.isoformat().replace("+00:00", "Z"),
        parse_value=_instant,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description=f"A whole number from -{BIG_MAX} to {BIG_MAX}, as a number of JSON.",
        serialize=int,
        parse_value=_big,
    ),
}


class Question:
    """One request to the graph: whoever asks, and reads that are put together and take turns."""

    def __init__(self, caller: Caller, limits: GraphLimits) -> None:
        self.caller = caller
        self._turns = asyncio.Semaphore(limits.reads_at_once_max)
        self._loaders: dict[Any, DataLoader[Any, Any]] = {}

    async def ask(self, query: Callable[..., Awaitable[T]], *args: Any, **named: Any) -> T:
        """Run a query on the shop's data."""
        async with self._turns:
            return await self.caller.ask(query, *args, **named)

    async def load(self, batch: Callable[..., Awaitable[Mapping[K, T]]], key: K) -> T:
        """What a batch query finds for a key; all keys of one level are asked for at once."""
        loader = self._loaders.get(batch)
        if loader is None:

            async def load(keys: list[K]) -> list[T]:
                found = await self.ask(batch, keys)
                return [found[key] for key in keys]

            loader = self._loaders[batch] = DataLoader(load_fn=load)
        return cast(T, await loader.load(key))

    def paging(self, field: str, first: int, after: str | None, **filters: Any) -> Paging:
        """The paging of a list; its cursors fit this list, shop, person and filter only.

        :raises BadValue: if less than one is wanted.
        :raises BadCursor: if this list, with these filters, has not given the cursor out.
        """
        if first < 1:
            raise BadValue("first", "must be at least 1")
        actor = self.caller.actor
        told = sorted((name, str(value)) for name, value in filters.items() if value is not None)
        context = f"graphql:{field}?{told}#{actor.kind}:{actor.id}"
        paging = Paging(self.caller.signer("cursor"), self.caller, context, min(first, LIMIT_MAX))
        if after is not None:
            paging.read(after)
        return paging


Asked = strawberry.Info[Question, None]
"""The first parameter of a resolver: ``info: Asked``; ``info.context`` is the question."""


def _said(told: Any) -> str:
    return " ".join(cleandoc(told.__doc__ or "").split())


@dataclass_transform()
def shape(name: str) -> Callable[[type[T]], type[T]]:
    """A type of the graph; its docstring is its description."""

    def made(cls: type[T]) -> type[T]:
        return strawberry.type(cls, name=name, description=_said(cls))

    return made


@shape("Page")
class GraphPage(Generic[T]):
    """Some items of a list; without a next cursor they are the last."""

    items: list[T]
    next_cursor: str | None


def page_of(
    paging: Paging, rows: Sequence[Row], position: Callable[[Row], Sequence[PositionPart]]
) -> Any:
    """The page of at most one row more than was wanted."""
    page: Page[Row] = paging.page(rows, position)
    return page


class _Permitted(FieldExtension):
    """Lets only those at a field who may."""

    def __init__(self, permission: str) -> None:
        self._permission = permission

    async def resolve_async(
        self, next_: Callable[..., Awaitable[Any]], source: Any, info: Any, **kwargs: Any
    ) -> Any:
        permit(info.context.caller.actor, self._permission)
        return await next_(source, info, **kwargs)


def reads(permission: str, *, weight: int = 1) -> Callable[[Callable[..., Awaitable[Any]]], Any]:
    """A field of the graph's root, and who may ask for it; its docstring is its description."""

    def made(resolver: Callable[..., Awaitable[Any]]) -> Any:
        needs = "" if permission == PUBLIC else f" Needs: {permission}."
        return strawberry.field(
            resolver=resolver,
            description=_said(resolver) + needs,
            extensions=[_Permitted(permission)],
            metadata={PERMISSION: permission, WEIGHT: weight},
        )

    return made


def part(resolver: Callable[..., Awaitable[Any]]) -> Any:
    """A field of a type that is read on its own; its docstring is its description.

    Who may see the type may see its parts; :meth:`Question.load` reads those of a list together.
    """
    return strawberry.field(resolver=resolver, description=_said(resolver))


def shown(kind: type[T], view: object) -> T:
    """A view of the store as a type of the graph: its fields are read by their names."""
    return cast(T, view)


def chosen(kind: type[Kind], text: str | None, field: str) -> Kind | None:
    """A word as one of its kind; none stays none.

    :raises BadValue: if it is none of them.
    """
    if text is None:
        return None
    try:
        return kind(text)
    except ValueError as error:
        raise BadValue(field, f"must be one of: {', '.join(kind)}") from error


def few(ids: Iterable[UUID], field: str) -> list[UUID]:
    """Identifiers that are asked for together, each once.

    :raises BadValue: if they are more than a page.
    """
    found = list(dict.fromkeys(ids))
    if len(found) > LIMIT_MAX:
        raise BadValue(field, f"may name {LIMIT_MAX} at most")
    return found
