"""Payouts: what is owed to vendors up to a day, taken together, exported, paid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from tradepost.kernel.ids import PayoutExportId, PayoutId, PayoutRunId, TransferId, VendorId
from tradepost.kernel.money import Currency, Money
from tradepost.kernel.states import States
from tradepost.kernel.text import one_line
from tradepost.mall.errors import PeriodOpen, PeriodPaidOut

REFERENCE_LONGEST: Final = 140


class PayoutState(StrEnum):
    """The life of a payout; the books know of it once it is paid."""

    OPEN = "open"
    EXPORTED = "exported"
    PAID = "paid"
    CANCELLED = "cancelled"


STATES: Final = States(
    "payout",
    {
        PayoutState.OPEN: {"export": PayoutState.EXPORTED, "cancel": PayoutState.CANCELLED},
        PayoutState.EXPORTED: {"pay": PayoutState.PAID, "cancel": PayoutState.CANCELLED},
        PayoutState.PAID: {},
        PayoutState.CANCELLED: {},
    },
)


@dataclass(frozen=True, slots=True)
class PayoutRun:
    """A run over all vendors, for what was posted up to a business day, that day included."""

    id: PayoutRunId
    until: date
    made_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class PayoutEntry:
    """A transfer on a vendor's account that a payout pays; none is in two payouts."""

    transfer_id: TransferId
    payout_id: PayoutId


@dataclass(frozen=True, slots=True)
class Payout:
    """What one vendor gets of a run: the sum of its entries, always above zero.

    ``since`` is the day after the run before it; entries may be older, if they were carried.
    """

    id: PayoutId
    run_id: PayoutRunId
    vendor_id: VendorId
    state: PayoutState
    currency: Currency
    amount: Money
    entries: int
    since: date | None
    until: date
    export_id: PayoutExportId | None
    reference: str
    created_at: datetime
    exported_at: datetime | None
    paid_at: datetime | None
    cancelled_at: datetime | None
    version: int

    def exported(self, export_id: PayoutExportId, at: datetime) -> Payout:
        """After it was put in a file for the bank."""
        state = STATES.after(self.state, "export")
        return replace(self, state=state, export_id=export_id, exported_at=at)

    def paid(self, reference: str, at: datetime) -> Payout:
        """After the bank paid it."""
        state = STATES.after(self.state, "pay")
        said = one_line(reference, "reference", REFERENCE_LONGEST, shortest=0)
        return replace(self, state=state, reference=said, paid_at=at)

    def cancelled(self, at: datetime) -> Payout:
        """Given up: what it was to pay is owed as before."""
        state = STATES.after(self.state, "cancel")
        return replace(self, state=state, cancelled_at=at)


def check_period(until: date, today: date, last: date | None) -> None:
    """Refuse a run for days to come, or for days that an earlier run went over."""
    if until > today:
        raise PeriodOpen(until, today)
    if last is not None and until <= last:
        raise PeriodPaidOut(until, last)
