"""What is sent and answered when people sign up, in and out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response
from msgspec import Meta

from tradepost.identity.domain import StaffStatus
from tradepost.identity.http.doors import Visitor
from tradepost.identity.http.issuing import SignedIn
from tradepost.identity.queries import Person
from tradepost.kernel.ids import RefreshId
from tradepost.platform.web import Body, Caller
from tradepost.platform.web.body import Code, Line

AnyRequest = Request[Any, Any, Any]
Password = Annotated[str, Meta(max_length=1000)]
Token = Annotated[str, Meta(min_length=1, max_length=8192)]
Permissions = Annotated[tuple[Code, ...], Meta(max_length=200)]
RoleCodes = Annotated[tuple[Code, ...], Meta(max_length=50)]


class SignUpBody(Body, frozen=True):
    """Who signs up."""

    email: Line
    password: Password
    given_name: Line = ""
    family_name: Line = ""


class SignInBody(Body, frozen=True):
    """Who signs in."""

    email: Line
    password: Password


class CourierSignInBody(Body, frozen=True):
    """Which courier signs in: mail address or telephone number (E.164), and password or PIN."""

    login: Line
    password: Password


class StaffSignInBody(Body, frozen=True):
    """Who signs in; ``platform`` for the people of the platform itself."""

    email: Line
    password: Password
    platform: bool = False


class RefreshBody(Body, frozen=True):
    """A refresh token; it is used up."""

    refresh_token: Token


class StaffRefreshBody(Body, frozen=True):
    """A refresh token; ``platform`` for the people of the platform itself."""

    refresh_token: Token
    platform: bool = False


class PasswordBody(Body, frozen=True):
    """One's own password, old and new."""

    password: Password
    new_password: Password


class GivenPasswordBody(Body, frozen=True):
    """A new password for somebody else."""

    new_password: Password


class HireBody(Body, frozen=True):
    """Somebody who begins to work here, with a first password; for one vendor alone if named."""

    email: Line
    name: Line
    password: Password
    roles: RoleCodes
    vendor_id: UUID | None = None


class StaffBody(Body, frozen=True):
    """A member of the staff as they should be."""

    name: Line
    roles: RoleCodes
    status: StaffStatus


class ChosenPinBody(Body, frozen=True):
    """One's new PIN, and one's password."""

    password: Password
    pin: Code


class PinBody(Body, frozen=True):
    """Who comes to the till, and their PIN."""

    staff_id: UUID
    pin: Code


class RoleBody(Body, frozen=True):
    """A role as it should be."""

    name: Line
    permissions: Permissions


class NewRoleBody(Body, frozen=True):
    """A role that there is none of yet."""

    code: Code
    name: Line
    permissions: Permissions


class TokensView(msgspec.Struct, frozen=True):
    """Tokens to sign in with, as OAuth 2.0 names them (RFC 6749 §5.1)."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str
    refresh_expires_at: datetime
    id: UUID


class RoleView(msgspec.Struct, frozen=True):
    """A role; without ``id`` and ``version`` it is the product's own."""

    code: str
    name: str
    permissions: list[str]
    id: UUID | None = None
    version: int | None = None


class MeView(msgspec.Struct, frozen=True):
    """Who is signed in, and what they may do."""

    id: UUID
    email: str
    name: str
    roles: tuple[str, ...]
    permissions: list[str]
    platform: bool


def tokens_answer(made: SignedIn, *, status: int = 200) -> Response[TokensView]:
    """The tokens; the guard forbids everybody to keep the answer."""
    view = TokensView(
        made.access_token,
        "Bearer",
        int(made.access_life.total_seconds()),
        made.refresh_token,
        made.refresh_expires_at,
        made.subject_id,
    )
    return Response(view, status_code=status)


def visitor(caller: Caller, request: AnyRequest) -> Visitor:
    """Who knocks, and what they call their device."""
    device = request.headers.get("user-agent", "")
    return Visitor(caller.tenant_id, caller.actor.origin, device, caller.scope.request_id)


def person(caller: Caller) -> Person:
    """Whom the caller's token speaks for; only behind doors that let nobody in without one."""
    found = caller.identity
    assert found is not None
    assert found.sign_in_id is not None
    return Person(found.actor, found.tenant_id, RefreshId(found.sign_in_id), found.everywhere)
