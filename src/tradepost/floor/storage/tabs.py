"""Tabs with their rounds, lines and checks as rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table

from tradepost.floor.domain.check import Check, CheckPayment
from tradepost.floor.domain.tab import Round, RoundLine, Tab, TabState
from tradepost.floor.storage.kitchen import tickets
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import FloorTableId, RoundId, TabId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    param,
    scoped,
    scoped_delete,
    scoped_update,
)
from tradepost.platform.db.work import Work

tabs = tenant_table(
    "tabs",
    Tab,
    unique=[("number",)],
    indexes=[("unit_id", "state", "opened_at"), ("table_id", "state"), ("business_date",)],
    references={"unit_id": "units", "table_id": "floor_tables"},
)
_OF_TAB = {"tab_id": "tabs"}
rounds = tenant_table(
    "rounds", Round, unique=[("order_id",)], indexes=[("tab_id",)], references=_OF_TAB
)
round_lines = tenant_table(
    "round_lines",
    RoundLine,
    unique=[("order_line_id",)],
    indexes=[("tab_id",), ("round_id",)],
    references={"round_id": "rounds"},
    checks={"voided": "voided >= 0 AND voided <= quantity"},
)
checks = tenant_table(
    "checks",
    Check,
    indexes=[("tab_id",)],
    references=_OF_TAB,
    checks={"paid": "paid_amount >= 0 AND paid_amount <= amount_amount"},
)
check_payments = tenant_table(
    "check_payments",
    CheckPayment,
    unique=[("payment_id",)],
    indexes=[("tab_id",)],
    references={"check_id": "checks"},
)
TAB_ROWS = Mapper(Tab, tabs)
ROUND_ROWS = Mapper(Round, rounds)
LINE_ROWS = Mapper(RoundLine, round_lines)
CHECK_ROWS = Mapper(Check, checks)
PAYMENT_ROWS = Mapper(CheckPayment, check_payments)


def _in_tab(table: Table, rows: Mapper[Any], *order: str) -> Statement:
    found = scoped(table, *rows.columns).where(table.c.tab_id == param("tab_id"))
    return Statement(found.order_by(*(table.c[name] for name in order), table.c.id))


_LOCK = Statement(
    scoped(tabs, *TAB_ROWS.columns)
    .where(any_of(tabs.c.id, "ids"))
    .order_by(tabs.c.id)
    .with_for_update()
)
_AT_TABLE = Statement(
    scoped(tabs, tabs.c.id)
    .where(tabs.c.table_id == param("table_id"))
    .where(tabs.c.state == TabState.OPEN)
)
_STATE = Statement(scoped(tabs, tabs.c.state).where(tabs.c.id == param("id")))
ROUNDS = _in_tab(rounds, ROUND_ROWS, "number")
LINES = Statement(
    scoped(round_lines, *LINE_ROWS.columns)
    .select_from(
        round_lines.join(
            rounds,
            (rounds.c.tenant_id == round_lines.c.tenant_id)
            & (rounds.c.id == round_lines.c.round_id),
        )
    )
    .where(round_lines.c.tab_id == param("tab_id"))
    .order_by(rounds.c.number, round_lines.c.position, round_lines.c.id)
)
CHECKS = _in_tab(checks, CHECK_ROWS, "number")
PAYMENTS = _in_tab(check_payments, PAYMENT_ROWS, "at")
_DROP_LINES = Statement(
    scoped_delete(round_lines).where(round_lines.c.round_id == param("round_id"))
)


def _handing_over(table: Table) -> Statement:
    changed: dict[str, ColumnElement[Any]] = {"tab_id": param("to", table.c.tab_id)}
    if "number" in table.c:
        changed["number"] = table.c.number + param("behind", table.c.number)
    moved = scoped_update(table).where(table.c.tab_id == param("source", table.c.tab_id))
    return Statement(moved.values(**changed))


_ROUNDS_OVER, _CHECKS_OVER = _handing_over(rounds), _handing_over(checks)
_REST_OVER = [_handing_over(table) for table in (round_lines, check_payments, tickets)]


class SqlTabs:
    """Answers the port ``Tabs``; ``number`` takes the next number of a tab."""

    def __init__(self, work: Work, number: Callable[[], Awaitable[int]]) -> None:
        self._work = work
        self.number = number

    def add(self, tab: Tab) -> None:
        self._work.add(tabs, TAB_ROWS.dump(tab))

    async def lock(self, ids: Sequence[TabId]) -> dict[TabId, Tab]:
        rows = await self._work.all(_LOCK, ids=sorted(set(ids)))
        found = {tab.id: tab for tab in map(TAB_ROWS.load, rows)}
        for id in ids:
            if id not in found:
                raise Unknown("tab", str(id))
        return found

    async def save(self, tab: Tab) -> None:
        await self._work.update_rows(tabs, ("id",), [TAB_ROWS.dump(tab)])

    async def open_at(self, table_id: FloorTableId) -> TabId | None:
        found = await self._work.value(_AT_TABLE, table_id=table_id)
        return None if found is None else TabId(found)

    async def is_open(self, tab_id: TabId) -> bool:
        return bool(await self._work.value(_STATE, id=tab_id) is TabState.OPEN)

    async def rounds(self, tab_id: TabId) -> list[Round]:
        return [ROUND_ROWS.load(row) for row in await self._work.all(ROUNDS, tab_id=tab_id)]

    def add_round(self, one: Round) -> None:
        self._work.add(rounds, ROUND_ROWS.dump(one))

    async def save_round(self, one: Round) -> None:
        await self._work.update_rows(rounds, ("id",), [ROUND_ROWS.dump(one)])

    async def lines(self, tab_id: TabId) -> list[RoundLine]:
        return [LINE_ROWS.load(row) for row in await self._work.all(LINES, tab_id=tab_id)]

    def add_lines(self, lines: Sequence[RoundLine]) -> None:
        self._work.add(round_lines, *(LINE_ROWS.dump(line) for line in lines))

    async def drop_lines(self, round_id: RoundId) -> None:
        await self._work.run(_DROP_LINES, round_id=round_id)

    async def save_lines(self, lines: Sequence[RoundLine]) -> None:
        if lines:
            rows = [LINE_ROWS.dump(line) for line in lines]
            await self._work.update_rows(round_lines, ("id",), rows)

    async def checks(self, tab_id: TabId) -> list[Check]:
        return [CHECK_ROWS.load(row) for row in await self._work.all(CHECKS, tab_id=tab_id)]

    def add_checks(self, made: Sequence[Check]) -> None:
        self._work.add(checks, *(CHECK_ROWS.dump(check) for check in made))

    async def save_check(self, check: Check) -> None:
        await self._work.update_rows(checks, ("id",), [CHECK_ROWS.dump(check)])

    def add_payment(self, payment: CheckPayment) -> None:
        self._work.add(check_payments, PAYMENT_ROWS.dump(payment))

    async def hand_over(self, source: TabId, to: TabId, rounds: int, checks: int) -> None:
        named = {"source": source, "to": to}
        await self._work.run(_ROUNDS_OVER, **named, behind=rounds)
        await self._work.run(_CHECKS_OVER, **named, behind=checks)
        for statement in _REST_OVER:
            await self._work.run(statement, **named)
