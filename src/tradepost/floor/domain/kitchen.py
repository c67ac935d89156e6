"""Kitchen tickets: what a station makes of a round, each line cooked once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tradepost.kernel.errors import Stale
from tradepost.kernel.ids import (
    KitchenLineId,
    KitchenTicketId,
    OrderId,
    RoundId,
    RoundLineId,
    StationId,
    TabId,
    UnitId,
)
from tradepost.kernel.states import States


class CookState(StrEnum):
    """How far a dish is. Nothing leads back to ``queued``: what was begun is never begun again."""

    QUEUED = "queued"
    PREPARING = "preparing"
    READY = "ready"
    SERVED = "served"
    VOIDED = "voided"


COOK = States(
    "kitchen line",
    {
        CookState.QUEUED: {
            "start": CookState.PREPARING,
            "bump": CookState.READY,
            "void": CookState.VOIDED,
        },
        CookState.PREPARING: {"bump": CookState.READY, "void": CookState.VOIDED},
        CookState.READY: {
            "serve": CookState.SERVED,
            "recall": CookState.PREPARING,
            "void": CookState.VOIDED,
        },
        CookState.SERVED: {"recall": CookState.READY, "void": CookState.VOIDED},
        CookState.VOIDED: {},
    },
)


@dataclass(frozen=True, slots=True)
class KitchenTicket:
    """The lines of a round that one station makes; ``prints`` counts how often it was printed."""

    id: KitchenTicketId
    unit_id: UnitId
    station_id: StationId
    tab_id: TabId
    round_id: RoundId
    order_id: OrderId
    is_done: bool
    prints: int
    made_at: datetime
    changed_at: datetime
    version: int

    def next(self, at: datetime, version: int | None = None) -> KitchenTicket:
        """About to change; :class:`Stale` if that was based on another version."""
        if version not in (None, self.version):
            raise Stale("kitchen ticket", version or 0, self.version)
        return replace(self, changed_at=at, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class KitchenLine:
    """A dish to make. There is one for each line of a round, whatever becomes of its tab.

    ``begun_at`` is set once, when the first hand is laid on it.
    """

    id: KitchenLineId
    ticket_id: KitchenTicketId
    round_id: RoundId
    round_line_id: RoundLineId
    position: int
    title: str
    quantity: int
    voided: int
    extras: tuple[str, ...]
    note: str
    course: int
    state: CookState
    begun_at: datetime | None
    ready_at: datetime | None
    served_at: datetime | None

    def after(self, action: str, at: datetime) -> KitchenLine:
        """A step further, with its instant."""
        moved = replace(self, state=COOK.after(self.state, action))
        if action in ("start", "bump") and self.begun_at is None:
            moved = replace(moved, begun_at=at)
        if action == "bump":
            moved = replace(moved, ready_at=at)
        return replace(moved, served_at=at) if action == "serve" else moved

    def can(self, action: str) -> bool:
        """Whether a step is open to it."""
        return COOK.allows(self.state, action)

    def less(self, units: int, at: datetime) -> KitchenLine:
        """With units voided; all of them, and it is not made."""
        left = replace(self, voided=self.voided + units)
        return left.after("void", at) if left.voided == left.quantity else left

    def served(self, at: datetime) -> KitchenLine:
        """Served, whatever was still to be done."""
        ready = self if self.state is CookState.READY else self.after("bump", at)
        return ready.after("serve", at)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state not in (CookState.SERVED, CookState.VOIDED)


def stage_of(lines: Iterable[KitchenLine]) -> str:
    """How far the order of these lines is: ``none``, ``preparing``, ``ready`` or ``served``."""
    states = {line.state for line in lines} - {CookState.VOIDED}
    if not states or states == {CookState.QUEUED}:
        return "none"
    if states == {CookState.SERVED}:
        return "served"
    done = {CookState.READY, CookState.SERVED}
    return "ready" if states <= done else "preparing"


def all_served(lines: Iterable[KitchenLine]) -> bool:
    """Whether nothing is left to do."""
    return not any(line.is_open for line in lines)
