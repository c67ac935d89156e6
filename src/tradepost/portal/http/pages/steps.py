"""The steps of a tenant's life, its database, its first administrator."""

from __future__ import annotations

from uuid import UUID

from litestar import get, post

from tradepost.kernel.errors import NotFound, Refusal, Unknown
from tradepost.kernel.ids import TenantId
from tradepost.platform.outward.database import BadDatabase, DatabaseAddress
from tradepost.platform.web import FromPath, door
from tradepost.portal.commands.tenants import ACTIONS
from tradepost.portal.http import acts
from tradepost.portal.http.guard import SIGNED_IN, FromVisit
from tradepost.portal.http.pages.entrance import HIDDEN
from tradepost.portal.http.pages.people import version_in
from tradepost.portal.http.rendering import Page, away, page, refused

IN = door(SIGNED_IN, shop=False)
BLANK = {"host": "", "port": "5432", "name": "", "user": "", "tls": "verify"}


@get("/tenants/{tenant_id:uuid}/steps/{action:str}", opt=IN, **HIDDEN)
async def step_page(tenant_id: FromPath[UUID], action: FromPath[str], visit: FromVisit) -> Page:
    """What a step means, and the form of its reason."""
    found = await acts.looked_at(visit.desk, visit.who, TenantId(tenant_id))
    _check_known(action)
    return page(visit, "step.html", page=found, action=action, reason="")


@post("/tenants/{tenant_id:uuid}/steps/{action:str}", opt=IN, status_code=200, **HIDDEN)
async def take_step(tenant_id: FromPath[UUID], action: FromPath[str], visit: FromVisit) -> Page:
    """Wish a step."""
    _check_known(action)
    reason = visit.form.get("reason", "")
    try:
        version = version_in(visit.form)
        await acts.step(visit.desk, visit.who, TenantId(tenant_id), action, reason, version)
    except NotFound:
        raise
    except Refusal as refusal:
        found = await acts.looked_at(visit.desk, visit.who, TenantId(tenant_id))
        facts = {"page": found, "action": action, "reason": reason}
        return refused(visit, "step.html", refusal, **facts)
    return away(f"/tenants/{tenant_id}")


@get("/tenants/{tenant_id:uuid}/database", opt=IN, **HIDDEN)
async def database_page(tenant_id: FromPath[UUID], visit: FromVisit) -> Page:
    """The form of a database; never with a password in it."""
    found = await acts.looked_at(visit.desk, visit.who, TenantId(tenant_id))
    return page(visit, "database.html", page=found, form=BLANK)


@post("/tenants/{tenant_id:uuid}/database", opt=IN, status_code=200, **HIDDEN)
async def submit_database(tenant_id: FromPath[UUID], visit: FromVisit) -> Page:
    """Submit a database."""
    id = TenantId(tenant_id)
    given = BLANK | visit.form
    password = given.pop("password", "")
    try:
        await acts.submit_database(visit.desk, visit.who, id, _address(given), password)
    except NotFound:
        raise
    except Refusal as refusal:
        found = await acts.looked_at(visit.desk, visit.who, id)
        return refused(visit, "database.html", refusal, page=found, form=given)
    return away(f"/tenants/{tenant_id}")


@post("/tenants/{tenant_id:uuid}/invitation", opt=IN, status_code=200, **HIDDEN)
async def show_invitation(tenant_id: FromPath[UUID], visit: FromVisit) -> Page:
    """Show an invitation, this once."""
    id = TenantId(tenant_id)
    found = await acts.looked_at(visit.desk, visit.who, id)
    try:
        invitation = await acts.invite(visit.desk, visit.who, id)
    except Refusal as refusal:
        return refused(visit, "tenant.html", refusal, page=found, invitation=None)
    return page(visit, "tenant.html", page=found, invitation=invitation)


ROUTES = (step_page, take_step, database_page, submit_database, show_invitation)


def _check_known(action: str) -> None:
    if action not in ACTIONS:
        raise Unknown("step", action[:40])


def _address(given: dict[str, str]) -> DatabaseAddress:
    port = given["port"].strip()
    if not port.isascii() or not port.isdecimal() or len(port) > 5:
        raise BadDatabase("port", "must be a number from 1 to 65535")
    return DatabaseAddress.parse(
        given["host"], int(port), given["name"], given["user"], given["tls"]
    )
