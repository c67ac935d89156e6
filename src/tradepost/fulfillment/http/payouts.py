"""Gateways, asked of payments once what they are to do has been committed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tradepost.kernel.ids import ReturnId
from tradepost.kernel.messages import Scope


@dataclass(frozen=True, slots=True)
class PayOuts:
    """Asks gateways now for what they are to pay back for a return; no call in a transaction."""

    carry_out: Callable[[Scope, ReturnId], Awaitable[None]]
