"""What the command line may ask of the process that writes: a few commands, and a few jobs."""

from __future__ import annotations

from tradepost.identity.commands import ChangeStaff, ChangeStaffPassword, CreateStaff, RevokeStaff
from tradepost.kernel.messages import Command
from tradepost.platform.consumers.deciding import DiscardDeadLetter, ReplayDeadLetter
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
    ReplayDeadLetter,
    DiscardDeadLetter,
)
