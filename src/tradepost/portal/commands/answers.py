"""What a cell has answered, or has not: the tenant follows its cell, never the other way round."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.kernel.ids import CallId, Ids, TransitionId
from tradepost.kernel.messages import Command
from tradepost.portal.domain import LEADS_TO, Call, CallKind, CallState, Check, Tenant
from tradepost.portal.domain.tenants import ABSENT, TenantState
from tradepost.portal.ports import Calls, Databases, Tenants


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnswer(Command):
    """The cell has answered: its tenant's state (for a look at a database: none), what it has
    looked at, and the code of its refusal, if it refused."""

    call_id: CallId
    cell_state: str | None
    checks: tuple[Check, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostponeCall(Command):
    """Nobody has answered, or nobody whose answer counts; ask again later."""

    call_id: CallId
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenumberCall(Command):
    """The cell has taken later steps than we know of: our store was restored from a copy."""

    call_id: CallId
    last: int


async def record_answer(
    wish: RecordAnswer, tenants: Tenants, calls: Calls, databases: Databases, ids: Ids
) -> None:
    """Move the tenant to where its cell is; an answer that nobody waits for changes nothing."""
    tenant = await tenants.get()
    call = await calls.get(wish.call_id)
    if call.state is not CallState.OPEN:
        return
    if call.kind is CallKind.CHECK_DATABASE:
        await _database_checked(wish, call, databases)
        problem = wish.problem
    else:
        await _followed(tenant, wish, call, tenants, ids)
        problem = _problem(wish, call)
    ended = call.ended("fail" if problem else "finish", wish.at, problem, wish.checks)
    await calls.save(ended, call.version)


async def postpone_call(wish: PostponeCall, calls: Calls) -> datetime | None:
    """When it is due again; nothing if it has been answered or dropped meanwhile."""
    call = await calls.get(wish.call_id)
    if call.state is not CallState.OPEN:
        return None
    later = call.postponed(wish.problem, wish.at)
    await calls.save(later, call.version)
    return later.next_at


async def renumber_call(wish: RenumberCall, tenants: Tenants, calls: Calls) -> None:
    """Number it, and all that follow it, after the cell's last."""
    tenant = await tenants.get()
    call = await calls.get(wish.call_id)
    if call.state is not CallState.OPEN or wish.last < call.number:
        return
    await calls.save(call.renumbered(wish.last, wish.at), call.version)
    await tenants.save(replace(tenant, last_step=wish.last + 1), tenant.version)


HANDLERS = {
    RecordAnswer: record_answer,
    PostponeCall: postpone_call,
    RenumberCall: renumber_call,
}


async def _followed(
    tenant: Tenant, wish: RecordAnswer, call: Call, tenants: Tenants, ids: Ids
) -> None:
    action = None if wish.cell_state is None else tenant.action_to(wish.cell_state)
    # a cell that has not begun is no reason to give up: only a person takes back to draft
    if action is None or (action == "withdraw" and call.kind is not CallKind.WITHDRAW):
        return
    made = TransitionId(ids.new())
    moved, step = tenant.moved(action, made, call.by, wish.at, call.reason)
    tenants.record(step)
    await tenants.save(moved, tenant.version)


async def _database_checked(wish: RecordAnswer, call: Call, databases: Databases) -> None:
    config = await databases.of_call(call.id)
    checked = config.checked(wish.checks, wish.at, wish.problem or "unreachable")
    await databases.save(checked, config.version)


def _problem(wish: RecordAnswer, call: Call) -> str:
    """Why it did not come to what was wished; empty if it did."""
    state = TenantState.DRAFT if wish.cell_state == ABSENT else wish.cell_state
    if state == LEADS_TO[call.kind]:
        return ""
    failed = next((one for one in wish.checks if not one.passed), None)
    return wish.problem or (f"check.{failed.name}" if failed else "elsewhere")
