"""Staff, roles and sign-ins as lists; no list shows a hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tradepost.identity.domain import Role, Staff, StaffStatus, SubjectKind
from tradepost.identity.domain.staff import NO_PASSWORD
from tradepost.identity.storage import LIVING, OWN_ROLES, PIN_OWNERS, ROLES, SIGN_INS, STAFF, staff
from tradepost.kernel.ids import RefreshId, RoleId, StaffId, VendorId
from tradepost.platform.db.statement import Statement, param
from tradepost.platform.db.work import Reader

_STAFF = Statement(STAFF.select.order_by(staff.c.email_key))
_INVITED = Statement(
    STAFF.select.where(
        staff.c.password_hash == param("password_hash"), staff.c.status == param("status")
    ).order_by(staff.c.created_at)
)


@dataclass(frozen=True, slots=True)
class StaffView:
    """A member of the staff as colleagues see them."""

    id: StaffId
    email: str
    name: str
    roles: tuple[str, ...]
    status: StaffStatus
    created_at: datetime
    version: int
    vendor_id: VendorId | None


@dataclass(frozen=True, slots=True)
class SignInView:
    """A device on which somebody is signed in."""

    id: RefreshId
    started_at: datetime
    renewed_at: datetime
    expires_at: datetime
    origin: str
    device: str


async def staff_page(db: Reader) -> list[StaffView]:
    """The staff by mail address."""
    return [_view(one) for one in await STAFF.all(db, _STAFF)]


async def invited_staff(db: Reader) -> list[Staff]:
    """Those who have yet to choose a password, the oldest first."""
    return await STAFF.all(db, _INVITED, password_hash=NO_PASSWORD, status=StaffStatus.ACTIVE)


async def staff_member(db: Reader, staff_id: StaffId) -> StaffView:
    """One member of the staff; refuses with ``Unknown``."""
    return _view(await STAFF.get(db, staff_id))


@dataclass(frozen=True, slots=True)
class TillMember:
    """Somebody who can come to a shared till by a PIN."""

    id: StaffId
    name: str


async def till_members(db: Reader) -> list[TillMember]:
    """Those who work here and have a PIN, by name."""
    having = {row[0] for row in await db.all(PIN_OWNERS)}
    found = [one for one in await STAFF.all(db, _STAFF) if one.id in having]
    active = [one for one in found if one.status is StaffStatus.ACTIVE]
    return [TillMember(one.id, one.name) for one in sorted(active, key=lambda one: one.name)]


async def roles_page(db: Reader) -> list[Role]:
    """The tenant's own roles by code."""
    return await ROLES.all(db, OWN_ROLES)


async def own_role(db: Reader, role_id: RoleId) -> Role:
    """One role of the tenant's own; refuses with ``Unknown``."""
    return await ROLES.get(db, role_id)


async def sign_ins_page(db: Reader, kind: SubjectKind, subject_id: UUID) -> list[SignInView]:
    """Where somebody is signed in, oldest first."""
    found = await SIGN_INS.all(db, LIVING, kind=kind, subject_id=subject_id)
    return [
        SignInView(one.id, one.started_at, one.renewed_at, one.expires_at, one.origin, one.device)
        for one in found
    ]


def _view(one: Staff) -> StaffView:
    return StaffView(
        one.id,
        one.email,
        one.name,
        one.roles,
        one.status,
        one.created_at,
        one.version,
        one.vendor_id,
    )
