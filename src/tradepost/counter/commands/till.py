"""What every wish at a till comes by: its register, its shift, its drawer, its receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tradepost.counter.domain import DrawerMovement, MovementKind, Register, Shift
from tradepost.counter.domain.slip import Slip, SlipKind, SlipText
from tradepost.counter.errors import ShiftOfAnother
from tradepost.counter.ports import Drawers, Registers, Shifts, Slips, Terms
from tradepost.kernel.ids import (
    DrawerMovementId,
    Ids,
    RegisterId,
    ReturnId,
    SaleId,
    ShiftId,
    SlipId,
    StaffId,
)
from tradepost.kernel.messages import Actor
from tradepost.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Place:
    """A register with the shift that something is put down to."""

    register: Register
    shift: Shift


class Till:
    """Locks registers and shifts, moves drawers and gives receipts; bound to one work.

    Registers are locked first and for the whole transaction: a till is one person's at a time, and
    its receipts have no gap.
    """

    def __init__(
        self,
        registers: Registers,
        shifts: Shifts,
        drawers: Drawers,
        slips: Slips,
        terms: Terms,
        ids: Ids,
    ) -> None:
        self.terms = terms
        self._registers = registers
        self._shifts = shifts
        self._drawers = drawers
        self._slips = slips
        self._ids = ids

    async def hold(self, register_id: RegisterId) -> Register:
        """The register, nobody else's until the transaction ends."""
        return await self._registers.lock(register_id)

    async def open(self, register_id: RegisterId, shift_id: ShiftId | None = None) -> Place:
        """The register with its open shift, which sells.

        :raises NoShift: if there is none.
        :raises ShiftOfAnother: if it is not the one that was named.
        :raises ShiftNotOpen: if it is being counted.
        """
        register = await self._registers.lock(register_id)
        register.check_in_use()
        if shift_id is not None and shift_id != register.shift_id:
            raise ShiftOfAnother(str(shift_id), register.code)
        shift = await self._shifts.lock(register.open_shift)
        shift.check_open(register.code)
        return Place(register, shift)

    async def at(
        self, register_id: RegisterId, shift_id: ShiftId | None, instant: datetime
    ) -> Place:
        """The register with the shift in which something was sold that is handed in later."""
        register = await self._registers.lock(register_id)
        found = shift_id or await self._shifts.at(register_id, instant)
        shift = await self._shifts.lock(found or register.open_shift)
        if shift.register_id != register.id:
            raise ShiftOfAnother(str(shift.id), register.code)
        return Place(register, shift)

    async def of_shift(self, shift_id: ShiftId) -> Place:
        """A shift with its register, both locked, whatever their states."""
        register = await self._registers.lock(await self._shifts.register_of(shift_id))
        return Place(register, await self._shifts.lock(shift_id))

    def move(
        self,
        place: Place,
        kind: MovementKind,
        amount: int,
        at: datetime,
        by: Actor,
        document_id: UUID | None = None,
        reason: str = "",
        rounding: int = 0,
    ) -> DrawerMovement:
        """Move cash, in minor units: into the drawer, or below zero out of it."""
        currency = place.shift.currency
        movement = DrawerMovement(
            id=DrawerMovementId(self._ids.new()),
            register_id=place.register.id,
            shift_id=place.shift.id,
            kind=kind,
            currency=currency,
            amount=Money(amount, currency),
            rounding=Money(rounding, currency),
            document_id=document_id,
            reason=reason,
            cashier_id=by.id,
            at=at,
            business_date=self.terms.day_of(at),
        )
        self._drawers.add(movement)
        return movement

    async def give_receipt(
        self,
        place: Place,
        text: SlipText,
        at: datetime,
        sale_id: SaleId | None = None,
        return_id: ReturnId | None = None,
    ) -> Slip:
        """The next receipt of the register."""
        register = place.register.with_receipt()
        await self._registers.keep(register)
        slip = Slip(
            id=SlipId(self._ids.new()),
            register_id=register.id,
            shift_id=place.shift.id,
            number=register.receipts,
            kind=SlipKind.SALE if sale_id else SlipKind.RETURN,
            sale_id=sale_id,
            return_id=return_id,
            is_void=False,
            printed=0,
            text=text,
            given_at=at,
        )
        self._slips.add(slip)
        return slip


def staff_id(actor: Actor) -> StaffId | None:
    """Who stands at the till, if it is a person of the shop."""
    return StaffId(actor.id) if actor.kind == "staff" and actor.id else None
