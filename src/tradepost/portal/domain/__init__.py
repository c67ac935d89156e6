"""What the portal knows: people, tenants, calls to their cells, databases they bring along."""

from tradepost.portal.domain.calls import LEADS_TO, Call, CallKind, CallState, Check
from tradepost.portal.domain.databases import DatabaseConfig, DatabaseStatus
from tradepost.portal.domain.people import Person, PersonStatus, Role, Session, checked_password
from tradepost.portal.domain.tenants import (
    ABSENT,
    TENANT_STATES,
    By,
    Form,
    Tenant,
    TenantState,
    TenantType,
    Transition,
    checked_reason,
)

__all__ = [
    "ABSENT",
    "LEADS_TO",
    "TENANT_STATES",
    "By",
    "Call",
    "CallKind",
    "CallState",
    "Check",
    "DatabaseConfig",
    "DatabaseStatus",
    "Form",
    "Person",
    "PersonStatus",
    "Role",
    "Session",
    "Tenant",
    "TenantState",
    "TenantType",
    "Transition",
    "checked_password",
    "checked_reason",
]
