"""Accounts, staff, roles, sign-ins, and what makes a password."""

from tradepost.identity.domain.account import Account, AccountStatus
from tradepost.identity.domain.courier import CourierAccount
from tradepost.identity.domain.passwords import checked_password
from tradepost.identity.domain.roles import BUILT_IN, PLATFORM_TENANT_ID, SUPER_ADMIN, Role
from tradepost.identity.domain.signin import GRACE, Renewal, SignIn, SubjectKind
from tradepost.identity.domain.staff import Staff, StaffStatus

__all__ = [
    "BUILT_IN",
    "GRACE",
    "PLATFORM_TENANT_ID",
    "SUPER_ADMIN",
    "Account",
    "AccountStatus",
    "CourierAccount",
    "Renewal",
    "Role",
    "SignIn",
    "Staff",
    "StaffStatus",
    "SubjectKind",
    "checked_password",
]
