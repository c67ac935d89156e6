"""Which pages may call a shop from a browser: an exact list, the shop's own."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Headers

from tradepost.kernel.errors import Refusal
from tradepost.platform.web import errors
from tradepost.platform.web.context import Office, Shop
from tradepost.platform.web.notes import Notes

METHODS = "GET, POST, PUT, PATCH, DELETE"
REQUEST_HEADERS = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Cart-Token, "
    "X-Guest-Token, X-Request-Id, X-Tenant"
)
ANSWER_HEADERS = (
    "ETag, Idempotent-Replayed, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, "
    "Retry-After, X-Request-Id"
)
PREFLIGHT_AGE_S = 600
Connection = ASGIConnection[Any, Any, Any, Any]


def allow(headers: Headers, shop: Shop, notes: Notes) -> bool:
    """Tell the browser that this page may read the answer, if the shop lists its origin."""
    notes.vary.append("Origin")
    origin = headers.get("origin")
    if origin is None or origin not in shop.origins:
        return False
    notes.headers["access-control-allow-origin"] = origin
    notes.headers["access-control-expose-headers"] = ANSWER_HEADERS
    return True


async def preflight(connection: Connection, office: Office, notes: Notes) -> None:
    """Answer a browser that asks before it calls; other OPTIONS requests tell the methods.

    :raises OriginRefused: if the shop does not list the origin.
    """
    headers = connection.headers
    notes.headers["allow"] = connection.app.state.methods[connection.scope["path_template"]]
    origin = headers.get("origin")
    if origin is None or "access-control-request-method" not in headers:
        return
    try:
        shop = await office.shops.find(
            headers.getall("host", []),
            headers.get("x-tenant"),
            audience=office.audience,
            work=False,
        )
    except Refusal as refused:
        raise errors.OriginRefused(origin[:200]) from refused
    if not allow(headers, shop, notes):
        raise errors.OriginRefused(origin[:200])
    notes.headers["access-control-allow-methods"] = METHODS
    notes.headers["access-control-allow-headers"] = REQUEST_HEADERS
    notes.headers["access-control-max-age"] = str(PREFLIGHT_AGE_S)
