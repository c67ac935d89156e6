"""Sample routes, one for each thing that a door can do."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post, put
from msgspec import Meta

from tradepost.kernel.errors import Stale
from tradepost.platform.web import (
    CUSTOMER,
    GUEST_OR_CUSTOMER,
    PUBLIC,
    Body,
    FromCaller,
    FromPaging,
    FromPath,
    FromQuery,
    JSONBody,
    Page,
    Shared,
    door,
    versioned,
)
from tradepost.platform.web.body import Line, Units


class Part(Body, frozen=True):
    """A part of a thing."""

    size: Units
    note: Line = ""


class Thing(Body, frozen=True):
    """A thing."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    size: Units
    parts: tuple[Part, ...] = ()


@post("/things", opt=door(GUEST_OR_CUSTOMER))
async def make_thing(data: JSONBody[Thing], caller: FromCaller) -> dict[str, Any]:
    """Say back what was understood."""
    return {"name": data.name, "size": data.size, "by": caller.actor.kind}


@get("/things", opt=door(PUBLIC, cache=Shared(60, 300)))
async def list_things(paging: FromPaging, kind: FromQuery[str | None] = None) -> Page[int]:
    """The numbers from 1 to 250, in order."""
    start = paging.after[0] if paging.after else 0
    return paging.page(range(start + 1, 251)[: paging.limit + 1], lambda n: (n,))


@get("/things/{thing_id:uuid}", opt=door(PUBLIC))
async def read_thing(thing_id: FromPath[UUID]) -> Response[dict[str, str]]:
    """A thing at version 3."""
    return versioned({"id": str(thing_id)}, 3)


@put("/things/{thing_id:uuid}", opt=door("things.write", if_match=True))
async def change_thing(thing_id: FromPath[UUID], data: JSONBody[Part], caller: FromCaller) -> int:
    """Change a thing, which is at version 3."""
    if caller.matched != 3:
        raise Stale("thing", caller.matched, 3)
    return data.size


@post("/wishes", opt=door(GUEST_OR_CUSTOMER, key=True))
async def wish(caller: FromCaller) -> dict[str, str | None]:
    """Say the key back."""
    return {"key": caller.key}


@get("/me", opt=door(CUSTOMER))
async def me(caller: FromCaller) -> dict[str, str]:
    """Who is signed in."""
    return {"id": str(caller.customer_id), "origin": caller.actor.origin}


@get("/secrets", opt=door("things.read"))
async def secrets() -> list[str]:
    """What not everybody may see."""
    return ["one"]


@get("/broken", opt=door(PUBLIC, shop=False))
async def broken() -> None:
    """A defect."""
    raise RuntimeError("SELECT password FROM users")


ROUTES = (
    make_thing,
    list_things,
    read_thing,
    change_thing,
    wish,
    me,
    secrets,
    broken,
)
