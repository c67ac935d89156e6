"""Registers, shifts, sales and reports as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tradepost.counter.domain import Register, Sale, Shift
from tradepost.counter.domain.report import Report, report_of
from tradepost.counter.storage.registers import (
    EXPECTED,
    MOVEMENTS,
    MOVEMENTS_OF,
    REGISTERS,
    SHIFTS,
    registers,
    shifts,
)
from tradepost.counter.storage.sales import SALES, TENDERS, tenders
from tradepost.counter.storage.slips import OF_SHIFT, SLIPS
from tradepost.kernel.clock import to_micros
from tradepost.kernel.ids import RegisterId, SaleId, ShiftId
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader

_ALL = Statement(REGISTERS.select.order_by(registers.c.code))
_newest = SHIFTS.select.where(shifts.c.register_id == param("register_id")).order_by(
    shifts.c.number.desc()
)
_SHIFTS = Statement(_newest.limit(param("limit")))
_OLDER = Statement(
    _newest.where(shifts.c.number < param("before", like=shifts.c.number)).limit(param("limit"))
)
_TENDERS = Statement(
    scoped(tenders, *TENDERS.columns)
    .where(tenders.c.sale_id == param("sale_id"))
    .order_by(tenders.c.position)
)


@dataclass(frozen=True, slots=True)
class RegisterView:
    """A register, the shift that is open there, and the last number of its receipts."""

    id: UUID
    location_id: UUID
    code: str
    name: str
    status: str
    favourites: tuple[UUID, ...]
    shift_id: UUID | None
    last_receipt: int
    version: int


@dataclass(frozen=True, slots=True)
class ShiftView:
    """A shift; amounts in minor units, ``expected`` is what should lie in the drawer now, or
    before it was counted."""

    id: UUID
    register_id: UUID
    location_id: UUID
    number: int
    state: str
    opened_by: UUID | None
    closed_by: UUID | None
    currency: str
    opening: int
    expected: int
    counted: int | None
    difference: int | None
    opened_at: datetime
    closed_at: datetime | None
    business_date: date
    version: int


@dataclass(frozen=True, slots=True)
class SaleLineView:
    """What was rung up."""

    variant_id: UUID
    quantity: int
    discount: int


@dataclass(frozen=True, slots=True)
class TenderView:
    """What was given, and what of it went back, in minor units."""

    method: str
    amount: int
    change: int
    payment_id: UUID | None
    charge_id: UUID | None
    reference: str


@dataclass(frozen=True, slots=True)
class SaleView:
    """A sale; amounts in minor units. Its order has what it came to line by line."""

    id: UUID
    register_id: UUID
    shift_id: UUID
    cashier_id: UUID | None
    customer_id: UUID | None
    state: str
    currency: str
    lines: tuple[SaleLineView, ...]
    tenders: tuple[TenderView, ...]
    discount: int
    label: str
    order_id: UUID | None
    total: int
    change: int
    flags: tuple[str, ...]
    review: str
    note: str
    begun_at: datetime
    sold_at: datetime | None
    voided_at: datetime | None
    version: int

    @property
    def position(self) -> tuple[int, str]:
        """Its place in a list."""
        return to_micros(self.sold_at or self.begun_at), str(self.id)


async def register_rows(db: Reader) -> list[RegisterView]:
    """All registers of the shop, by their codes."""
    return [_register(one) for one in await REGISTERS.all(db, _ALL)]


async def register_page(db: Reader, register_id: RegisterId) -> RegisterView:
    """One register."""
    return _register(await REGISTERS.get(db, register_id))


async def shift_rows(
    db: Reader, register_id: RegisterId, before: int | None, limit: int
) -> list[ShiftView]:
    """The shifts of a register, the newest first."""
    await REGISTERS.get(db, register_id)
    given = {"register_id": register_id, "limit": limit}
    if before is None:
        found = await SHIFTS.all(db, _SHIFTS, **given)
    else:
        found = await SHIFTS.all(db, _OLDER, before=before, **given)
    return [await _shift(db, one) for one in found]


async def shift_page(db: Reader, shift_id: ShiftId) -> ShiftView:
    """One shift."""
    return await _shift(db, await SHIFTS.get(db, shift_id))


async def shift_report(db: Reader, shift_id: ShiftId, now: datetime) -> Report:
    """The X report of a shift that goes on, or the Z report of one that is closed, as of now.

    Reckoned anew from receipts and movements; what was handed in after the close is in it.
    """
    shift = await SHIFTS.get(db, shift_id)
    slips = [SLIPS.load(row) for row in await db.all(OF_SHIFT, shift_id=shift_id)]
    movements = [MOVEMENTS.load(row) for row in await db.all(MOVEMENTS_OF, shift_id=shift_id)]
    counted = shift.counted.amount if shift.counted else None
    return report_of(slips, movements, shift.currency.code, now, counted)


async def closing_report(db: Reader, shift_id: ShiftId) -> Report | None:
    """The Z report as it was kept when the shift was closed; none before that."""
    return (await SHIFTS.get(db, shift_id)).closing


async def sale_page(db: Reader, sale_id: SaleId) -> SaleView:
    """One sale with its tenders."""
    return await sale_view(db, await SALES.get(db, sale_id))


async def sale_view(db: Reader, sale: Sale) -> SaleView:
    """A sale as it is shown."""
    given = [TENDERS.load(row) for row in await db.all(_TENDERS, sale_id=sale.id)]
    return SaleView(
        id=sale.id,
        register_id=sale.register_id,
        shift_id=sale.shift_id,
        cashier_id=sale.cashier_id,
        customer_id=sale.customer_id,
        state=sale.state.value,
        currency=sale.currency.code,
        lines=tuple(SaleLineView(one.variant_id, one.quantity, one.discount) for one in sale.lines),
        tenders=tuple(
            TenderView(
                one.method.value,
                one.amount.amount,
                one.change.amount,
                one.payment_id,
                one.charge_id,
                one.reference,
            )
            for one in given
        ),
        discount=sale.discount.amount,
        label=sale.label,
        order_id=sale.order_id,
        total=sale.total.amount,
        change=sale.change.amount,
        flags=tuple(flag.value for flag in sale.flags),
        review=sale.review.value,
        note=sale.note,
        begun_at=sale.begun_at,
        sold_at=sale.sold_at,
        voided_at=sale.voided_at,
        version=sale.version,
    )


def _register(one: Register) -> RegisterView:
    return RegisterView(
        one.id,
        one.location_id,
        one.code,
        one.name,
        one.status.value,
        one.favourites,
        one.shift_id,
        one.receipts,
        one.version,
    )


async def _shift(db: Reader, one: Shift) -> ShiftView:
    off = one.difference
    return ShiftView(
        id=one.id,
        register_id=one.register_id,
        location_id=one.location_id,
        number=one.number,
        state=one.state.value,
        opened_by=one.opened_by,
        closed_by=one.closed_by,
        currency=one.currency.code,
        opening=one.opening.amount,
        expected=int(await db.value(EXPECTED, shift_id=one.id)),
        counted=one.counted.amount if one.counted else None,
        difference=off.amount if off else None,
        opened_at=one.opened_at,
        closed_at=one.closed_at,
        business_date=one.business_date,
        version=one.version,
    )
