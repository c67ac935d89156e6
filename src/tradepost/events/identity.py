"""What happens to accounts, staff, roles and sign-ins; never a name, an address or a secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from tradepost.kernel.ids import CourierId, CustomerId, RefreshId, RoleId, StaffId
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class _AccountFact(Fact):
    stream: ClassVar[str] = "account"
    key: ClassVar[str] = "customer_id"
    customer_id: CustomerId


@dataclass(frozen=True, slots=True)
class AccountOpened(_AccountFact):
    """A customer can sign in from now on."""

    name: ClassVar[str] = "account.opened"


@dataclass(frozen=True, slots=True)
class AccountRevoked(_AccountFact):
    """Every sign-in of a customer was thrown out: a new password, a block, their own wish."""

    name: ClassVar[str] = "account.revoked"
    because: str


@dataclass(frozen=True, slots=True)
class AccountClosed(_AccountFact):
    """A customer can no longer sign in."""

    name: ClassVar[str] = "account.closed"


@dataclass(frozen=True, slots=True)
class _CourierAccountFact(Fact):
    stream: ClassVar[str] = "courier_account"
    key: ClassVar[str] = "courier_id"
    courier_id: CourierId


@dataclass(frozen=True, slots=True)
class CourierAccountOpened(_CourierAccountFact):
    """A courier can sign in from now on."""

    name: ClassVar[str] = "courier_account.opened"


@dataclass(frozen=True, slots=True)
class CourierAccountRevoked(_CourierAccountFact):
    """Every sign-in of a courier was thrown out: a new secret, a block, their own wish."""

    name: ClassVar[str] = "courier_account.revoked"
    because: str


@dataclass(frozen=True, slots=True)
class _StaffFact(Fact):
    stream: ClassVar[str] = "staff"
    key: ClassVar[str] = "staff_id"
    staff_id: StaffId


@dataclass(frozen=True, slots=True)
class StaffCreated(_StaffFact):
    """Somebody began to work here."""

    name: ClassVar[str] = "staff.created"
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffUpdated(_StaffFact):
    """Somebody's name, roles or status changed."""

    name: ClassVar[str] = "staff.updated"
    roles: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class StaffRevoked(_StaffFact):
    """Every sign-in of a member of the staff was thrown out."""

    name: ClassVar[str] = "staff.revoked"
    because: str


@dataclass(frozen=True, slots=True)
class _RoleFact(Fact):
    stream: ClassVar[str] = "role"
    key: ClassVar[str] = "role_id"
    role_id: RoleId
    code: str
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleCreated(_RoleFact):
    """A tenant made a role."""

    name: ClassVar[str] = "role.created"


@dataclass(frozen=True, slots=True)
class RoleUpdated(_RoleFact):
    """A tenant changed a role of its own."""

    name: ClassVar[str] = "role.updated"


@dataclass(frozen=True, slots=True)
class _SignInFact(Fact):
    stream: ClassVar[str] = "sign_in"
    key: ClassVar[str] = "sign_in_id"
    sign_in_id: RefreshId
    kind: str
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class SignInStarted(_SignInFact):
    """Somebody signed in on a device."""

    name: ClassVar[str] = "sign_in.started"


@dataclass(frozen=True, slots=True)
class SignInEnded(_SignInFact):
    """A sign-in ended: signed out, replaced by newer ones, or a token of it was used twice."""

    name: ClassVar[str] = "sign_in.ended"
    because: str
