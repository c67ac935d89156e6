"""What the doors of delivery ask of those who keep passwords; none is seen by delivery itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tradepost.kernel.ids import CourierId, TenantId
from tradepost.kernel.messages import Scope


@dataclass(frozen=True, slots=True)
class CourierSecrets:
    """``hashed`` makes of a password or PIN what may be kept, away from any transaction, and
    ``replace`` gives a courier a new one; ``forget`` has it looked up anew whether they may."""

    hashed: Callable[..., Awaitable[str]]
    replace: Callable[[Scope, CourierId, str], Awaitable[None]]
    forget: Callable[[TenantId, CourierId], None]
