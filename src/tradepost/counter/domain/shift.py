"""A shift at a register: from the float that is put in to the cash that is counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tradepost.counter.domain.report import Report
from tradepost.counter.errors import ShiftNotOpen, ShiftOfSomebodyElse
from tradepost.kernel.errors import BadAmount, Stale
from tradepost.kernel.ids import LocationId, RegisterId, ShiftId, StaffId
from tradepost.kernel.messages import Actor
from tradepost.kernel.money import Currency, Money
from tradepost.kernel.permissions import Permission
from tradepost.kernel.states import States


class ShiftState(StrEnum):
    """How far a shift is."""

    OPEN = "open"
    COUNTING = "counting"
    CLOSED = "closed"


STATES = States(
    "shift",
    {
        ShiftState.OPEN: {"count": ShiftState.COUNTING},
        ShiftState.COUNTING: {"close": ShiftState.CLOSED},
        ShiftState.CLOSED: {},
    },
)


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift; ``opening`` is the float that was put in.

    Once closed, ``expected`` is what its movements add up to, ``counted`` what lay there, and
    ``closing`` its Z report as it was then. A sale that a till hands in later moves ``expected``
    and nothing that was counted.
    """

    id: ShiftId
    register_id: RegisterId
    location_id: LocationId
    number: int
    state: ShiftState
    opened_by: StaffId | None
    closed_by: StaffId | None
    currency: Currency
    opening: Money
    expected: Money | None
    counted: Money | None
    opened_at: datetime
    counting_at: datetime | None
    closed_at: datetime | None
    business_date: date
    closing: Report | None
    version: int

    @property
    def difference(self) -> Money | None:
        """What was counted above what was expected; below zero where cash is missing."""
        if self.counted is None or self.expected is None:
            return None
        return self.counted - self.expected

    def check_open(self, register: str) -> None:
        """Refuse to sell in a shift that is being counted or over."""
        if self.state is not ShiftState.OPEN:
            raise ShiftNotOpen(register)

    def check_whose(self, actor: Actor) -> None:
        """Let only its cashier count and close it, and those who may work on others' shifts.

        :raises ShiftOfSomebodyElse: for anybody else.
        """
        if self.opened_by != actor.id and not actor.may(Permission.SHIFTS_OVERRIDE):
            raise ShiftOfSomebodyElse

    def check_version(self, version: int | None) -> None:
        """Refuse a step that was based on another version."""
        if version not in (None, self.version):
            raise Stale("shift", version or 0, self.version)

    def counting(self, at: datetime) -> Shift:
        """No more sales: the drawer is counted."""
        state = STATES.after(self.state, "count")
        return replace(self, state=state, counting_at=at, version=self.version + 1)

    def closed(self, counted: int, expected: int, by: StaffId | None, at: datetime) -> Shift:
        """Ended with what was counted and what should have been there, in minor units."""
        state = STATES.after(self.state, "close")
        if counted < 0:
            raise BadAmount("counted", "cannot be below zero")
        return replace(
            self,
            state=state,
            counted=Money(counted, self.currency),
            expected=Money(expected, self.currency),
            closed_by=by,
            closed_at=at,
            version=self.version + 1,
        )

    def amended(self, cash: int) -> Shift:
        """After a sale was handed in that it took cash for; nothing else of it changes."""
        if self.expected is None:
            return self.moved()
        return replace(self.moved(), expected=self.expected + Money(cash, self.currency))

    def moved(self) -> Shift:
        """About to change without a step of its life."""
        return replace(self, version=self.version + 1)
