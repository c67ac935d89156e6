"""Shifts: opened with a float, moved by hand, counted, closed. A close never fails."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tradepost.counter.commands.till import Place, Till, staff_id
from tradepost.counter.domain import MovementKind, Register, Sale, Shift, ShiftState
from tradepost.counter.domain.drawer import signed
from tradepost.counter.domain.report import report_of
from tradepost.counter.errors import NotInDrawer, ShiftOpenStill
from tradepost.counter.ports import Drawers, Registers, Sales, Shifts, Slips, Terms
from tradepost.events.counter import (
    SaleKept,
    ShiftCashMoved,
    ShiftClosed,
    ShiftCounting,
    ShiftOpened,
)
from tradepost.kernel.errors import BadAmount
from tradepost.kernel.ids import DrawerMovementId, Ids, RegisterId, ShiftId
from tradepost.kernel.messages import Actor, Command, Facts
from tradepost.kernel.money import Money
from tradepost.kernel.text import one_line


@dataclass(frozen=True, slots=True)
class OpenShift(Command):
    """Begin a shift at a register with a float, in minor units."""

    register_id: RegisterId
    opening: int


@dataclass(frozen=True, slots=True)
class MoveCash(Command):
    """Put cash in, take it out, drop it to the safe, or open the drawer for no sale."""

    shift_id: ShiftId
    kind: MovementKind
    amount: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CountShift(Command):
    """Sell no more in a shift, and count its drawer."""

    shift_id: ShiftId
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CloseShift(Command):
    """End a shift with what was counted, in minor units; one that still sells is counted first."""

    shift_id: ShiftId
    counted: int
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ShiftStands:
    """Where a shift stands; amounts in minor units of ``currency``."""

    shift_id: ShiftId
    state: str
    currency: str
    expected: int
    counted: int | None
    difference: int | None
    version: int


async def open_shift(
    wish: OpenShift,
    till: Till,
    registers: Registers,
    shifts: Shifts,
    sales: Sales,
    actor: Actor,
    ids: Ids,
    facts: Facts,
) -> ShiftStands:
    """Begin; what was parked at the register passes to the new shift."""
    register = await registers.lock(wish.register_id)
    shift = _opened(wish, register, till.terms, actor, ShiftId(ids.new()))
    shifts.add(shift)
    place = Place(replace(register, shift_id=shift.id, shifts=shift.number), shift)
    await registers.keep(place.register)
    if wish.opening:
        till.move(place, MovementKind.FLOAT, wish.opening, wish.at, actor)
    taken_over = await _take_over(place, sales, facts, wish)
    facts.tell(_told_opened(shift, taken_over), shift.version, wish.at)
    return stands(shift, wish.opening)


async def move_cash(
    wish: MoveCash, till: Till, shifts: Shifts, drawers: Drawers, actor: Actor, facts: Facts
) -> DrawerMovementId:
    """Move it; no more can leave than should be there."""
    place = await till.of_shift(wish.shift_id)
    place.shift.check_open(place.register.code)
    amount = signed(wish.kind, wish.amount)
    there = await drawers.expected(place.shift.id)
    currency = place.shift.currency.code
    if there + amount < 0:
        raise NotInDrawer(there, -amount, currency)
    reason = one_line(wish.reason, "reason", shortest=0)
    made = till.move(place, wish.kind, amount, wish.at, actor, reason=reason)
    shift = place.shift.moved()
    await shifts.save(shift)
    told = (shift.id, shift.register_id, made.id, wish.kind.value, currency, amount)
    facts.tell(ShiftCashMoved(*told), shift.version, wish.at)
    return made.id


async def count_shift(
    wish: CountShift, till: Till, shifts: Shifts, drawers: Drawers, actor: Actor, facts: Facts
) -> ShiftStands:
    """Sell no more."""
    place = await till.of_shift(wish.shift_id)
    place.shift.check_version(wish.version)
    place.shift.check_whose(actor)
    shift = place.shift.counting(wish.at)
    await shifts.save(shift)
    facts.tell(ShiftCounting(shift.id, shift.register_id), shift.version, wish.at)
    return stands(shift, await drawers.expected(shift.id))


async def close_shift(
    wish: CloseShift,
    till: Till,
    registers: Registers,
    shifts: Shifts,
    drawers: Drawers,
    slips: Slips,
    actor: Actor,
    facts: Facts,
) -> ShiftStands:
    """End it: the difference is posted, the drawer goes to the safe, the Z report is kept.

    All sales were posted one by one before, so nothing is left that could keep it open.
    """
    place = await till.of_shift(wish.shift_id)
    place.shift.check_version(wish.version)
    place.shift.check_whose(actor)
    counting = await _counting(place.shift, wish, shifts, facts)
    expected = await drawers.expected(counting.id)
    shift = counting.closed(wish.counted, expected, staff_id(actor), wish.at)
    _settle(Place(place.register, shift), expected, wish, till, actor)
    found = await slips.of_shift(shift.id), await drawers.of(shift.id)
    closing = report_of(*found, shift.currency.code, wish.at, wish.counted)
    await shifts.save(replace(shift, closing=closing))
    await registers.keep(replace(place.register, shift_id=None))
    facts.tell(_told_closed(shift, expected, wish.counted), shift.version, wish.at)
    return stands(shift, expected)


def _opened(
    wish: OpenShift, register: Register, terms: Terms, actor: Actor, shift_id: ShiftId
) -> Shift:
    register.check_in_use()
    if register.shift_id is not None:
        raise ShiftOpenStill(register.code)
    if wish.opening < 0:
        raise BadAmount("float", "cannot be below zero")
    return Shift(
        id=shift_id,
        register_id=register.id,
        location_id=register.location_id,
        number=register.shifts + 1,
        state=ShiftState.OPEN,
        opened_by=staff_id(actor),
        closed_by=None,
        currency=terms.currency,
        opening=Money(wish.opening, terms.currency),
        expected=None,
        counted=None,
        opened_at=wish.at,
        counting_at=None,
        closed_at=None,
        business_date=terms.day_of(wish.at),
        closing=None,
        version=1,
    )


async def _take_over(place: Place, sales: Sales, facts: Facts, wish: Command) -> list[Sale]:
    taken = []
    for one in await sales.unfinished(place.register.id):
        sale = replace(one, shift_id=place.shift.id, version=one.version + 1)
        await sales.save(sale)
        told = SaleKept(sale.id, sale.register_id, sale.shift_id, sale.state.value)
        facts.tell(told, sale.version, wish.at)
        taken.append(sale)
    return taken


async def _counting(shift: Shift, wish: CloseShift, shifts: Shifts, facts: Facts) -> Shift:
    """The shift as it is counted; who closes at once has counted before."""
    if shift.state is not ShiftState.OPEN:
        return shift
    counting = shift.counting(wish.at)
    await shifts.save(counting)
    facts.tell(ShiftCounting(shift.id, shift.register_id), counting.version, wish.at)
    return counting


def _settle(place: Place, expected: int, wish: CloseShift, till: Till, actor: Actor) -> None:
    if wish.counted != expected:
        off = wish.counted - expected
        till.move(place, MovementKind.DIFFERENCE, off, wish.at, actor)
    if wish.counted:
        till.move(place, MovementKind.EMPTIED, -wish.counted, wish.at, actor)


def _told_opened(shift: Shift, taken_over: list[Sale]) -> ShiftOpened:
    return ShiftOpened(
        shift.id,
        shift.register_id,
        shift.location_id,
        shift.number,
        shift.currency.code,
        shift.opening.amount,
        tuple(sale.id for sale in taken_over),
    )


def _told_closed(shift: Shift, expected: int, counted: int) -> ShiftClosed:
    currency, off = shift.currency.code, counted - expected
    return ShiftClosed(shift.id, shift.register_id, currency, expected, counted, off)


def stands(shift: Shift, expected: int) -> ShiftStands:
    """What is answered about a shift."""
    counted, off = shift.counted, shift.difference
    return ShiftStands(
        shift_id=shift.id,
        state=shift.state.value,
        currency=shift.currency.code,
        expected=expected,
        counted=counted.amount if counted else None,
        difference=off.amount if off else None,
        version=shift.version,
    )


HANDLERS = {
    OpenShift: open_shift,
    MoveCash: move_cash,
    CountShift: count_shift,
    CloseShift: close_shift,
}
