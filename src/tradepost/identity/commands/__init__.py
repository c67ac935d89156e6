"""The wishes that identity grants."""

from typing import Any

from tradepost.identity.commands import accounts, couriers, pins, roles, sign_ins, staff, tidying
from tradepost.identity.commands.accounts import (
    ChangeAccountPassword,
    OpenAccount,
    RevokeAccount,
    bar_account,
    close_account,
    move_account,
)
from tradepost.identity.commands.couriers import (
    BarCourier,
    ChangeCourierPassword,
    OpenCourierAccount,
    RevokeCourier,
)
from tradepost.identity.commands.roles import ChangeRole, CreateRole
from tradepost.identity.commands.sign_ins import (
    EndSignIn,
    Renewed,
    RenewSignIn,
    StartSignIn,
    StrengthenPassword,
)
from tradepost.identity.commands.staff import (
    ChangeStaff,
    ChangeStaffPassword,
    CreateStaff,
    RevokeStaff,
)
from tradepost.identity.commands.tidying import TidySignIns

HANDLERS: dict[type, Any] = {
    **accounts.HANDLERS,
    **couriers.HANDLERS,
    **pins.HANDLERS,
    **staff.HANDLERS,
    **roles.HANDLERS,
    **sign_ins.HANDLERS,
    **tidying.HANDLERS,
}

__all__ = [
    "HANDLERS",
    "BarCourier",
    "ChangeAccountPassword",
    "ChangeCourierPassword",
    "ChangeRole",
    "ChangeStaff",
    "ChangeStaffPassword",
    "CreateRole",
    "CreateStaff",
    "EndSignIn",
    "OpenAccount",
    "OpenCourierAccount",
    "RenewSignIn",
    "Renewed",
    "RevokeAccount",
    "RevokeCourier",
    "RevokeStaff",
    "StartSignIn",
    "StrengthenPassword",
    "TidySignIns",
    "bar_account",
    "close_account",
    "move_account",
]
