"""Shoppers sign up, in and out. A lost answer to a refresh is given again for ten seconds."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, delete, get, post, put

from tradepost.identity.commands import EndSignIn
from tradepost.identity.domain import SubjectKind
from tradepost.identity.http.bodies import (
    AnyRequest,
    PasswordBody,
    RefreshBody,
    SignInBody,
    SignUpBody,
    TokensView,
    person,
    tokens_answer,
    visitor,
)
from tradepost.identity.http.doors import SignInDoors
from tradepost.identity.queries import SignInView, sign_ins_page
from tradepost.kernel.ids import RefreshId
from tradepost.platform.web import CUSTOMER, PUBLIC, FromCaller, FromPath, JSONBody, door

TAGS = ["Signing in"]
SHOPPER = SubjectKind.CUSTOMER
Tokens = Response[TokensView]


@post("/api/v1/sign-up", opt=door(PUBLIC, rate="sign_in"), tags=TAGS)
async def sign_up(data: JSONBody[SignUpBody], caller: FromCaller, request: AnyRequest) -> Tokens:
    """Open an account; whoever does is signed in."""
    made = await caller.get(SignInDoors).sign_up(
        visitor(caller, request), data.email, data.password, data.given_name, data.family_name
    )
    return tokens_answer(made, status=201)


@post("/api/v1/sign-in", opt=door(PUBLIC, rate="sign_in"), status_code=200, tags=TAGS)
async def sign_in(data: JSONBody[SignInBody], caller: FromCaller, request: AnyRequest) -> Tokens:
    """Sign in. What does not fit is not told."""
    by = visitor(caller, request)
    doors = caller.get(SignInDoors)
    return tokens_answer(await doors.sign_in(by, SHOPPER, data.email, data.password))


@post("/api/v1/refresh", opt=door(PUBLIC, rate="sign_in"), status_code=200, tags=TAGS)
async def refresh(data: JSONBody[RefreshBody], caller: FromCaller, request: AnyRequest) -> Tokens:
    """Exchange a refresh token for new tokens. Leave the old access token out of the request."""
    by = visitor(caller, request)
    return tokens_answer(await caller.get(SignInDoors).refresh(by, SHOPPER, data.refresh_token))


@post("/api/v1/sign-out", opt=door(CUSTOMER), status_code=204, tags=TAGS)
async def sign_out(caller: FromCaller, request: AnyRequest) -> None:
    """Sign out on this device."""
    await caller.get(SignInDoors).sign_out(visitor(caller, request), person(caller))


@post("/api/v1/sign-out-everywhere", opt=door(CUSTOMER), status_code=204, tags=TAGS)
async def sign_out_everywhere(caller: FromCaller, request: AnyRequest) -> None:
    """Sign out on every device."""
    await caller.get(SignInDoors).sign_out_everywhere(visitor(caller, request), person(caller))


@put("/api/v1/account/password", opt=door(CUSTOMER, rate="sign_in"), tags=TAGS)
async def change_password(
    data: JSONBody[PasswordBody], caller: FromCaller, request: AnyRequest
) -> Tokens:
    """Change one's password; every other device is signed out."""
    made = await caller.get(SignInDoors).change_password(
        visitor(caller, request), person(caller), data.password, data.new_password
    )
    return tokens_answer(made)


@get("/api/v1/account/sign-ins", opt=door(CUSTOMER), tags=TAGS)
async def list_sign_ins(caller: FromCaller) -> list[SignInView]:
    """The devices on which one is signed in."""
    assert caller.customer_id is not None
    return await caller.ask(sign_ins_page, SHOPPER, caller.customer_id)


@delete("/api/v1/account/sign-ins/{sign_in_id:uuid}", opt=door(CUSTOMER), tags=TAGS)
async def end_sign_in(sign_in_id: FromPath[UUID], caller: FromCaller) -> None:
    """Sign a device out."""
    assert caller.customer_id is not None
    await caller.send(EndSignIn(RefreshId(sign_in_id), SHOPPER, caller.customer_id))
    authenticator = caller.get(SignInDoors).authenticator
    authenticator.forget(caller.tenant_id, SHOPPER, caller.customer_id)


ROUTES = (
    sign_up,
    sign_in,
    refresh,
    sign_out,
    sign_out_everywhere,
    change_password,
    list_sign_ins,
    end_sign_in,
)
