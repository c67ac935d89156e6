"""The one guard of every route: shop, address, limit, person, permission, parameters, key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import structlog
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Headers

from tradepost.kernel.errors import Unauthenticated
from tradepost.kernel.messages import Actor, Scope
from tradepost.platform.web import cors, errors
from tradepost.platform.web.addresses import bucket_of, client_address
from tradepost.platform.web.context import Caller, Identity, Office, Shop
from tradepost.platform.web.door import (
    COURIER,
    CUSTOMER,
    GUEST_OR_CUSTOMER,
    PUBLIC,
    STAFF,
    Door,
    door_of,
)
from tradepost.platform.web.keys import guest_of, idempotency_key, version_wanted
from tradepost.platform.web.notes import Notes, notes_of
from tradepost.platform.web.queries import check_query
from tradepost.platform.web.rates import Limit, Verdict

BEARER = "bearer "
_OF_KIND = {CUSTOMER: "customer", GUEST_OR_CUSTOMER: "customer", COURIER: "courier"}
TOKEN_LENGTH_MAX = 8192
DEFAULT_RATES = {
    "public": 100,
    "staff": 600,
    "sign_in": 20,
    "lookup": 5,
    "checkout": 30,
    "courier": 300,
}
Connection = ASGIConnection[Any, Any, Any, Any]


async def guard(connection: Request[Any, Any, Any]) -> None:
    """Let a request in, with its :class:`Caller`, or refuse it."""
    office: Office = connection.app.state.office
    notes = notes_of(connection.scope)
    door = door_of(connection.route_handler)
    if door is None:  # the framework's own answer to OPTIONS
        await cors.preflight(connection, office, notes)
        return
    notes.door = door
    check_query(connection, connection.app.state.queries[connection.scope["route_handler"]])
    if not door.shop:
        return
    headers = connection.headers
    shop = await shop_of_request(connection, headers, office, door, notes)
    actor, identity = await _admitted(connection, headers, office, shop, door, notes)
    permit(actor, door.permission)
    key = idempotency_key(headers.getall("idempotency-key", []), needed=door.key)
    holder = guest_of(headers.getall("x-guest-token", [])) if key else ""
    scope = Scope(shop.tenant_id, actor, notes.request_id, holder=holder)
    caller = Caller(office, shop, scope, door, key, identity)
    if door.if_match:
        caller.version = version_wanted(headers.getall("if-match", []))
        notes.if_match = True
    if door.streams and notes.linger is not None:
        notes.linger()
    notes.caller = caller


async def shop_of_request(
    connection: Connection, headers: Headers, office: Office, door: Door, notes: Notes
) -> Shop:
    """The shop that host and ``X-Tenant`` name.

    :raises Refusal: if they name none, or it is closed.
    """
    named = headers.getall("x-tenant", [])
    if len(named) > 1:
        raise errors.BadRequest("X-Tenant was sent several times")
    work = door.work if door.work is not None else connection.scope.get("method") != "GET"
    shop = await office.shops.find(
        headers.getall("host", []),
        named[0] if named else None,
        audience=office.audience,
        work=work,
    )
    structlog.contextvars.bind_contextvars(tenant=str(shop.tenant_id), **_ids_in(connection))
    cors.allow(headers, shop, notes)
    return shop


async def _admitted(
    connection: Connection, headers: Headers, office: Office, shop: Shop, door: Door, notes: Notes
) -> tuple[Actor, Identity | None]:
    """The person behind the request, once the limit lets it through."""
    address = client_address(
        connection.client.host if connection.client else None,
        headers.getall("x-forwarded-for", []),
        office.settings.trusted_proxies,
    )
    identity: Identity | None = None
    wrong: Unauthenticated | None = None
    actor = Actor("guest", origin=address)
    try:
        identity = await _identity(headers, office, shop)
    except Unauthenticated as refused:
        wrong = refused.with_traceback(None)
    if identity is not None:
        actor = replace(identity.actor, origin=address)
    try:
        await count_request(office, shop, door, actor, notes)
        if wrong is not None:
            raise wrong
    finally:  # else frame and refusal would keep each other, and the body that came with them
        del wrong
    structlog.contextvars.bind_contextvars(actor=actor.kind, actor_id=str(actor.id or ""))
    return actor, identity


async def _identity(headers: Headers, office: Office, shop: Shop) -> Identity | None:
    given = headers.getall("authorization", [])
    if not given:
        return None
    token = given[0]
    if len(given) > 1 or not token.lower().startswith(BEARER) or len(token) > TOKEN_LENGTH_MAX:
        raise errors.TokenUnfit
    identity = await office.tokens.read(token[len(BEARER) :].strip(), office.audience)
    if identity.tenant_id != shop.tenant_id and not identity.everywhere:
        raise errors.TokenUnfit
    return identity


async def count_request(office: Office, shop: Shop, door: Door, actor: Actor, notes: Notes) -> None:
    """Count a request of somebody.

    :raises TooManyRequests: if it is one too many.
    """
    if not office.settings.limits_requests:
        return
    staff = office.audience == "admin"
    place, limit = limit_of(shop, door, "staff" if staff else "public")
    who = str(actor.id) if staff and actor.id else bucket_of(actor.origin)
    verdict = await office.limiter.take(place + who, limit)
    notes.headers |= told_limit(limit, verdict)
    if not verdict.allowed:
        raise errors.TooManyRequests(limit.count, limit.per_s, verdict.retry_after_s)


def limit_of(shop: Shop, door: Door, usual: str) -> tuple[str, Limit]:
    """How often a door may be passed, and under which name, but for who it is, that is counted."""
    rate = door.rate or usual
    found = shop.counted.get(rate)
    if found is None:
        limit = Limit(shop.limits.get(rate, DEFAULT_RATES[rate]))
        found = shop.counted[rate] = (f"{shop.tenant_id}:{rate}:", limit)
    return found


def told_limit(limit: Limit, verdict: Verdict) -> dict[str, str]:
    """The headers that tell a client how much more it may ask."""
    return {
        "ratelimit-limit": str(limit.count),
        "ratelimit-remaining": str(verdict.remaining),
        "ratelimit-reset": str(verdict.reset_s),
    }


def permit(actor: Actor, permission: str) -> None:
    """Let somebody through who may.

    :raises SignInNeeded: if nobody of the kind that is needed is signed in.
    :raises MayNot: without the permission.
    """
    if permission == PUBLIC or (permission == GUEST_OR_CUSTOMER and actor.kind != COURIER):
        return
    if actor.kind == "guest" or _OF_KIND.get(permission, actor.kind) != actor.kind:
        raise errors.SignInNeeded
    if permission not in (CUSTOMER, COURIER, STAFF):
        actor.must(permission)


def _ids_in(connection: Connection) -> dict[str, str]:
    """Identifiers of orders and carts in the path, for the log."""
    return {
        name: str(value)
        for name, value in connection.path_params.items()
        if name in {"order_id", "cart_id"}
    }


def caller_of(request: Request[Any, Any, Any]) -> Caller:
    """The caller that the guard has let in."""
    caller = notes_of(request.scope).caller
    assert caller is not None, "a door without a shop has no caller"
    return caller
