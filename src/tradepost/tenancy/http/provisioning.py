"""What a portal may ask of this cell: version 1 of the contract.

Steps are numbered for each tenant. The same step again is answered as before and changes nothing;
one that says something else, or comes after its successor, is refused with 409.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol, cast
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post, put
from litestar.datastructures import State
from msgspec import Meta

from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import Actor, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.outward.database import DatabaseAddress, Tls
from tradepost.platform.vault import Hidden
from tradepost.platform.web import PUBLIC, Body, FromPath, JSONBody, door
from tradepost.platform.web.body import Line
from tradepost.platform.web.context import Station
from tradepost.platform.web.notes import notes_of
from tradepost.platform.web.openapi import read_document
from tradepost.platform.web.service import SERVICE
from tradepost.tenancy.commands import LeadTenant, ProvisionTenant
from tradepost.tenancy.domain import Check, StepAnswer, TenantType
from tradepost.tenancy.queries import StatusView, provisioning_status

TAGS = ["Provisioning"]
PREFIX = "/provisioning/v1"
TENANT = PREFIX + "/tenants/{tenant_id:uuid}"
Number = Annotated[int, Meta(ge=1, le=10**9)]
Port = Annotated[int, Meta(ge=1, le=65_535)]
AnyRequest = Request[object, object, State]


class OwnerBody(Body, frozen=True):
    """Who becomes the shop's first administrator."""

    email: Line
    name: Line


class StepBody(Body, frozen=True, kw_only=True):
    """What every step says: its number, who wishes it at the portal, and why."""

    step: Number
    by: UUID | None = None
    reason: Line = ""


class ProvisionBody(StepBody, frozen=True, kw_only=True):
    """The tenant that is to be made."""

    code: Line
    name: Line
    type: TenantType
    currency: Line
    locale: Line
    time_zone: Line
    owner: OwnerBody


class MoveBody(StepBody, frozen=True, kw_only=True):
    """The step of its life that the tenant is to take."""

    action: Literal["suspend", "reactivate", "archive", "withdraw"]


class DatabaseBody(Body, frozen=True):
    """A database that a tenant would bring along; the password is kept nowhere."""

    host: Line
    port: Port
    name: Line
    user: Line
    password: Annotated[str, Meta(max_length=1000)]
    tls: Tls = Tls.VERIFY

    def __repr__(self) -> str:
        return "DatabaseBody(***)"


class CheckedView(msgspec.Struct, frozen=True):
    """Whether a database would do, and what was looked at."""

    valid: bool
    checks: tuple[Check, ...]


class InvitationView(msgspec.Struct, frozen=True):
    """The first administrator's way in."""

    email: str
    token: str
    expires_at: datetime


class PlacementChecks(Protocol):
    """Looks whether the place where a tenant is to live is fit for it."""

    async def shared(self) -> tuple[Check, ...]:
        """Of the store that tenants share."""
        ...

    async def database(self, address: DatabaseAddress, password: Hidden) -> tuple[Check, ...]:
        """Of a database that a tenant would bring along."""
        ...


class CellDoors(Protocol):
    """What the routes ask the house for."""

    bus: Bus
    checks: PlacementChecks

    def forget(self, tenant_id: TenantId) -> None:
        """The tenant has changed: whoever keeps its profile looks it up anew."""
        ...

    async def invitation(self, tenant_id: TenantId) -> InvitationView:
        """A fresh invitation for the first administrator; refuses with ``Unknown``."""
        ...


@put(TENANT, opt=door(SERVICE, shop=False), tags=TAGS)
async def provision_tenant(
    tenant_id: FromPath[UUID], data: JSONBody[ProvisionBody], request: AnyRequest
) -> StepAnswer:
    """Make a tenant, look whether its place is fit, and open it.

    With a check that has not been passed it stays in `provisioning`; send the next step to try
    again, or withdraw it. What it is made of cannot be changed once it has left `draft`.
    """
    cell = _cell(request)
    wish = ProvisionTenant(
        step=data.step,
        digest=_digest(data),
        about=_digest(msgspec.structs.replace(data, step=1, by=None, reason="")),
        code=data.code,
        name=data.name,
        type=data.type,
        default_currency=data.currency,
        locale=data.locale,
        time_zone=data.time_zone,
        owner_email=data.owner.email,
        owner_name=data.owner.name,
        checks=await cell.checks.shared(),
    )
    return await _sent(request, tenant_id, data, wish)


@post(TENANT + "/moves", opt=door(SERVICE, shop=False), status_code=200, tags=TAGS)
async def move_tenant(
    tenant_id: FromPath[UUID], data: JSONBody[MoveBody], request: AnyRequest
) -> StepAnswer:
    """Suspend, reactivate or archive a tenant, or take one back to draft that has not opened."""
    wish = LeadTenant(step=data.step, digest=_digest(data), action=data.action)
    return await _sent(request, tenant_id, data, wish)


@get(TENANT, opt=door(SERVICE, shop=False), tags=TAGS)
async def read_status(tenant_id: FromPath[UUID], request: AnyRequest) -> StatusView:
    """The tenant's state here and its last step; `absent` if it was never made."""
    scope = Scope(TenantId(tenant_id), Actor("portal"))
    return await _cell(request).bus.ask(scope, provisioning_status)


@post(TENANT + "/invitation", opt=door(SERVICE, shop=False), status_code=200, tags=TAGS)
async def invite_admin(tenant_id: FromPath[UUID], request: AnyRequest) -> InvitationView:
    """A fresh invitation for the first administrator, until somebody has used one."""
    return await _cell(request).invitation(TenantId(tenant_id))


@post(TENANT + "/database-checks", opt=door(SERVICE, shop=False), status_code=200, tags=TAGS)
async def check_database(
    tenant_id: FromPath[UUID], data: JSONBody[DatabaseBody], request: AnyRequest
) -> CheckedView:
    """Look whether a database would do: address, connectivity, version, rights, schema.

    Nothing is kept and nothing is written. It takes a second at least, whatever it finds.
    """
    address = DatabaseAddress.parse(data.host, data.port, data.name, data.user, data.tls)
    checks = await _cell(request).checks.database(address, Hidden(data.password))
    return CheckedView(all(one.passed for one in checks), checks)


@get(
    PREFIX + "/openapi.json",
    opt=door(PUBLIC, shop=False),
    include_in_schema=False,
    sync_to_thread=False,
)
def read_contract(request: AnyRequest) -> Response[bytes]:
    """The document of this contract."""
    told: Any = read_document.fn(request)
    return cast(Response[bytes], told)


ROUTES = (
    provision_tenant,
    move_tenant,
    read_status,
    invite_admin,
    check_database,
    read_contract,
)


def _cell(request: AnyRequest) -> CellDoors:
    station: Station = request.app.state.office
    found: CellDoors = station.get(CellDoors)  # type: ignore[type-abstract]  # its own key
    return found


def _digest(data: StepBody) -> str:
    return hashlib.sha256(msgspec.json.encode(data, order="deterministic")).hexdigest()


async def _sent(
    request: AnyRequest, tenant_id: UUID, data: StepBody, wish: ProvisionTenant | LeadTenant
) -> StepAnswer:
    actor = Actor("portal", data.by, origin="portal")
    request_id = notes_of(request.scope).request_id
    scope = Scope(TenantId(tenant_id), actor, request_id, reason=data.reason)
    cell = _cell(request)
    answer: StepAnswer = await cell.bus.send(scope, wish)
    cell.forget(scope.tenant_id)
    return answer
