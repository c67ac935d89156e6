"""A sale that was paid at a till and could not be booked: kept whole, for a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tradepost.kernel.errors import Stale
from tradepost.kernel.ids import RegisterId, SaleId, StaffId
from tradepost.kernel.states import States


class SetAsideState(StrEnum):
    """What has become of it."""

    OPEN = "open"
    BOOKED = "booked"
    SETTLED = "settled"


STATES = States(
    "sale set aside",
    {
        SetAsideState.OPEN: {"book": SetAsideState.BOOKED, "settle": SetAsideState.SETTLED},
        SetAsideState.BOOKED: {},
        SetAsideState.SETTLED: {"book": SetAsideState.BOOKED},
    },
)


@dataclass(frozen=True, slots=True)
class SetAsideSale:
    """``body`` is the sale as the till handed it in, ``code`` and ``message`` why it was not
    booked."""

    id: SaleId
    register_id: RegisterId
    cashier_id: StaffId | None
    state: SetAsideState
    fingerprint: str
    code: str
    message: str
    body: str
    note: str
    sold_at: datetime
    set_aside_at: datetime
    version: int

    def settled(self, note: str, version: int | None) -> SetAsideSale:
        """After a person has dealt with it; the note says how."""
        if version not in (None, self.version):
            raise Stale("sale set aside", version or 0, self.version)
        return replace(self.after("settle"), note=note)

    def after(self, action: str) -> SetAsideSale:
        """After an action of the state table."""
        return replace(self, state=STATES.after(self.state, action), version=self.version + 1)
