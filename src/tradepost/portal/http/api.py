"""The portal for programs: JSON, opened by a bearer token of audience ``portal`` alone."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import get, post, put

from tradepost.kernel.ids import TenantId
from tradepost.platform.outward.database import DatabaseAddress
from tradepost.platform.tokens import TokenType
from tradepost.platform.web import PUBLIC, FromPath, FromQuery, JSONBody, door
from tradepost.portal.domain import (
    Form,
    Session,
)
from tradepost.portal.errors import SignInOver
from tradepost.portal.gateway.cell import Invitation
from tradepost.portal.http import acts
from tradepost.portal.http.desk import ACCESS_LIFE, Desk
from tradepost.portal.http.guard import SIGNED_IN, FromVisit
from tradepost.portal.http.shapes import (
    DatabaseBody,
    DraftBody,
    RenewBody,
    SignInBody,
    StepBody,
    TenantBody,
    TenantsView,
    TenantView,
    TokensView,
    row_of,
    shown,
)

IN = door(SIGNED_IN, shop=False)
TAGS = ["Tenants"]
ENTRANCE = ["Signing in"]


@post("/api/v1/sign-in", opt=door(PUBLIC, shop=False), status_code=200, tags=ENTRANCE)
async def sign_in(data: JSONBody[SignInBody], visit: FromVisit) -> TokensView:
    """Sign in. What does not fit is not told."""
    _, session = await visit.desk.sign_in(data.email, data.password, visit.origin)
    return _tokens(visit.desk, session)


@post("/api/v1/renew", opt=door(PUBLIC, shop=False), status_code=200, tags=ENTRANCE)
async def renew(data: JSONBody[RenewBody], visit: FromVisit) -> TokensView:
    """A fresh access token, as long as the session lives."""
    found = await visit.desk.behind(data.session_token, TokenType.REFRESH)
    if found is None:
        raise SignInOver
    return _tokens(visit.desk, found.session)


@get("/api/v1/tenants", opt=IN, tags=TAGS)
async def list_tenants(visit: FromVisit, after: FromQuery[str] = "") -> TenantsView:
    """The tenants that somebody may see, by code."""
    rows, more = await acts.listed(visit.desk, visit.who, after)
    return TenantsView([row_of(one) for one in rows], more)


@post("/api/v1/tenants", opt=IN, tags=TAGS)
async def register_tenant(data: JSONBody[TenantBody], visit: FromVisit) -> TenantView:
    """Register a tenant; it is a draft until it is provisioned."""
    form = _form(visit.desk, data)
    return await _view(visit, await acts.register(visit.desk, visit.who, form))


@get("/api/v1/tenants/{tenant_id:uuid}", opt=IN, tags=TAGS)
async def read_tenant(tenant_id: FromPath[UUID], visit: FromVisit) -> TenantView:
    """One tenant."""
    return await _view(visit, TenantId(tenant_id))


@put("/api/v1/tenants/{tenant_id:uuid}", opt=IN, tags=TAGS)
async def edit_draft(
    tenant_id: FromPath[UUID], data: JSONBody[DraftBody], visit: FromVisit
) -> TenantView:
    """Rewrite a draft."""
    id, form = TenantId(tenant_id), _form(visit.desk, data)
    await acts.edit(visit.desk, visit.who, id, form, data.version)
    return await _view(visit, id)


@post("/api/v1/tenants/{tenant_id:uuid}/steps/{action:str}", opt=IN, status_code=202, tags=TAGS)
async def take_step(
    tenant_id: FromPath[UUID], action: FromPath[str], data: JSONBody[StepBody], visit: FromVisit
) -> TenantView:
    """Provision, retry, withdraw, suspend, reactivate or archive.

    The cell is asked until it answers; `calls` tells how far it is.
    """
    id = TenantId(tenant_id)
    await acts.step(visit.desk, visit.who, id, action, data.reason, data.version)
    return await _view(visit, id)


@put("/api/v1/tenants/{tenant_id:uuid}/database", opt=IN, status_code=202, tags=TAGS)
async def submit_database(
    tenant_id: FromPath[UUID], data: JSONBody[DatabaseBody], visit: FromVisit
) -> TenantView:
    """Submit a database of the tenant's own; the cell looks whether it would do."""
    id = TenantId(tenant_id)
    address = DatabaseAddress.parse(data.host, data.port, data.name, data.user, data.tls)
    await acts.submit_database(visit.desk, visit.who, id, address, data.password)
    return await _view(visit, id)


@post("/api/v1/tenants/{tenant_id:uuid}/invitation", opt=IN, status_code=200, tags=TAGS)
async def make_invitation(tenant_id: FromPath[UUID], visit: FromVisit) -> Invitation:
    """A fresh invitation for the shop's first administrator, until one was used."""
    return await acts.invite(visit.desk, visit.who, TenantId(tenant_id))


ROUTES = (
    sign_in,
    renew,
    list_tenants,
    register_tenant,
    read_tenant,
    edit_draft,
    take_step,
    submit_database,
    make_invitation,
)


def _tokens(desk: Desk, session: Session) -> TokensView:
    life_s = int(ACCESS_LIFE.total_seconds())
    access, renewing = desk.access_token(session), desk.session_token(session)
    return TokensView(access, life_s, renewing, session.expires_at)


def _form(desk: Desk, data: TenantBody) -> Form:
    given = msgspec.structs.asdict(data) | {"type": data.type.value}
    return acts.form_of(desk, {name: given[name] for name in acts.FIELDS})


async def _view(visit: FromVisit, tenant_id: TenantId) -> TenantView:
    return shown(await acts.looked_at(visit.desk, visit.who, tenant_id))
