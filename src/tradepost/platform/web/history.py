"""What happened, for staff and for other programs: the feed by number, trails of things and people.

A fact is told once the relay has numbered it. The numbers of one shop rise; those between belong to
others. What follows a number is complete and never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter

from tradepost.kernel.errors import Unknown
from tradepost.platform.feed import LAST, FactView, feed, object_trail, person_trail
from tradepost.platform.web.context import FromCaller
from tradepost.platform.web.door import door

READ = "events.read"
TAGS = ["Events"]
LIMIT_MAX = 500
Number = Annotated[int, QueryParameter(ge=0, le=LAST)]
Limit = Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX)]
Name = Annotated[str | None, QueryParameter(max_length=100, description="Only facts of this name.")]


class FeedPage(msgspec.Struct, frozen=True):
    """Facts in the order of their numbers; ask again with ``after`` to go on."""

    items: list[FactView]
    after: int


class Trail(msgspec.Struct, frozen=True):
    """Facts, the newest first; ask again with ``before`` to go on, none is the end."""

    items: list[FactView]
    before: int | None


@get("/api/v1/events", opt=door(READ), tags=TAGS)
async def read_feed(
    caller: FromCaller, after: Number = 0, limit: Limit = 100, name: Name = None
) -> FeedPage:
    """The facts of the shop that follow a number."""
    names = () if name is None else (name,)
    found = await caller.ask(feed, after, limit, names=names)
    return FeedPage(found, found[-1].seq if found else after)


@get("/api/v1/audit/objects/{object_id:uuid}", opt=door(READ), tags=TAGS)
async def read_object_trail(
    object_id: FromPath[UUID], caller: FromCaller, before: Number = LAST, limit: Limit = 100
) -> Trail:
    """What happened to an order, a product, a customer, or anything else: by whom, when, why."""
    found = await caller.ask(object_trail, object_id, before, limit + 1)
    return _trail("object", object_id, found, before, limit)


@get("/api/v1/audit/people/{actor_id:uuid}", opt=door(READ), tags=TAGS)
async def read_person_trail(
    actor_id: FromPath[UUID], caller: FromCaller, before: Number = LAST, limit: Limit = 100
) -> Trail:
    """What a member of the staff, a customer or a courier did."""
    found = await caller.ask(person_trail, actor_id, before, limit + 1)
    return _trail("person", actor_id, found, before, limit)


def _trail(what: str, id: UUID, found: Sequence[FactView], before: int, limit: int) -> Trail:
    """A page of one item less than was asked for; nobody's trail is not there."""
    if not found and before == LAST:
        raise Unknown(what, str(id))
    items = list(found[:limit])
    return Trail(items, items[-1].seq if len(found) > limit else None)


ROUTES = (read_feed, read_object_trail, read_person_trail)
