"""The wishes the counter grants."""

from typing import Any

from tradepost.counter.commands import (
    charges,
    checkout,
    giving_back,
    handing_in,
    parking,
    printing,
    registers,
    shifts,
)

HANDLERS: dict[type, Any] = {}
for _commands in (
    charges,
    checkout,
    giving_back,
    handing_in,
    parking,
    printing,
    registers,
    shifts,
):
    HANDLERS.update(_commands.HANDLERS)
