"""The wishes that the portal grants."""

from typing import Any

from tradepost.portal.commands import answers, databases, people, tenants
from tradepost.portal.commands.answers import PostponeCall, RecordAnswer, RenumberCall
from tradepost.portal.commands.databases import SubmitDatabase
from tradepost.portal.commands.people import (
    EndSession,
    SetPassword,
    StartSession,
    TakeOn,
    TurnPerson,
)
from tradepost.portal.commands.tenants import EditDraft, RegisterTenant, TakeStep

HANDLERS: dict[Any, Any] = {
    **answers.HANDLERS,
    **databases.HANDLERS,
    **people.HANDLERS,
    **tenants.HANDLERS,
}

__all__ = [
    "HANDLERS",
    "EditDraft",
    "EndSession",
    "PostponeCall",
    "RecordAnswer",
    "RegisterTenant",
    "RenumberCall",
    "SetPassword",
    "StartSession",
    "SubmitDatabase",
    "TakeOn",
    "TakeStep",
    "TurnPerson",
]
