"""The tab of a table: one bill, from the first guest to the last coin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tradepost.floor.errors import StillDrafted, StillOwing, TabNotOpen
from tradepost.kernel.errors import Stale
from tradepost.kernel.ids import (
    FloorTableId,
    OrderId,
    OrderLineId,
    RoundId,
    RoundLineId,
    StaffId,
    TabId,
    UnitId,
    VariantId,
)
from tradepost.kernel.money import Currency, Money
from tradepost.kernel.states import States


class TabState(StrEnum):
    """The life of a tab."""

    OPEN = "open"
    CLOSED = "closed"
    VOIDED = "voided"


TAB = States(
    "tab",
    {
        TabState.OPEN: {"close": TabState.CLOSED, "void": TabState.VOIDED},
        TabState.CLOSED: {},
        TabState.VOIDED: {},
    },
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab without its rounds and checks; they change with its version.

    ``into_id`` names the tab that took over all of a merged one.
    """

    id: TabId
    number: int
    unit_id: UnitId
    table_id: FloorTableId | None
    name: str
    guests: int
    waiter_id: StaffId | None
    state: TabState
    currency: Currency
    opened_at: datetime
    business_date: date
    closed_at: datetime | None
    into_id: TabId | None
    reason: str
    version: int

    def next(self, version: int | None) -> Tab:
        """About to change.

        :raises Stale: if the change was based on another version.
        :raises TabNotOpen: if its life is over.
        """
        if version not in (None, self.version):
            raise Stale("tab", version or 0, self.version)
        if self.state is not TabState.OPEN:
            raise TabNotOpen(self.number, self.state.value)
        return replace(self, version=self.version + 1)

    def ended(self, action: str, at: datetime, reason: str = "", into: TabId | None = None) -> Tab:
        """Closed or voided; the table is free again."""
        state = TAB.after(self.state, action)
        return replace(self, state=state, closed_at=at, reason=reason, into_id=into)

    def check_closable(self, rounds: Sequence[Round], due: int) -> None:
        """Refuse to close what owes, or has a round that nobody sent."""
        for one in rounds:
            if one.state is RoundState.DRAFT:
                raise StillDrafted(self.number, str(one.id))
        if due > 0:
            raise StillOwing(self.number, due, self.currency.code)


def opened(
    id: TabId,
    number: int,
    where: tuple[UnitId, FloorTableId | None],
    name: str,
    guests: int,
    waiter_id: StaffId | None,
    since: tuple[Currency, datetime, date],
) -> Tab:
    """A fresh tab in a unit, at a table or at none; ``since`` is its currency, instant and day."""
    currency, at, day = since
    return Tab(
        id=id,
        number=number,
        unit_id=where[0],
        table_id=where[1],
        name=name,
        guests=guests,
        waiter_id=waiter_id,
        state=TabState.OPEN,
        currency=currency,
        opened_at=at,
        business_date=day,
        closed_at=None,
        into_id=None,
        reason="",
        version=1,
    )


class RoundState(StrEnum):
    """The life of a round."""

    DRAFT = "draft"
    SENT = "sent"
    DROPPED = "dropped"
    VOIDED = "voided"


ROUND = States(
    "round",
    {
        RoundState.DRAFT: {"send": RoundState.SENT, "drop": RoundState.DROPPED},
        RoundState.SENT: {"void": RoundState.VOIDED},
        RoundState.DROPPED: {},
        RoundState.VOIDED: {},
    },
)


@dataclass(frozen=True, slots=True)
class Round:
    """What was ordered together; sent, it is one order. A service round is the service charge."""

    id: RoundId
    tab_id: TabId
    number: int
    state: RoundState
    is_service: bool
    order_id: OrderId | None
    order_number: int | None
    drafted_at: datetime
    sent_at: datetime | None

    def after(self, action: str) -> Round:
        """The round in the state that an action leads to."""
        return replace(self, state=ROUND.after(self.state, action))

    def sent(self, order_id: OrderId, number: int, at: datetime) -> Round:
        """Sent as an order."""
        return replace(self.after("send"), order_id=order_id, order_number=number, sent_at=at)


@dataclass(frozen=True, slots=True)
class Modifier:
    """A chosen option of a line: an article of its own price, so many of it with each unit."""

    variant_id: VariantId
    sku: str
    title: str
    quantity: int
    order_line_id: OrderLineId | None = None


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A dish with what was chosen to go with it.

    ``gross`` is what it comes to with its modifiers and all tax, for the units not ``voided``; it
    is frozen with the order line at sending, and nothing before.
    """

    id: RoundLineId
    round_id: RoundId
    tab_id: TabId
    position: int
    variant_id: VariantId
    sku: str
    title: str
    quantity: int
    voided: int
    course: int
    note: str
    modifiers: tuple[Modifier, ...]
    order_line_id: OrderLineId | None
    currency: Currency
    gross: Money

    @property
    def units(self) -> int:
        """Units that are still wanted."""
        return self.quantity - self.voided

    @property
    def articles(self) -> list[tuple[VariantId, str]]:
        """The dish and its modifiers."""
        return [(self.variant_id, self.sku), *((m.variant_id, m.sku) for m in self.modifiers)]

    @property
    def order_lines(self) -> list[tuple[OrderLineId, int]]:
        """The lines of its order, with the units that each unit of the dish has of them."""
        assert self.order_line_id is not None
        lines = [(self.order_line_id, 1)]
        for one in self.modifiers:
            assert one.order_line_id is not None
            lines.append((one.order_line_id, one.quantity))
        return lines
