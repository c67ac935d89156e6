"""What a portal asks of its cell; each step is numbered, and taken once however often it comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tradepost.events.tenancy import TenantCreated, TenantStateChanged
from tradepost.kernel.ids import Ids, TransitionId
from tradepost.kernel.messages import Command, Facts, Scope
from tradepost.tenancy.domain import (
    ABSENT,
    DONE_ALREADY,
    Check,
    ProvisioningStep,
    StepAnswer,
    Tenant,
    TenantState,
    TenantType,
)
from tradepost.tenancy.errors import CodeTaken
from tradepost.tenancy.ports import FirstAdmin, ProvisioningSteps, Tenants


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantStep(Command):
    """A step that a portal has numbered, with a digest of everything that it said."""

    step: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionTenant(TenantStep):
    """Make the tenant that the scope names, and open it if all ``checks`` have been passed."""

    about: str
    code: str
    name: str
    type: TenantType
    default_currency: str
    locale: str
    time_zone: str
    owner_email: str
    owner_name: str
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTenant(TenantStep):
    """Suspend, reactivate, archive, or take back to draft what has not opened yet."""

    action: str


async def provision_tenant(
    wish: ProvisionTenant,
    tenants: Tenants,
    steps: ProvisioningSteps,
    first_admin: FirstAdmin,
    facts: Facts,
    ids: Ids,
    scope: Scope,
) -> StepAnswer:
    """Keep the tenant, open it with its first administrator; on failed checks it stays as it is."""
    taken = await steps.taken()
    if (answer := taken.repeated(wish.step, wish.digest)) is not None:
        return answer
    walk = _Walk(tenants, facts, ids, scope, wish.at)
    found = await tenants.find()
    if found is not None:
        taken.check_same(found, wish.about)
    tenant = await walk.begun(found, wish)
    if tenant.state is TenantState.PROVISIONING and all(one.passed for one in wish.checks):
        tenant = await walk.moved(tenant, "activate")
        await first_admin.invite(wish.owner_email, wish.owner_name, wish.at)
    return _kept(wish, steps, tenant.state, wish.about, wish.checks)


async def lead_tenant(
    wish: LeadTenant,
    tenants: Tenants,
    steps: ProvisioningSteps,
    facts: Facts,
    ids: Ids,
    scope: Scope,
) -> StepAnswer:
    """Take the move, unless the tenant is there already or was never made."""
    taken = await steps.taken()
    if (answer := taken.repeated(wish.step, wish.digest)) is not None:
        return answer
    tenant = await tenants.find()
    if tenant is None and wish.action == "withdraw":
        return _kept(wish, steps, ABSENT)
    tenant = tenant or await tenants.get()
    if tenant.state is not DONE_ALREADY.get(wish.action):
        walk = _Walk(tenants, facts, ids, scope, wish.at)
        tenant = await walk.moved(tenant, wish.action)
    return _kept(wish, steps, tenant.state)


HANDLERS = {ProvisionTenant: provision_tenant, LeadTenant: lead_tenant}


class _Walk:
    """Leads one tenant from state to state."""

    def __init__(
        self, tenants: Tenants, facts: Facts, ids: Ids, scope: Scope, at: datetime
    ) -> None:
        self._tenants = tenants
        self._facts = facts
        self._ids = ids
        self._scope = scope
        self._at = at

    async def begun(self, found: Tenant | None, wish: ProvisionTenant) -> Tenant:
        """The tenant in provisioning, made or made anew from a draft; one beyond stays there."""
        if found is not None and found.state is not TenantState.DRAFT:
            return found
        draft = _drafted(wish, self._scope)
        if (found is None or found.code != draft.code) and await self._tenants.code_is_taken(
            draft.code
        ):
            raise CodeTaken("tenant", draft.code)
        if found is None:
            self._tenants.add(draft)
            made = TenantCreated(draft.id, draft.type, draft.code, draft.default_currency.code)
            self._facts.tell(made, draft.version, self._at)
            return await self.moved(draft, "provision")
        return await self.moved(found.redrafted(draft), "provision")

    async def moved(self, before: Tenant, action: str) -> Tenant:
        """The tenant one step further."""
        made, reason = TransitionId(self._ids.new()), self._scope.reason
        tenant, step = before.moved(action, made, self._scope.actor, self._at, reason)
        version = await self._tenants.save(tenant, before.version)
        self._tenants.record(step)
        told = TenantStateChanged(tenant.id, step.action, step.state_before, step.state_after)
        self._facts.tell(told, version, self._at)
        return tenant


def _drafted(wish: ProvisionTenant, scope: Scope) -> Tenant:
    return Tenant.drafted(
        id=scope.tenant_id,
        type=wish.type,
        code=wish.code,
        name=wish.name,
        default_currency=wish.default_currency,
        locale=wish.locale,
        time_zone=wish.time_zone,
        settings={},
        at=wish.at,
    )


def _kept(
    wish: TenantStep,
    steps: ProvisioningSteps,
    state: str,
    about: str = "",
    checks: tuple[Check, ...] = (),
) -> StepAnswer:
    step = ProvisioningStep(wish.step, wish.digest, about, str(state), checks, wish.at)
    steps.add(step)
    return step.answer
