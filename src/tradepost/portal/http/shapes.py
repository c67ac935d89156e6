"""What the portal's JSON API takes and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from tradepost.platform.web import Body
from tradepost.platform.web.body import Line, Version
from tradepost.portal.domain import (
    CallState,
    Check,
    DatabaseStatus,
    Tenant,
    TenantState,
    TenantType,
)
from tradepost.portal.queries import TenantPage


class SignInBody(Body, frozen=True):
    """Who signs in."""

    email: Line
    password: Annotated[str, Meta(max_length=1000)]


class RenewBody(Body, frozen=True):
    """The session that is to be gone on with."""

    session_token: Annotated[str, Meta(max_length=8192)]


class TenantBody(Body, frozen=True):
    """What is registered of a tenant."""

    code: Line
    name: Line
    default_currency: Line
    owner_email: Line
    owner_name: Line
    cell: Line
    type: TenantType = TenantType.SINGLE_BRAND
    locale: Line = "en-GB"
    time_zone: Line = "UTC"


class DraftBody(TenantBody, frozen=True, kw_only=True):
    """A draft as it is to be, on top of a version."""

    version: Version


class StepBody(Body, frozen=True):
    """Why a step is taken, on top of which version."""

    version: Version
    reason: Line = ""


class DatabaseBody(Body, frozen=True):
    """A database that the tenant would bring along; its password is never answered."""

    host: Line
    port: Annotated[int, Meta(ge=1, le=65_535)]
    name: Line
    user: Line
    password: Annotated[str, Meta(max_length=1000)]
    tls: Line = "verify"

    def __repr__(self) -> str:
        return "DatabaseBody(***)"


class TokensView(msgspec.Struct, frozen=True):
    """What opens the API, for so many seconds, and what renews it until the session ends."""

    access_token: str
    expires_in_s: int
    session_token: str
    session_ends_at: datetime


class TransitionView(msgspec.Struct, frozen=True):
    """One step of a tenant's life."""

    action: str
    state_before: TenantState
    state_after: TenantState
    changed_by: str
    changed_at: datetime
    reason: str


class CallView(msgspec.Struct, frozen=True):
    """One thing that the cell is, or was, asked for."""

    id: UUID
    kind: str
    state: CallState
    tries: int
    problem: str
    checks: tuple[Check, ...]
    wished_at: datetime
    answered_at: datetime | None


class DatabaseView(msgspec.Struct, frozen=True):
    """A database as it was submitted, without its password."""

    host: str
    port: int
    name: str
    user: str
    tls: str
    status: DatabaseStatus
    checks: tuple[Check, ...]
    submitted_at: datetime
    checked_at: datetime | None


class TenantRow(msgspec.Struct, frozen=True):
    """A tenant in a list."""

    id: UUID
    code: str
    name: str
    type: TenantType
    state: TenantState
    default_currency: str
    locale: str
    time_zone: str
    owner_email: str
    owner_name: str
    cell: str
    created_at: datetime
    version: int


class TenantView(msgspec.Struct, frozen=True):
    """A tenant with its history, what its cell was asked, and what can be wished now."""

    tenant: TenantRow
    actions: list[str]
    history: list[TransitionView]
    calls: list[CallView]
    database: DatabaseView | None


class TenantsView(msgspec.Struct, frozen=True):
    """A page of tenants; send ``next_after`` as ``after`` for the next one."""

    items: list[TenantRow]
    next_after: str


def shown(page: TenantPage) -> TenantView:
    """A tenant with everything."""
    made = page.database
    return TenantView(
        row_of(page.tenant),
        page.actions,
        [
            TransitionView(
                one.action, one.state_before, one.state_after,
                one.changed_by_email, one.changed_at, one.reason,
            )
            for one in page.history
        ],
        [
            CallView(
                one.id, one.kind.value, one.state, one.tries,
                one.problem, one.checks, one.wished_at, one.answered_at,
            )
            for one in page.calls
        ],
        None if made is None else DatabaseView(
            made.host, made.port, made.name, made.user, made.tls,
            made.status, made.checks, made.submitted_at, made.checked_at,
        ),
    )  # fmt: skip


def row_of(one: Tenant) -> TenantRow:
    """A tenant in a list."""
    return TenantRow(
        one.id, one.code, one.name, one.type, one.state, one.default_currency, one.locale,
        one.time_zone, one.owner_email, one.owner_name, one.cell, one.created_at, one.version,
    )  # fmt: skip
