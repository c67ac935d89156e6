"""Couriers sign in and out on the shoppers' API, with tokens that open the couriers' doors only."""

from __future__ import annotations

from litestar import Response, post, put

from tradepost.identity.domain import SubjectKind
from tradepost.identity.http.bodies import (
    AnyRequest,
    CourierSignInBody,
    PasswordBody,
    RefreshBody,
    TokensView,
    person,
    tokens_answer,
    visitor,
)
from tradepost.identity.http.doors import SignInDoors
from tradepost.platform.web import COURIER, PUBLIC, FromCaller, JSONBody, door

TAGS = ["Couriers"]
PATH = "/api/v1/courier"
WHO = SubjectKind.COURIER
Tokens = Response[TokensView]


@post(f"{PATH}/sign-in", opt=door(PUBLIC, rate="sign_in"), status_code=200, tags=TAGS)
async def sign_in_courier(
    data: JSONBody[CourierSignInBody], caller: FromCaller, request: AnyRequest
) -> Tokens:
    """Sign in by mail address or telephone number. What does not fit is not told."""
    doors = caller.get(SignInDoors)
    by = visitor(caller, request)
    return tokens_answer(await doors.sign_in(by, WHO, data.login, data.password))


@post(f"{PATH}/refresh", opt=door(PUBLIC, rate="sign_in"), status_code=200, tags=TAGS)
async def refresh_courier(
    data: JSONBody[RefreshBody], caller: FromCaller, request: AnyRequest
) -> Tokens:
    """Exchange a refresh token for new tokens. Leave the old access token out of the request."""
    by = visitor(caller, request)
    return tokens_answer(await caller.get(SignInDoors).refresh(by, WHO, data.refresh_token))


@post(f"{PATH}/sign-out", opt=door(COURIER), status_code=204, tags=TAGS)
async def sign_out_courier(caller: FromCaller, request: AnyRequest) -> None:
    """Sign out on this device."""
    await caller.get(SignInDoors).sign_out(visitor(caller, request), person(caller))


@put(f"{PATH}/password", opt=door(COURIER, rate="sign_in"), tags=TAGS)
async def change_courier_password(
    data: JSONBody[PasswordBody], caller: FromCaller, request: AnyRequest
) -> Tokens:
    """Change one's password or PIN; every other device is signed out."""
    made = await caller.get(SignInDoors).change_password(
        visitor(caller, request), person(caller), data.password, data.new_password
    )
    return tokens_answer(made)


ROUTES = (sign_in_courier, refresh_courier, sign_out_courier, change_courier_password)
