"""Shifts: opened, counted, closed, and what they come to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from litestar import Response, get, post, put

from tradepost.counter.commands.shifts import CloseShift, CountShift, MoveCash, OpenShift
from tradepost.counter.domain import MovementKind
from tradepost.counter.domain.report import Report
from tradepost.counter.http.bodies import CashBody, OpeningBody, ShiftAction, ShiftStatusBody
from tradepost.counter.queries import ShiftView, shift_page, shift_report, shift_rows
from tradepost.counter.queries.pages import closing_report
from tradepost.kernel.clock import Clock
from tradepost.kernel.errors import BadValue, Unknown
from tradepost.kernel.ids import RegisterId, ShiftId
from tradepost.kernel.messages import Command
from tradepost.kernel.permissions import Permission
from tradepost.platform.db.work import Reader
from tradepost.platform.web import (
    Caller,
    FromCaller,
    FromPaging,
    FromPath,
    JSONBody,
    Page,
    door,
    versioned,
)

TAGS = ["Counter"]
READ, WORK = Permission.REGISTERS_READ, Permission.SHIFTS_WORK
OF_REGISTER = "/api/v1/registers/{register_id:uuid}/shifts"
PATH = "/api/v1/shifts/{shift_id:uuid}"


@get(OF_REGISTER, opt=door(READ), tags=TAGS)
async def list_shifts(
    register_id: FromPath[UUID], caller: FromCaller, paging: FromPaging
) -> Page[ShiftView]:
    """The shifts of a register, the newest first."""
    before = paging.after[0] if paging.after else None
    rows = await caller.ask(shift_rows, RegisterId(register_id), before, paging.limit + 1)
    return paging.page(rows, lambda row: (row.number,))


@post(OF_REGISTER, opt=door(WORK), tags=TAGS)
async def open_shift(
    register_id: FromPath[UUID], data: JSONBody[OpeningBody], caller: FromCaller
) -> Response[ShiftView]:
    """Begin a shift with a float; parked sales of the register pass to it."""
    made = await caller.send(OpenShift(RegisterId(register_id), data.opening))
    return await _page(caller, made.shift_id, status=201)


@get(PATH, opt=door(READ), tags=TAGS)
async def read_shift(shift_id: FromPath[UUID], caller: FromCaller) -> Response[ShiftView]:
    """A shift, and what should lie in its drawer."""
    return await _page(caller, ShiftId(shift_id))


@post(f"{PATH}/cash-movements", opt=door(WORK, key=True), tags=TAGS)
async def move_cash(
    shift_id: FromPath[UUID], data: JSONBody[CashBody], caller: FromCaller
) -> Response[ShiftView]:
    """Pay in or out, drop cash to the safe, or open the drawer for no sale."""
    id = ShiftId(shift_id)
    await caller.send(MoveCash(id, MovementKind(data.kind), data.amount, data.reason))
    return await _page(caller, id, status=201)


@put(f"{PATH}/status", opt=door(WORK), tags=TAGS)
async def move_shift(
    shift_id: FromPath[UUID], data: JSONBody[ShiftStatusBody], caller: FromCaller
) -> Response[ShiftView]:
    """Count a shift, or close it with what was counted. Parked sales wait for the next one."""
    id = ShiftId(shift_id)
    wish: Command
    if data.status is ShiftAction.COUNTING:
        wish = CountShift(id, data.version)
    elif data.counted is None:
        raise BadValue("counted", "is needed to close a shift")
    else:
        wish = CloseShift(id, data.counted, data.version)
    await caller.send(wish)
    return await _page(caller, id)


@get(f"{PATH}/report", opt=door(READ), tags=TAGS)
async def read_report(shift_id: FromPath[UUID], caller: FromCaller) -> Report:
    """The X report: what the shift has seen up to now, reckoned from its receipts and drawer."""
    return await caller.ask(report_now, ShiftId(shift_id))


@get(f"{PATH}/z-report", opt=door(READ), tags=TAGS)
async def read_z_report(shift_id: FromPath[UUID], caller: FromCaller) -> Report:
    """The Z report as it was kept when the shift was closed."""
    kept = await caller.ask(closing_report, ShiftId(shift_id))
    if kept is None:
        raise Unknown("Z report of shift", str(shift_id))
    return kept


async def report_now(db: Reader, shift_id: ShiftId, clock: Clock) -> Report:
    """The report of a shift, now."""
    now: datetime = clock.now()
    return await shift_report(db, shift_id, now)


async def _page(caller: Caller, id: ShiftId, *, status: int = 200) -> Response[ShiftView]:
    view = await caller.ask(shift_page, id)
    place = f"/api/v1/shifts/{id}" if status == 201 else ""
    return versioned(view, view.version, status=status, location=place)


ROUTES = (
    list_shifts,
    open_shift,
    read_shift,
    move_cash,
    move_shift,
    read_report,
    read_z_report,
)
