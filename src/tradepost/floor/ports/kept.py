"""Where the floor keeps its records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tradepost.floor.domain.check import Check, CheckPayment
from tradepost.floor.domain.kitchen import KitchenLine, KitchenTicket
from tradepost.floor.domain.plan import Area, FloorTable, Plan, SoldOutMark, Station, Unit
from tradepost.floor.domain.tab import Round, RoundLine, Tab
from tradepost.kernel.ids import (
    FloorTableId,
    KitchenTicketId,
    RoundId,
    TabId,
    UnitId,
    VariantId,
)


class Floors(Protocol):
    """Where the plans of units are kept."""

    def add_unit(self, unit: Unit) -> None:
        """Keep a fresh unit."""
        ...

    async def lock_unit(self, id: UnitId) -> Unit:
        """The unit, nobody else's until the transaction ends; :class:`Unknown` if missing."""
        ...

    async def save_unit(self, unit: Unit) -> None:
        """Write a locked unit back."""
        ...

    async def codes(self) -> list[str]:
        """The codes of all units."""
        ...

    async def plan(self, id: UnitId) -> Plan:
        """The unit with everything in it, without locking anything."""
        ...

    def add_area(self, area: Area) -> None:
        """Keep a fresh area."""
        ...

    def add_table(self, table: FloorTable) -> None:
        """Keep a fresh table."""
        ...

    async def save_table(self, table: FloorTable) -> None:
        """Write a table back."""
        ...

    async def lock_table(self, id: FloorTableId) -> FloorTable:
        """The table, so that nobody else sits down meanwhile; :class:`Unknown` if missing."""
        ...

    def add_station(self, station: Station) -> None:
        """Keep a fresh station."""
        ...

    async def save_station(self, station: Station) -> None:
        """Write a station back."""
        ...

    async def marks(self, id: UnitId) -> list[SoldOutMark]:
        """What a unit is marked to have no more of."""
        ...

    def add_mark(self, mark: SoldOutMark) -> None:
        """Keep a fresh mark."""
        ...

    async def drop_mark(self, id: UnitId, variant_id: VariantId) -> bool:
        """Forget a mark; whether there was one."""
        ...


class Tabs(Protocol):
    """Where tabs are kept, with their rounds and checks."""

    async def number(self) -> int:
        """The next number of a tab."""
        ...

    def add(self, tab: Tab) -> None:
        """Keep a fresh tab."""
        ...

    async def lock(self, ids: Sequence[TabId]) -> dict[TabId, Tab]:
        """The tabs, nobody else's until the transaction ends; :class:`Unknown` if missing."""
        ...

    async def save(self, tab: Tab) -> None:
        """Write a locked tab back."""
        ...

    async def open_at(self, table_id: FloorTableId) -> TabId | None:
        """The open tab of a table."""
        ...

    async def is_open(self, tab_id: TabId) -> bool:
        """Whether a tab is open, without locking it."""
        ...

    async def rounds(self, tab_id: TabId) -> list[Round]:
        """The rounds of a locked tab, in order."""
        ...

    def add_round(self, one: Round) -> None:
        """Keep a fresh round."""
        ...

    async def save_round(self, one: Round) -> None:
        """Write a round of a locked tab back."""
        ...

    async def lines(self, tab_id: TabId) -> list[RoundLine]:
        """The lines of a locked tab, round by round."""
        ...

    def add_lines(self, lines: Sequence[RoundLine]) -> None:
        """Keep fresh lines."""
        ...

    async def drop_lines(self, round_id: RoundId) -> None:
        """Forget the lines of a round that was not sent."""
        ...

    async def save_lines(self, lines: Sequence[RoundLine]) -> None:
        """Write lines of a locked tab back."""
        ...

    async def checks(self, tab_id: TabId) -> list[Check]:
        """The checks of a locked tab, in order."""
        ...

    def add_checks(self, checks: Sequence[Check]) -> None:
        """Keep fresh checks."""
        ...

    async def save_check(self, check: Check) -> None:
        """Write a check of a locked tab back."""
        ...

    def add_payment(self, payment: CheckPayment) -> None:
        """Keep a fresh payment of a check."""
        ...

    async def hand_over(self, source: TabId, to: TabId, rounds: int, checks: int) -> None:
        """Give rounds, lines, checks and tickets of a tab to another, numbered behind its own."""
        ...


class Kitchen(Protocol):
    """Where tickets and their lines are kept."""

    def add(self, ticket: KitchenTicket, lines: Sequence[KitchenLine]) -> None:
        """Keep a fresh ticket."""
        ...

    async def lock(self, id: KitchenTicketId) -> list[KitchenTicket]:
        """The ticket first, and with it the others of its round; :class:`Unknown` if missing."""
        ...

    async def lock_rounds(self, ids: Sequence[RoundId]) -> list[KitchenTicket]:
        """The tickets of rounds, nobody else's until the transaction ends."""
        ...

    async def lines(self, round_ids: Sequence[RoundId]) -> list[KitchenLine]:
        """The lines of rounds whose tickets are locked."""
        ...

    async def save(self, tickets: Sequence[KitchenTicket], lines: Sequence[KitchenLine]) -> None:
        """Write locked tickets and lines of theirs back."""
        ...
