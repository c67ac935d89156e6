"""Tenants: the list, one of them, registering and editing a draft."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from litestar import Response, get, post

from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import TenantId
from tradepost.platform.web import FromPath, FromQuery, door
from tradepost.portal.http import acts
from tradepost.portal.http.guard import SIGNED_IN, FromVisit, Visit
from tradepost.portal.http.pages.entrance import HIDDEN
from tradepost.portal.http.pages.people import version_in
from tradepost.portal.http.rendering import HTML, Page, away, page, refused, rendered
from tradepost.portal.http.words import word

IN = door(SIGNED_IN, shop=False)
BLANK = dict.fromkeys(acts.FIELDS, "") | {"type": "single_brand", "time_zone": "UTC"}
LOCALES = {"en": "en-GB", "ja": "ja-JP"}


@get("/", opt=IN, **HIDDEN)
async def list_tenants(visit: FromVisit, after: FromQuery[str] = "") -> Page:
    """The tenants that somebody may see."""
    rows, more = await acts.listed(visit.desk, visit.who, after)
    return page(visit, "tenants.html", rows=rows, more=more)


@get("/tenants/new", opt=IN, **HIDDEN)
async def new_tenant(visit: FromVisit) -> Page:
    """The form of registering."""
    who = visit.who
    own = {} if who.operator else {"owner_email": who.email}
    return page(visit, "tenant_form.html", **_new(visit, own))


@post("/tenants", opt=IN, status_code=200, **HIDDEN)
async def register(visit: FromVisit) -> Page:
    """Register a tenant."""
    try:
        form = acts.form_of(visit.desk, visit.form)
        tenant_id = await acts.register(visit.desk, visit.who, form)
    except Refusal as refusal:
        return refused(visit, "tenant_form.html", refusal, **_new(visit, visit.form))
    return away(f"/tenants/{tenant_id}")


@get("/tenants/{tenant_id:uuid}", opt=IN, **HIDDEN)
async def read_tenant(tenant_id: FromPath[UUID], visit: FromVisit) -> Page:
    """One tenant."""
    found = await acts.looked_at(visit.desk, visit.who, TenantId(tenant_id))
    return page(visit, "tenant.html", page=found, invitation=None)


@get("/tenants/{tenant_id:uuid}/live", opt=IN, **HIDDEN)
async def read_live(tenant_id: FromPath[UUID], visit: FromVisit) -> Response[bytes]:
    """The part of a tenant's page that changes while its cell is at work."""
    found = await acts.looked_at(visit.desk, visit.who, TenantId(tenant_id))
    waiting = "yes" if found.pending or found.looking else "no"
    body = rendered(visit, "_live.html", page=found).encode()
    return Response(body, media_type=HTML, headers={"x-waiting": waiting})


@get("/tenants/{tenant_id:uuid}/edit", opt=IN, **HIDDEN)
async def edit_page(tenant_id: FromPath[UUID], visit: FromVisit) -> Page:
    """The form of a draft."""
    found = await acts.looked_at(visit.desk, visit.who, TenantId(tenant_id))
    told = asdict(found.tenant) | {"type": found.tenant.type.value}
    return page(visit, "tenant_form.html", **_edited(visit, tenant_id, told))


@post("/tenants/{tenant_id:uuid}/edit", opt=IN, status_code=200, **HIDDEN)
async def edit(tenant_id: FromPath[UUID], visit: FromVisit) -> Page:
    """Rewrite a draft."""
    try:
        form, version = acts.form_of(visit.desk, visit.form), version_in(visit.form)
        await acts.edit(visit.desk, visit.who, TenantId(tenant_id), form, version)
    except Refusal as refusal:
        facts = _edited(visit, tenant_id, visit.form)
        return refused(visit, "tenant_form.html", refusal, **facts)
    return away(f"/tenants/{tenant_id}")


ROUTES = (list_tenants, new_tenant, register, read_tenant, read_live, edit_page, edit)


def _new(visit: Visit, given: dict[str, str]) -> dict[str, Any]:
    blank = BLANK | {"locale": LOCALES[visit.language]}
    return {
        "heading": word(visit.language, "tenant_new"),
        "action": "/tenants",
        "back": "/",
        "version": "",
        "form": blank | given,
        "cells": [(name, name) for name in visit.desk.cells.addresses],
    }


def _edited(visit: Visit, tenant_id: UUID, given: dict[str, Any]) -> dict[str, Any]:
    return _new(visit, {}) | {
        "heading": word(visit.language, "tenant_edit"),
        "action": f"/tenants/{tenant_id}/edit",
        "back": f"/tenants/{tenant_id}",
        "version": given.get("version", ""),
        "form": BLANK | given,
    }
