"""Hiring, promoting and dismissing staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tradepost.events.identity import StaffCreated, StaffRevoked, StaffUpdated
from tradepost.identity.commands.ending import end_all
from tradepost.identity.domain import (
    BUILT_IN,
    PLATFORM_TENANT_ID,
    SUPER_ADMIN,
    Staff,
    StaffStatus,
    SubjectKind,
)
from tradepost.identity.domain.roles import held, must_cover
from tradepost.identity.errors import EmailTaken, NotOnYourself, WrongCredentials
from tradepost.identity.ports import KnownVendors, Roles, SignIns, StaffBook
from tradepost.kernel.contact import Email
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import Ids, StaffId, VendorId
from tradepost.kernel.messages import Actor, Command, Facts, Scope

_STAFF = SubjectKind.STAFF


@dataclass(frozen=True, slots=True)
class CreateStaff(Command):
    """Take somebody on, in roles that grant no more than the granter may; for a vendor, or the
    shop itself."""

    email: str
    name: str
    password_hash: str
    roles: tuple[str, ...]
    vendor_id: VendorId | None = None


@dataclass(frozen=True, slots=True)
class ChangeStaff(Command):
    """Rename somebody, change their roles, let them go or take them back."""

    staff_id: StaffId
    name: str
    roles: tuple[str, ...]
    status: StaffStatus
    version: int


@dataclass(frozen=True, slots=True)
class ChangeStaffPassword(Command):
    """Replace a password: one's own, checked while at ``epoch``, or a subordinate's."""

    staff_id: StaffId
    password_hash: str
    epoch: int | None = None


@dataclass(frozen=True, slots=True)
class RevokeStaff(Command):
    """Sign a member of the staff out everywhere: oneself, or a subordinate."""

    staff_id: StaffId


async def create_staff(
    wish: CreateStaff,
    staff: StaffBook,
    roles: Roles,
    vendors: KnownVendors,
    facts: Facts,
    ids: Ids,
    scope: Scope,
) -> StaffId:
    """Keep a new member of the staff."""
    email = Email.parse(wish.email)
    if wish.vendor_id is not None:
        await vendors.check(wish.vendor_id)
    must_cover(scope.actor, await _granted(wish.roles, roles, scope))
    if await staff.by_email(email.key):
        raise EmailTaken()
    made = StaffId(ids.new())
    member = Staff.hired(
        made, email, wish.name, wish.password_hash, wish.roles, wish.at, wish.vendor_id
    )
    staff.add(member)
    facts.tell(StaffCreated(member.id, member.roles), member.version, wish.at)
    return member.id


async def change_staff(
    wish: ChangeStaff,
    staff: StaffBook,
    roles: Roles,
    sign_ins: SignIns,
    facts: Facts,
    scope: Scope,
) -> int:
    """Change somebody else; they have to sign in again."""
    member = await staff.get(wish.staff_id)
    _not_oneself(scope.actor, member)
    must_cover(scope.actor, held(member.roles, await roles.coded(member.roles)))
    must_cover(scope.actor, await _granted(wish.roles, roles, scope))
    changed = member.changed(wish.name, wish.roles, wish.status)
    version = await staff.save(changed, wish.version)
    await end_all(_STAFF, member.id, "staff", sign_ins, facts, wish.at)
    facts.tell(StaffUpdated(member.id, changed.roles, changed.status), version, wish.at)
    return version


async def change_staff_password(
    wish: ChangeStaffPassword,
    staff: StaffBook,
    roles: Roles,
    sign_ins: SignIns,
    facts: Facts,
    actor: Actor,
) -> int:
    """Keep a new password and throw out whoever came in by the old one; the new epoch."""
    member = await staff.get(wish.staff_id)
    if wish.epoch is None or actor.id != member.id:
        must_cover(actor, held(member.roles, await roles.coded(member.roles)))
    elif member.token_epoch != wish.epoch:
        raise WrongCredentials()
    changed = member.with_password(wish.password_hash)
    await _revoked(changed, "password", staff, sign_ins, facts, wish.at)
    return changed.token_epoch


async def revoke_staff(
    wish: RevokeStaff,
    staff: StaffBook,
    roles: Roles,
    sign_ins: SignIns,
    facts: Facts,
    actor: Actor,
) -> None:
    """Throw out every sign-in of a member of the staff."""
    member = await staff.get(wish.staff_id)
    if actor.id != member.id:
        must_cover(actor, held(member.roles, await roles.coded(member.roles)))
    await _revoked(member.revoked(), "sign_out", staff, sign_ins, facts, wish.at)


HANDLERS = {
    CreateStaff: create_staff,
    ChangeStaff: change_staff,
    ChangeStaffPassword: change_staff_password,
    RevokeStaff: revoke_staff,
}


async def _granted(codes: Sequence[str], roles: Roles, scope: Scope) -> frozenset[str]:
    """What the roles grant.

    :raises Unknown: for a role that there is none of here.
    """
    own = await roles.coded(codes)
    known = {role.code for role in own} | BUILT_IN.keys()
    if scope.tenant_id != PLATFORM_TENANT_ID:
        known -= {SUPER_ADMIN}
    for code in codes:
        if code not in known:
            raise Unknown("role", code[:80])
    return held(codes, own)


def _not_oneself(actor: Actor, member: Staff) -> None:
    if actor.id == member.id:
        raise NotOnYourself()


async def _revoked(
    member: Staff,
    because: str,
    staff: StaffBook,
    sign_ins: SignIns,
    facts: Facts,
    at: datetime,
) -> None:
    version = await staff.save(member, member.version)
    await end_all(_STAFF, member.id, because, sign_ins, facts, at)
    facts.tell(StaffRevoked(member.id, because), version, at)
