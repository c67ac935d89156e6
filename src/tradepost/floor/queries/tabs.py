"""Tabs as waiters see them: rounds, lines, checks, and what is due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tradepost.floor.domain.bill import Bill
from tradepost.floor.domain.check import Check, CheckPayment
from tradepost.floor.domain.kitchen import KitchenLine
from tradepost.floor.domain.tab import Round, RoundLine, RoundState, Tab, TabState
from tradepost.floor.ports import OrderBook
from tradepost.floor.queries.views import (
    CheckItemView,
    CheckView,
    LineView,
    ModifierView,
    PaidView,
    RoundView,
    TabRow,
    TabView,
)
from tradepost.floor.storage.kitchen import COOK_ROWS, kitchen_lines
from tradepost.floor.storage.tabs import (
    CHECK_ROWS,
    CHECKS,
    LINE_ROWS,
    LINES,
    PAYMENT_ROWS,
    PAYMENTS,
    ROUND_ROWS,
    ROUNDS,
    TAB_ROWS,
    tabs,
)
from tradepost.kernel.clock import from_micros
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import TabId, UnitId
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Reader

_TAB = Statement(scoped(tabs, *TAB_ROWS.columns).where(tabs.c.id == param("id")))
_DISHES = Statement(
    scoped(kitchen_lines, *COOK_ROWS.columns).where(any_of(kitchen_lines.c.round_id, "ids"))
)
_newest = scoped(tabs, *TAB_ROWS.columns).order_by(tabs.c.opened_at.desc(), tabs.c.id.desc())


def _listed(*, by_unit: bool, by_state: bool, older: bool) -> Statement:
    found = _newest
    if by_unit:
        found = found.where(tabs.c.unit_id == param("unit_id"))
    if by_state:
        found = found.where(tabs.c.state == param("state"))
    if older:
        at = param("at", like=tabs.c.opened_at)
        found = found.where(
            (tabs.c.opened_at < at)
            | ((tabs.c.opened_at == at) & (tabs.c.id < param("id", like=tabs.c.id)))
        )
    return Statement(found.limit(param("limit")))


_LISTS = {
    (unit, state, older): _listed(by_unit=unit, by_state=state, older=older)
    for unit in (False, True)
    for state in (False, True)
    for older in (False, True)
}


async def tab_rows(
    db: Reader,
    unit_id: UnitId | None,
    state: TabState | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[TabRow]:
    """Tabs, the newest first."""
    values: dict[str, Any] = {"limit": limit}
    if unit_id is not None:
        values["unit_id"] = unit_id
    if state is not None:
        values["state"] = state
    if after is not None:
        values |= {"at": from_micros(after[0]), "id": UUID(after[1])}
    statement = _LISTS[unit_id is not None, state is not None, after is not None]
    return [_row(TAB_ROWS.load(row)) for row in await db.all(statement, **values)]


async def tab_page(db: Reader, tab_id: TabId, book: OrderBook) -> TabView:
    """One tab with everything on it."""
    row = await db.one(_TAB, id=tab_id)
    if row is None:
        raise Unknown("tab", str(tab_id))
    tab = TAB_ROWS.load(row)
    rounds = [ROUND_ROWS.load(one) for one in await db.all(ROUNDS, tab_id=tab_id)]
    lines = [LINE_ROWS.load(one) for one in await db.all(LINES, tab_id=tab_id)]
    checks = [CHECK_ROWS.load(one) for one in await db.all(CHECKS, tab_id=tab_id)]
    paid = [PAYMENT_ROWS.load(one) for one in await db.all(PAYMENTS, tab_id=tab_id)]
    live = [one.order_id for one in rounds if one.order_id and one.state is RoundState.SENT]
    owed = await book.owed(live, locked=False)
    ids = [one.id for one in rounds if one.state is not RoundState.DRAFT]
    found = [COOK_ROWS.load(one) for one in await db.all(_DISHES, ids=sorted(ids))] if ids else []
    dues = {id: one.due for id, one in owed.items()}
    bill = Bill(tab, tuple(lines), tuple(checks), dues)
    came = sum(one.paid for one in owed.values())
    return TabView(
        _row(tab),
        came + bill.due,
        came,
        bill.due,
        bill.open,
        _rounds(rounds, bill, found),
        tuple(_check(one, paid) for one in checks),
    )


def _rounds(
    rounds: Sequence[Round],
    bill: Bill,
    dishes: Sequence[KitchenLine],
) -> tuple[RoundView, ...]:
    cooked = {one.round_line_id: one.state.value for one in dishes}
    units, _ = bill.on_checks()

    def line_of(line: RoundLine) -> LineView:
        return LineView(
            line.id,
            line.variant_id,
            line.sku,
            line.title,
            line.quantity,
            line.voided,
            units[line.id],
            line.course,
            line.note,
            tuple(ModifierView(m.sku, m.title, m.quantity) for m in line.modifiers),
            line.gross.amount,
            cooked.get(line.id),
        )

    return tuple(
        RoundView(
            one.id,
            one.number,
            one.state.value,
            one.is_service,
            one.order_id,
            one.order_number,
            one.sent_at,
            0 if one.order_id is None else bill.dues.get(one.order_id, 0),
            tuple(line_of(line) for line in bill.lines if line.round_id == one.id),
        )
        for one in rounds
    )


def _check(check: Check, payments: Sequence[CheckPayment]) -> CheckView:
    return CheckView(
        check.id,
        check.number,
        check.kind.value,
        check.state.value,
        check.amount.amount,
        check.paid.amount,
        check.due,
        check.tip.amount,
        tuple(CheckItemView(one.line_id, one.quantity, one.amount) for one in check.items),
        tuple(
            PaidView(
                one.payment_id,
                one.method,
                one.amount.amount,
                one.tip.amount,
                one.tendered.amount,
                one.change,
                one.at,
            )
            for one in payments
            if one.check_id == check.id
        ),
    )


def _row(tab: Tab) -> TabRow:
    return TabRow(
        tab.id,
        tab.number,
        tab.unit_id,
        tab.table_id,
        tab.name,
        tab.guests,
        tab.waiter_id,
        tab.state.value,
        tab.currency.code,
        tab.opened_at,
        tab.business_date,
        tab.closed_at,
        tab.into_id,
        tab.version,
    )
