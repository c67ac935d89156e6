"""Those who may manage staff and roles. Nobody gives or takes more than they have."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post, put

from tradepost.identity.commands import ChangeRole, ChangeStaff, CreateRole, RevokeStaff
from tradepost.identity.domain import BUILT_IN, Role, SubjectKind
from tradepost.identity.http.bodies import (
    GivenPasswordBody,
    HireBody,
    NewRoleBody,
    RoleBody,
    RoleView,
    StaffBody,
)
from tradepost.identity.http.doors import SignInDoors
from tradepost.identity.queries import StaffView, own_role, roles_page, staff_member, staff_page
from tradepost.kernel.ids import RoleId, StaffId, VendorId
from tradepost.kernel.permissions import OF_PLATFORM, Permission
from tradepost.platform.web import Caller, FromCaller, FromPath, JSONBody, door, versioned

TAGS = ["Staff"]
READ, WRITE, ROLES = Permission.STAFF_READ, Permission.STAFF_WRITE, Permission.ROLES_WRITE
Member = Response[StaffView]


@get("/api/v1/staff", opt=door(READ), tags=TAGS)
async def list_staff(caller: FromCaller) -> list[StaffView]:
    """Everybody who works here, by mail address."""
    return await caller.ask(staff_page)


@post("/api/v1/staff", opt=door(WRITE), tags=TAGS)
async def hire(data: JSONBody[HireBody], caller: FromCaller) -> Member:
    """Take somebody on."""
    staff_id = await caller.get(SignInDoors).hire(
        caller.scope,
        data.email,
        data.name,
        data.password,
        data.roles,
        None if data.vendor_id is None else VendorId(data.vendor_id),
    )
    return await _member(caller, staff_id, status=201)


@get("/api/v1/staff/{staff_id:uuid}", opt=door(READ), tags=TAGS)
async def read_member(staff_id: FromPath[UUID], caller: FromCaller) -> Member:
    """One member of the staff."""
    return await _member(caller, StaffId(staff_id))


@put("/api/v1/staff/{staff_id:uuid}", opt=door(WRITE, if_match=True), tags=TAGS)
async def change_member(
    staff_id: FromPath[UUID], data: JSONBody[StaffBody], caller: FromCaller
) -> Member:
    """Rename somebody, change their roles, let them go or take them back."""
    id = StaffId(staff_id)
    await caller.send(ChangeStaff(id, data.name, data.roles, data.status, caller.matched))
    _forget(caller, id)
    return await _member(caller, id)


@put("/api/v1/staff/{staff_id:uuid}/password", opt=door(WRITE), status_code=204, tags=TAGS)
async def give_password(
    staff_id: FromPath[UUID], data: JSONBody[GivenPasswordBody], caller: FromCaller
) -> None:
    """Give somebody a new password; they are signed out everywhere."""
    doors = caller.get(SignInDoors)
    await doors.give_password(caller.scope, StaffId(staff_id), data.new_password)


@post("/api/v1/staff/{staff_id:uuid}/sign-out", opt=door(WRITE), status_code=204, tags=TAGS)
async def sign_member_out(staff_id: FromPath[UUID], caller: FromCaller) -> None:
    """Sign somebody out everywhere."""
    await caller.send(RevokeStaff(StaffId(staff_id)))
    _forget(caller, StaffId(staff_id))


@get("/api/v1/permissions", opt=door(READ), tags=TAGS)
async def list_permissions() -> list[str]:
    """Every permission that a role of a shop can have."""
    return sorted(frozenset(Permission) - OF_PLATFORM)


@get("/api/v1/roles", opt=door(READ), tags=TAGS)
async def list_roles(caller: FromCaller) -> list[RoleView]:
    """The roles of the product, then those that the shop has made."""
    own = await caller.ask(roles_page)
    fixed = [
        RoleView(code, code, sorted(permissions))
        for code, permissions in BUILT_IN.items()
        if permissions <= frozenset(Permission)
    ]
    return fixed + [_role_view(role) for role in own]


@post("/api/v1/roles", opt=door(ROLES), tags=TAGS)
async def create_role(data: JSONBody[NewRoleBody], caller: FromCaller) -> Response[RoleView]:
    """Make a role of permissions that one holds oneself."""
    role_id: RoleId = await caller.send(CreateRole(data.code, data.name, data.permissions))
    return await _role(caller, role_id, status=201)


@put("/api/v1/roles/{role_id:uuid}", opt=door(ROLES, if_match=True), tags=TAGS)
async def change_role(
    role_id: FromPath[UUID], data: JSONBody[RoleBody], caller: FromCaller
) -> Response[RoleView]:
    """Give a role another name or other permissions; they hold within five seconds."""
    id = RoleId(role_id)
    await caller.send(ChangeRole(id, data.name, data.permissions, caller.matched))
    return await _role(caller, id)


async def _member(caller: Caller, staff_id: StaffId, *, status: int = 200) -> Member:
    view = await caller.ask(staff_member, staff_id)
    place = f"/api/v1/staff/{staff_id}" if status == 201 else ""
    return versioned(view, view.version, status=status, location=place)


async def _role(caller: Caller, role_id: RoleId, *, status: int = 200) -> Response[RoleView]:
    role = await caller.ask(own_role, role_id)
    return versioned(_role_view(role), role.version, status=status)


def _role_view(role: Role) -> RoleView:
    return RoleView(role.code, role.name, list(role.permissions), role.id, role.version)


def _forget(caller: Caller, staff_id: StaffId) -> None:
    authenticator = caller.get(SignInDoors).authenticator
    authenticator.forget(caller.tenant_id, SubjectKind.STAFF, staff_id)


ROUTES = (
    list_staff,
    hire,
    read_member,
    change_member,
    give_password,
    sign_member_out,
    list_permissions,
    list_roles,
    create_role,
    change_role,
)
