"""What the command line may ask of the process that writes: a few commands, and a few jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from tradepost.identity.commands import ChangeStaff, ChangeStaffPassword, CreateStaff, RevokeStaff
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Command, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.letters import pass_dead_letter, replay_dead_letter
from tradepost.platform.db.work import Work
from tradepost.tenancy.commands import (
    ChangeHosts,
    ChangeTenant,
    CreateLocation,
    CreateStore,
    CreateTenant,
    MoveTenant,
)

COMMANDS: tuple[type[Command], ...] = (
    CreateTenant,
    MoveTenant,
    ChangeTenant,
    ChangeHosts,
    CreateStore,
    CreateLocation,
    CreateStaff,
    ChangeStaff,
    ChangeStaffPassword,
    RevokeStaff,
)
Job = Callable[..., Awaitable[Any]]


def letter_jobs(bus: Bus) -> dict[str, Job]:
    """Jobs on dead letters, by name."""

    def job(change: Callable[..., Awaitable[None]]) -> Job:
        async def run(tenant_id: str, consumer: str, event_id: str) -> None:
            async def whole(work: Work) -> None:
                await change(work, consumer, UUID(event_id), bus.clock.now())

            await bus.within(Scope(TenantId(UUID(tenant_id)), SYSTEM), whole)

        return run

    return {"replay_letter": job(replay_dead_letter), "pass_letter": job(pass_dead_letter)}
