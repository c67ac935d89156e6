"""Groups of customers."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post, put

from tradepost.customers.commands import CreateGroup, RenameGroup
from tradepost.customers.domain import CustomerGroup
from tradepost.customers.http.bodies import GroupBody, NewGroupBody
from tradepost.customers.queries import group_page, groups_page
from tradepost.kernel.ids import CustomerGroupId
from tradepost.kernel.permissions import Permission
from tradepost.platform.web import Caller, FromCaller, FromPath, JSONBody, door, versioned

TAGS = ["Customers"]
Group = Response[CustomerGroup]


@get("/api/v1/customer-groups", opt=door(Permission.CUSTOMERS_READ), tags=TAGS)
async def list_groups(caller: FromCaller) -> list[CustomerGroup]:
    """The groups by code."""
    return await caller.ask(groups_page)


@post("/api/v1/customer-groups", opt=door(Permission.CUSTOMERS_WRITE), tags=TAGS)
async def create_group(data: JSONBody[NewGroupBody], caller: FromCaller) -> Group:
    """Make a group."""
    group_id: CustomerGroupId = await caller.send(CreateGroup(data.code, data.name))
    return await _group(caller, group_id, status=201)


@put(
    "/api/v1/customer-groups/{group_id:uuid}",
    opt=door(Permission.CUSTOMERS_WRITE, if_match=True),
    tags=TAGS,
)
async def rename_group(
    group_id: FromPath[UUID], data: JSONBody[GroupBody], caller: FromCaller
) -> Group:
    """Give a group another name."""
    id = CustomerGroupId(group_id)
    await caller.send(RenameGroup(id, data.name, caller.matched))
    return await _group(caller, id)


async def _group(caller: Caller, group_id: CustomerGroupId, *, status: int = 200) -> Group:
    found = await caller.ask(group_page, group_id)
    return versioned(found, found.version, status=status)


ROUTES = (list_groups, create_group, rename_group)
