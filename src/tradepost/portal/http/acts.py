"""What pages and JSON API do alike: registering, stepping, submitting a database, looking."""

from __future__ import annotations

from collections.abc import Mapping

from tradepost.kernel.ids import CallId, DatabaseConfigId, TenantId
from tradepost.platform.db.work import Reader
from tradepost.platform.outward.database import DatabaseAddress, checked_password
from tradepost.platform.vault import Hidden
from tradepost.portal.commands import EditDraft, RegisterTenant, SubmitDatabase, TakeStep
from tradepost.portal.domain import By, Form, Tenant
from tradepost.portal.errors import UnknownCell
from tradepost.portal.gateway.cell import Invitation
from tradepost.portal.http.desk import Desk
from tradepost.portal.queries import PAGE, TenantPage, tenant_page, tenants_page

FIELDS = tuple(Form.__dataclass_fields__)


async def listed(desk: Desk, who: By, after: str = "") -> tuple[list[Tenant], str]:
    """A page of tenants, and the code after which the next one begins; empty at the end."""

    async def look(db: Reader) -> list[Tenant]:
        return await tenants_page(db, who, after)

    rows = await desk.bus.store.platform_read("list tenants", look)
    return rows[:PAGE], rows[PAGE - 1].code if len(rows) > PAGE else ""


async def looked_at(desk: Desk, who: By, tenant_id: TenantId) -> TenantPage:
    """A tenant with everything; refuses with ``Unknown``, also for those of others."""

    async def look(db: Reader) -> TenantPage:
        return await tenant_page(db, who, tenant_id)

    return await desk.bus.store.platform_read("look at a tenant", look)


def form_of(desk: Desk, given: Mapping[str, str]) -> Form:
    """What was typed, with a cell that there is.

    :raises UnknownCell: if there is none of that name.
    """
    form = Form(**{name: given.get(name, "") for name in FIELDS})
    if form.cell not in desk.cells.addresses:
        raise UnknownCell("cell", "is none that the portal knows")
    return form


async def register(desk: Desk, who: By, form: Form) -> TenantId:
    """Keep a new tenant, in draft."""
    tenant_id = TenantId(desk.bus.ids.new())
    await desk.send(who, tenant_id, RegisterTenant(who=who, form=form))
    return tenant_id


async def edit(desk: Desk, who: By, tenant_id: TenantId, form: Form, version: int) -> None:
    """Rewrite a draft."""
    await desk.send(who, tenant_id, EditDraft(who=who, form=form, version=version))


async def step(
    desk: Desk, who: By, tenant_id: TenantId, action: str, reason: str, version: int
) -> CallId:
    """Have a tenant take a step of its life."""
    wish = TakeStep(who=who, action=action, reason=reason, version=version)
    call_id = await desk.send(who, tenant_id, wish)
    assert isinstance(call_id, type(tenant_id))
    return CallId(call_id)


async def submit_database(
    desk: Desk, who: By, tenant_id: TenantId, address: DatabaseAddress, password: str
) -> None:
    """Seal the password for the record that is to hold it, and have the cell look."""
    config_id = DatabaseConfigId(desk.bus.ids.new())
    sealed = desk.vault.seal(Hidden(checked_password(password)), str(config_id))
    wish = SubmitDatabase(
        who=who,
        config_id=config_id,
        host=address.host,
        port=address.port,
        name=address.name,
        user=address.user,
        tls=address.tls,
        sealed=sealed,
    )
    await desk.send(who, tenant_id, wish)


async def invite(desk: Desk, who: By, tenant_id: TenantId) -> Invitation:
    """A fresh invitation for the shop's first administrator, kept nowhere."""
    page = await looked_at(desk, who, tenant_id)
    return await desk.cells.invitation(page.tenant)
