"""A database that a tenant brings along; its password is kept sealed and never told again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tradepost.kernel.ids import CallId, DatabaseConfigId, TenantId
from tradepost.portal.domain.calls import Check


class DatabaseStatus(StrEnum):
    """What is known of it."""

    CHECKING = "checking"
    VALID = "valid"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class DatabaseConfig:
    """Where it is and as whom to sign in; ``sealed`` is the password, bound to this record."""

    id: DatabaseConfigId
    tenant_id: TenantId
    host: str
    port: int
    name: str
    user: str
    tls: str
    sealed: str
    status: DatabaseStatus
    checks: tuple[Check, ...]
    submitted_by_email: str
    submitted_at: datetime
    checked_at: datetime | None
    call_id: CallId
    version: int

    def checked(self, checks: tuple[Check, ...], at: datetime, problem: str = "") -> DatabaseConfig:
        """After the cell has looked; a ``problem`` says that it would not."""
        found = checks or (Check("connectivity", False, problem),)
        good = all(one.passed for one in found)
        status = DatabaseStatus.VALID if good else DatabaseStatus.INVALID
        return replace(self, status=status, checks=found, checked_at=at)
