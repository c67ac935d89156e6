"""Registers, shifts and drawer movements as rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import and_, func

from tradepost.counter.domain import DrawerMovement, Register, Shift
from tradepost.counter.domain.drawer import AT_THE_END
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import RegisterId, ShiftId
from tradepost.platform.db.keeper import Keeper
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, param, scoped, scoped_update
from tradepost.platform.db.work import Work

registers = tenant_table(
    "registers", Register, unique=[("code",)], references={"location_id": "locations"}
)
shifts = tenant_table(
    "shifts",
    Shift,
    unique=[("register_id", "number")],
    indexes=[("register_id", "opened_at")],
    references={"register_id": "registers"},
)
drawer_movements = tenant_table(
    "drawer_movements",
    DrawerMovement,
    indexes=[("shift_id", "at"), ("document_id",)],
    references={"register_id": "registers", "shift_id": "shifts"},
)
REGISTERS = Keeper("register", Register, registers)
SHIFTS = Keeper("shift", Shift, shifts)
MOVEMENTS = Mapper(DrawerMovement, drawer_movements)
_LOCK_REGISTER = Statement(REGISTERS.select.where(registers.c.id == param("id")).with_for_update())
_CODED = Statement(REGISTERS.select.where(registers.c.code == param("code")))
_KEEP = Statement(
    scoped_update(registers)
    .where(registers.c.id == param("id"))
    .values(shift_id=param("shift_id"), receipts=param("receipts"), shifts=param("shifts"))
)
_LOCK_SHIFT = Statement(SHIFTS.select.where(shifts.c.id == param("id")).with_for_update())
_REGISTER_OF = Statement(scoped(shifts, shifts.c.register_id).where(shifts.c.id == param("id")))
_of_register = scoped(shifts, shifts.c.id).where(shifts.c.register_id == param("register_id"))
_AT = Statement(
    _of_register.where(shifts.c.opened_at <= param("at", like=shifts.c.opened_at))
    .order_by(shifts.c.opened_at.desc())
    .limit(1)
)
_FIRST = Statement(_of_register.order_by(shifts.c.opened_at).limit(1))
_movements = drawer_movements.c
MOVEMENTS_OF = Statement(
    scoped(drawer_movements, *MOVEMENTS.columns)
    .where(_movements.shift_id == param("shift_id"))
    .order_by(_movements.at, _movements.id)
)
EXPECTED = Statement(
    scoped(drawer_movements, func.coalesce(func.sum(_movements.amount_amount), 0))
    .where(_movements.shift_id == param("shift_id"))
    .where(and_(*(_movements.kind != kind for kind in sorted(AT_THE_END))))
)


class SqlRegisters:
    """Answers the Registers port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, register: Register) -> None:
        """Keep a fresh register."""
        REGISTERS.add(self._work, register)

    async def coded(self, code: str) -> Register | None:
        """The register of a code."""
        return await REGISTERS.first(self._work, _CODED, code=code)

    async def lock(self, register_id: RegisterId) -> Register:
        """The register, locked."""
        found = await REGISTERS.first(self._work, _LOCK_REGISTER, id=register_id)
        if found is None:
            raise Unknown("register", str(register_id))
        return found

    async def save(self, register: Register, version: int) -> int:
        """Write a locked register back."""
        return await REGISTERS.save(self._work, register, version)

    async def keep(self, register: Register) -> None:
        """Write its counts and its shift."""
        await self._work.run(
            _KEEP,
            id=register.id,
            shift_id=register.shift_id,
            receipts=register.receipts,
            shifts=register.shifts,
        )


class SqlShifts:
    """Answers the Shifts port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, shift: Shift) -> None:
        """Keep a fresh shift."""
        SHIFTS.add(self._work, shift)

    async def register_of(self, shift_id: ShiftId) -> RegisterId:
        """Whose shift it is."""
        row = await self._work.one(_REGISTER_OF, id=shift_id)
        if row is None:
            raise Unknown("shift", str(shift_id))
        register_id: RegisterId = row[0]
        return register_id

    async def lock(self, shift_id: ShiftId) -> Shift:
        """The shift, locked."""
        found = await SHIFTS.first(self._work, _LOCK_SHIFT, id=shift_id)
        if found is None:
            raise Unknown("shift", str(shift_id))
        return found

    async def at(self, register_id: RegisterId, instant: datetime) -> ShiftId | None:
        """The shift that was opened last at an instant, or the first of all."""
        row = await self._work.one(_AT, register_id=register_id, at=instant)
        row = row or await self._work.one(_FIRST, register_id=register_id)
        return row[0] if row else None

    async def save(self, shift: Shift) -> None:
        """Write a locked shift back; whoever changed it raised its version."""
        await SHIFTS.save(self._work, shift, shift.version - 1)


class SqlDrawers:
    """Answers the Drawers port; each movement is posted as it is kept."""

    def __init__(self, work: Work, post: Callable[[DrawerMovement], None]) -> None:
        self._work = work
        self._post = post

    def add(self, movement: DrawerMovement) -> None:
        """Keep a fresh movement."""
        self._work.add(drawer_movements, MOVEMENTS.dump(movement))
        self._post(movement)

    async def of(self, shift_id: ShiftId) -> list[DrawerMovement]:
        """The movements of a shift, the oldest first."""
        rows = await self._work.all(MOVEMENTS_OF, shift_id=shift_id)
        return [MOVEMENTS.load(row) for row in rows]

    async def expected(self, shift_id: ShiftId) -> int:
        """What should lie in the drawer before it is counted."""
        return int(await self._work.value(EXPECTED, shift_id=shift_id))
