"""Staff sign in and out, and see who they are. The platform's people do so here too."""

from __future__ import annotations

from dataclasses import replace

from litestar import Response, get, post, put

from tradepost.identity.domain import PLATFORM_TENANT_ID, SubjectKind
from tradepost.identity.http.bodies import (
    AnyRequest,
    MeView,
    PasswordBody,
    StaffRefreshBody,
    StaffSignInBody,
    TokensView,
    person,
    tokens_answer,
    visitor,
)
from tradepost.identity.http.doors import SignInDoors, Visitor
from tradepost.platform.web import PUBLIC, STAFF, Caller, FromCaller, JSONBody, door

TAGS = ["Signing in"]
MEMBER = SubjectKind.STAFF
IN = door(PUBLIC, rate="sign_in", work=False)
Tokens = Response[TokensView]


@post("/api/v1/sign-in", opt=IN, status_code=200, tags=TAGS)
async def sign_in(
    data: JSONBody[StaffSignInBody], caller: FromCaller, request: AnyRequest
) -> Tokens:
    """Sign in. What does not fit is not told."""
    by = _visitor(caller, request, platform=data.platform)
    doors = caller.get(SignInDoors)
    return tokens_answer(await doors.sign_in(by, MEMBER, data.email, data.password))


@post("/api/v1/refresh", opt=IN, status_code=200, tags=TAGS)
async def refresh(
    data: JSONBody[StaffRefreshBody], caller: FromCaller, request: AnyRequest
) -> Tokens:
    """Exchange a refresh token for new tokens. Leave the old access token out of the request."""
    by = _visitor(caller, request, platform=data.platform)
    return tokens_answer(await caller.get(SignInDoors).refresh(by, MEMBER, data.refresh_token))


@post("/api/v1/sign-out", opt=door(STAFF, work=False), status_code=204, tags=TAGS)
async def sign_out(caller: FromCaller, request: AnyRequest) -> None:
    """Sign out on this device."""
    await caller.get(SignInDoors).sign_out(visitor(caller, request), person(caller))


@post("/api/v1/sign-out-everywhere", opt=door(STAFF, work=False), status_code=204, tags=TAGS)
async def sign_out_everywhere(caller: FromCaller, request: AnyRequest) -> None:
    """Sign out on every device."""
    await caller.get(SignInDoors).sign_out_everywhere(visitor(caller, request), person(caller))


@get("/api/v1/me", opt=door(STAFF), tags=TAGS)
async def read_me(caller: FromCaller) -> MeView:
    """Who is signed in, and what they may do."""
    who = person(caller)
    member = await caller.get(SignInDoors).member(who)
    permissions = sorted(who.actor.permissions)
    return MeView(member.id, member.email, member.name, member.roles, permissions, who.everywhere)


@put("/api/v1/me/password", opt=door(STAFF, rate="sign_in", work=False), tags=TAGS)
async def change_password(
    data: JSONBody[PasswordBody], caller: FromCaller, request: AnyRequest
) -> Tokens:
    """Change one's password; every other device is signed out."""
    made = await caller.get(SignInDoors).change_password(
        visitor(caller, request), person(caller), data.password, data.new_password
    )
    return tokens_answer(made)


def _visitor(caller: Caller, request: AnyRequest, *, platform: bool) -> Visitor:
    by = visitor(caller, request)
    return replace(by, tenant_id=PLATFORM_TENANT_ID) if platform else by


ROUTES = (sign_in, refresh, sign_out, sign_out_everywhere, read_me, change_password)
