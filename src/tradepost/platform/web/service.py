"""The guard of what services ask of each other: a token that names the one it is for, and whose
tenant it is about. There is no shop, no person and no host name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from litestar import Request

from tradepost.kernel.ids import TenantId
from tradepost.platform.tokens import Audience, Tokens, TokenType
from tradepost.platform.web import errors
from tradepost.platform.web.addresses import bucket_of, client_address
from tradepost.platform.web.context import Station
from tradepost.platform.web.door import PUBLIC, door_of
from tradepost.platform.web.guard import BEARER, TOKEN_LENGTH_MAX
from tradepost.platform.web.notes import notes_of
from tradepost.platform.web.queries import check_query
from tradepost.platform.web.rates import Limit

SERVICE = "service"
REQUESTS_PER_MINUTE = 3000
"""Of one address: a portal that has much to do, and no more."""


class CellName(str):
    """The name by which a portal knows the cell that it speaks to."""

    __slots__ = ()


async def service_guard(request: Request[Any, Any, Any]) -> None:
    """Let a service in, or refuse it."""
    station: Station = request.app.state.office
    found = door_of(request.route_handler)
    if found is None:
        raise errors.WrongMethod(request.method, "what the document names")
    notes = notes_of(request.scope)
    notes.door = found
    check_query(request, request.app.state.queries[request.scope["route_handler"]])
    if found.permission == PUBLIC:
        return
    address = client_address(
        request.client.host if request.client else None,
        request.headers.getall("x-forwarded-for", []),
        station.settings.trusted_proxies,
    )
    verdict = await station.limiter.take(
        f"service:{bucket_of(address)}", Limit(REQUESTS_PER_MINUTE)
    )
    if not verdict.allowed:
        raise errors.TooManyRequests(REQUESTS_PER_MINUTE, 60, verdict.retry_after_s)
    _check_token(request, station)


def _check_token(request: Request[Any, Any, Any], station: Station) -> None:
    """The token has to be made for this cell, and for the tenant of the path."""
    given = request.headers.getall("authorization", [])
    if not given:
        raise errors.SignInNeeded
    token = given[0]
    if len(given) > 1 or not token.lower().startswith(BEARER) or len(token) > TOKEN_LENGTH_MAX:
        raise errors.TokenUnfit
    claims = station.get(Tokens).read(
        token[len(BEARER) :].strip(), Audience.SERVICE, TokenType.SERVICE
    )
    tenant_id = request.path_params.get("tenant_id")
    if claims.jti != f"to:{station.get(CellName)}" or str(claims.tenant) != str(tenant_id):
        raise errors.TokenUnfit
    structlog.contextvars.bind_contextvars(tenant=str(tenant_id), service=str(claims.sub))


def token_for(tokens: Tokens, caller: UUID, cell: str, tenant_id: TenantId, life: Any) -> str:
    """A token for one cell, about one tenant."""
    return tokens.issue(
        Audience.SERVICE, TokenType.SERVICE, caller, tenant_id, life, jti=f"to:{cell}"
    )
