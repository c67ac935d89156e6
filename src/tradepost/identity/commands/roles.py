"""Roles that a tenant makes for itself."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.events.identity import RoleCreated, RoleUpdated
from tradepost.identity.domain import Role
from tradepost.identity.domain.roles import must_cover
from tradepost.identity.errors import NotOnYourself, RoleCodeTaken
from tradepost.identity.ports import Roles, StaffBook
from tradepost.kernel.ids import Ids, RoleId, StaffId
from tradepost.kernel.messages import Actor, Command, Facts


@dataclass(frozen=True, slots=True)
class CreateRole(Command):
    """Make a role of permissions that the maker holds."""

    code: str
    name: str
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeRole(Command):
    """Give a role another name or other permissions."""

    role_id: RoleId
    name: str
    permissions: tuple[str, ...]
    version: int


async def create_role(
    wish: CreateRole, roles: Roles, facts: Facts, ids: Ids, actor: Actor
) -> RoleId:
    """Keep a new role."""
    role = Role.made(RoleId(ids.new()), wish.code, wish.name, wish.permissions)
    must_cover(actor, role.permissions)
    if await roles.coded([role.code]):
        raise RoleCodeTaken(role.code)
    roles.add(role)
    facts.tell(RoleCreated(role.id, role.code, role.permissions), role.version, wish.at)
    return role.id


async def change_role(
    wish: ChangeRole, roles: Roles, staff: StaffBook, facts: Facts, actor: Actor
) -> int:
    """Keep a changed role; it holds for everybody in it within seconds."""
    role = await roles.get(wish.role_id)
    changed = role.changed(wish.name, wish.permissions)
    must_cover(actor, {*role.permissions, *changed.permissions})
    if actor.kind == "staff" and actor.id is not None:
        member = await staff.find(StaffId(actor.id))
        if member is not None and role.code in member.roles:
            raise NotOnYourself()
    version = await roles.save(changed, wish.version)
    facts.tell(RoleUpdated(role.id, role.code, changed.permissions), version, wish.at)
    return version


HANDLERS = {CreateRole: create_role, ChangeRole: change_role}
