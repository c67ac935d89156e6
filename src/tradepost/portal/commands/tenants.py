"""Registering a tenant, and wishing the steps of its life; the cell is asked afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CallId, Ids, TenantId, TransitionId
from tradepost.kernel.messages import Command, Scope
from tradepost.kernel.states import WrongState
from tradepost.portal.domain import (
    TENANT_STATES,
    By,
    Call,
    CallKind,
    Form,
    Tenant,
    TenantState,
    checked_reason,
)
from tradepost.portal.errors import OperatorsOnly, StepOpen, TenantCodeTaken
from tradepost.portal.ports import Calls, Tenants

RETRY: Final = "retry"
ACTIONS: Final = {
    "provision": CallKind.PROVISION,
    RETRY: CallKind.PROVISION,
    "withdraw": CallKind.WITHDRAW,
    "suspend": CallKind.SUSPEND,
    "reactivate": CallKind.REACTIVATE,
    "archive": CallKind.ARCHIVE,
}
"""What people can wish, and what the cell is asked for it."""
OF_OPERATORS: Final = frozenset({"suspend", "reactivate", "archive"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterTenant(Command):
    """Keep the tenant that the scope names, in draft."""

    who: By
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDraft(Command):
    """Rewrite a draft."""

    who: By
    form: Form
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStep(Command):
    """Have a tenant provisioned, tried again, taken back, suspended, reactivated or archived."""

    who: By
    action: str
    reason: str
    version: int


async def register_tenant(wish: RegisterTenant, tenants: Tenants, scope: Scope) -> TenantId:
    """Keep it, under a code that nobody else has."""
    tenant = Tenant.registered(scope.tenant_id, wish.form, wish.at)
    _check_owner(wish.who, tenant)
    if await tenants.code_is_taken(tenant.code):
        raise TenantCodeTaken(tenant.code)
    tenants.add(tenant)
    return tenant.id


async def edit_draft(wish: EditDraft, tenants: Tenants) -> int:
    """Keep what was rewritten."""
    before = await seen(tenants, wish.who)
    edited = before.edited(wish.form)
    _check_owner(wish.who, edited)
    if edited.code != before.code and await tenants.code_is_taken(edited.code):
        raise TenantCodeTaken(edited.code)
    return await tenants.save(edited, wish.version)


async def take_step(wish: TakeStep, tenants: Tenants, calls: Calls, ids: Ids) -> CallId:
    """Write down what the cell is to be asked; to begin provisioning is a step by itself."""
    tenant, reason = await seen(tenants, wish.who), checked_reason(wish.reason)
    kind = _allowed(tenant, wish.action, wish.who)
    await _make_way(kind, calls, wish)
    if wish.action == "provision":
        made = TransitionId(ids.new())
        moved, step = tenant.moved("provision", made, wish.who, wish.at, reason)
        tenants.record(step)
    else:
        moved = tenant
    number = tenant.last_step + 1
    await tenants.save(_numbered(moved, number), wish.version)
    call_id = CallId(ids.new())
    calls.add(Call.wished(call_id, tenant.id, kind, number, wish.who, reason, wish.at))
    return call_id


HANDLERS = {RegisterTenant: register_tenant, EditDraft: edit_draft, TakeStep: take_step}


async def seen(tenants: Tenants, who: By) -> Tenant:
    """The tenant, for those who may know of it.

    :raises Unknown: for all others, as if it were not there.
    """
    tenant = await tenants.get()
    if not who.may_see(tenant):
        raise Unknown("tenant", str(tenant.id))
    return tenant


def _check_owner(who: By, tenant: Tenant) -> None:
    if not who.may_see(tenant):
        raise OperatorsOnly


def _allowed(tenant: Tenant, action: str, who: By) -> CallKind:
    """What the cell is asked for an action.

    :raises WrongState: if the tenant's state does not allow it.
    :raises OperatorsOnly: if owners may not do it.
    """
    if action not in ACTIONS or (action == RETRY and tenant.state is not TenantState.PROVISIONING):
        allowed = ", ".join(actions_of(tenant)) or "nothing"
        raise WrongState("tenant", tenant.state, action[:40], allowed)
    if action != RETRY:
        TENANT_STATES.after(tenant.state, action)
    if action in OF_OPERATORS and not who.operator:
        raise OperatorsOnly
    return ACTIONS[action]


def actions_of(tenant: Tenant) -> list[str]:
    """What can be wished of a tenant in its state; only the cell makes one active."""
    known = [action for action in ACTIONS if TENANT_STATES.allows(tenant.state, action)]
    return [RETRY, *known] if tenant.state is TenantState.PROVISIONING else known


async def _make_way(kind: CallKind, calls: Calls, wish: TakeStep) -> None:
    """What is still open stands in the way, but a provisioning can be taken back at any time.

    :raises StepOpen: if something stands in the way.
    """
    for call in await calls.open_ones():
        if call.kind is CallKind.CHECK_DATABASE:
            continue
        if kind is not CallKind.WITHDRAW or call.kind is not CallKind.PROVISION:
            raise StepOpen(call.kind)
        await calls.save(call.ended("drop", wish.at), call.version)


def _numbered(tenant: Tenant, number: int) -> Tenant:
    return replace(tenant, last_step=number)
