"""What identity needs: its repositories, and what it asks of customers, tenancy and the doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tradepost.identity.domain import Account, CourierAccount, Role, SignIn, Staff, SubjectKind
from tradepost.identity.domain.pin import Pin
from tradepost.kernel.ids import (
    CourierId,
    CustomerId,
    RefreshId,
    RoleId,
    StaffId,
    TenantId,
    VendorId,
)


class Accounts(Protocol):
    """The accounts of the tenant's customers."""

    async def find(self, customer_id: CustomerId) -> Account | None:
        """A customer's account, if they have one."""
        ...

    async def get(self, customer_id: CustomerId) -> Account:
        """A customer's account; refuses with ``Unknown``."""
        ...

    async def by_email(self, email_key: str) -> Account | None:
        """Whose mail address it is."""
        ...

    def add(self, account: Account) -> None:
        """Keep a new account."""
        ...

    async def save(self, account: Account) -> int:
        """Keep a change on top of the version that was read; the new version, or ``Stale``."""
        ...

    async def strengthen(self, customer_id: CustomerId, was: str, password_hash: str) -> None:
        """Keep the same password in today's form, if nobody has changed it in between."""
        ...

    async def remove(self, customer_id: CustomerId) -> None:
        """Let go of an account."""
        ...


class KnownVendors(Protocol):
    """The vendors that staff can work for, asked of the mall."""

    async def check(self, vendor_id: VendorId) -> None:
        """Refuse one that there is not, or whose time is over."""
        ...


class StaffBook(Protocol):
    """The staff of the tenant."""

    async def find(self, staff_id: StaffId) -> Staff | None:
        """A member of the staff, if there is one."""
        ...

    async def get(self, staff_id: StaffId) -> Staff:
        """A member of the staff; refuses with ``Unknown``."""
        ...

    async def by_email(self, email_key: str) -> Staff | None:
        """Whose mail address it is."""
        ...

    def add(self, staff: Staff) -> None:
        """Keep a new member."""
        ...

    async def save(self, staff: Staff, version: int) -> int:
        """Keep a change on top of a version; the new version, or ``Stale``."""
        ...

    async def strengthen(self, staff_id: StaffId, was: str, password_hash: str) -> None:
        """Keep the same password in today's form, if nobody has changed it in between."""
        ...


class CourierAccounts(Protocol):
    """The accounts of the tenant's couriers."""

    async def find(self, courier_id: CourierId) -> CourierAccount | None:
        """A courier's account, if they have one."""
        ...

    async def get(self, courier_id: CourierId) -> CourierAccount:
        """A courier's account; refuses with ``Unknown``."""
        ...

    async def by_login(self, login: str) -> CourierAccount | None:
        """Whose mail address or telephone number it is."""
        ...

    def add(self, account: CourierAccount) -> None:
        """Keep a new account."""
        ...

    async def save(self, account: CourierAccount) -> int:
        """Keep a change on top of the version that was read; the new version, or ``Stale``."""
        ...

    async def strengthen(self, courier_id: CourierId, was: str, password_hash: str) -> None:
        """Keep the same secret in today's form, if nobody has changed it in between."""
        ...


class Roles(Protocol):
    """The roles that the tenant has made."""

    async def get(self, role_id: RoleId) -> Role:
        """A role; refuses with ``Unknown``."""
        ...

    async def coded(self, codes: Sequence[str]) -> list[Role]:
        """Those of the codes that are roles of the tenant's own."""
        ...

    def add(self, role: Role) -> None:
        """Keep a new role."""
        ...

    async def save(self, role: Role, version: int) -> int:
        """Keep a change on top of a version; the new version, or ``Stale``."""
        ...


class Pins(Protocol):
    """The PINs of the staff."""

    async def keep(self, pin: Pin) -> None:
        """Keep a PIN in place of its owner's last."""
        ...

    async def tried(self, staff_id: StaffId) -> Pin | None:
        """Count a try at a PIN; the PIN with it, if there is one."""
        ...

    async def fitted(self, staff_id: StaffId) -> None:
        """Forget the tries."""
        ...


class SignIns(Protocol):
    """The sign-ins of customers and staff."""

    async def lock(self, sign_in_id: RefreshId) -> SignIn | None:
        """A sign-in, nobody else's until the transaction ends."""
        ...

    async def living(self, kind: SubjectKind, subject_id: UUID) -> list[SignIn]:
        """Somebody's sign-ins that have not ended, oldest first."""
        ...

    def add(self, sign_in: SignIn) -> None:
        """Keep a new sign-in."""
        ...

    async def renew(self, sign_in: SignIn) -> None:
        """Keep the token that is good from now on."""
        ...

    async def end(self, sign_in: SignIn) -> int:
        """Keep the end of a sign-in; its version."""
        ...

    async def expired(self, now: datetime, at_most: int) -> list[SignIn]:
        """Some of those that have not ended though their time is over; nobody else's until then."""
        ...

    async def forget_ended(self, before: datetime, at_most: int) -> int:
        """Let go of some that ended before an instant; how many."""
        ...

    async def forget(self, kind: SubjectKind, subject_id: UUID) -> None:
        """Let go of all that is known of somebody's sign-ins."""
        ...


class CustomerRecords(Protocol):
    """Asked of customers: the record of somebody who signs up."""

    async def register(
        self, given_name: str, family_name: str, email: str, at: datetime
    ) -> CustomerId:
        """A new customer; a refusal if the names cannot be names."""
        ...


class Hasher(Protocol):
    """Turns passwords into what may be kept, slowly, and never inside a transaction."""

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        ...

    async def verify(self, kept: str | None, password: str) -> bool:
        """Whether it is the password; takes as long for nobody's (``None``) as for anybody's."""
        ...

    def is_outdated(self, kept: str) -> bool:
        """Whether it was made in a weaker way than today's."""
        ...


class Tries(Protocol):
    """Counts tries a minute by key."""

    async def take(self, key: str, per_minute: int) -> int:
        """0 if one more try is allowed, else the seconds to wait."""
        ...


@dataclass(frozen=True, slots=True)
class SignInPolicy:
    """What a tenant has decided about signing in."""

    sign_up: bool = False
    password_length_min: int = 10
    tries_per_account_per_minute: int = 5
    tries_per_address_per_minute: int = 20
    customer_access_minutes: int = 10
    customer_refresh_hours: int = 30 * 24
    staff_access_minutes: int = 5
    staff_refresh_hours: int = 12


class Policies(Protocol):
    """Asked of tenancy: the policy of a tenant."""

    async def of(self, tenant_id: TenantId) -> SignInPolicy:
        """The policy; the platform's own where there is no such tenant."""
        ...
