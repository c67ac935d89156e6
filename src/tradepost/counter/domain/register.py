"""A register: a till at a location, with its own receipts and its own drawer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from tradepost.counter.errors import NoShift, RegisterClosed, TooManyFavourites
from tradepost.kernel.codes import Code
from tradepost.kernel.ids import LocationId, RegisterId, ShiftId, VariantId
from tradepost.kernel.text import one_line

FAVOURITES_MAX: Final = 100


class RegisterStatus(StrEnum):
    """Whether it is in use."""

    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Register:
    """A till; ``receipts`` is the last number of its sequence, ``shifts`` that of its shifts.

    ``shift_id`` is the shift that has not ended. Neither these nor the counts are part of what its
    ``version`` counts: that is the register as people describe it.
    """

    id: RegisterId
    location_id: LocationId
    code: str
    name: str
    status: RegisterStatus
    favourites: tuple[VariantId, ...]
    shift_id: ShiftId | None
    receipts: int
    shifts: int
    version: int

    @classmethod
    def made(cls, id: RegisterId, location_id: LocationId, code: str, name: str) -> Register:
        """A new register, which has given no receipt yet."""
        taken, called = Code.parse(code).value, one_line(name, "name")
        return cls(id, location_id, taken, called, RegisterStatus.ACTIVE, (), None, 0, 0, 1)

    def described(self, name: str, status: RegisterStatus) -> Register:
        """Under another name, or out of use; a shift that is open there goes on."""
        return replace(self, name=one_line(name, "name"), status=status)

    def with_favourites(self, variants: Sequence[VariantId]) -> Register:
        """With the articles that stand on its buttons, each once, in this order.

        :raises TooManyFavourites: if there are more than :data:`FAVOURITES_MAX`.
        """
        chosen = tuple(dict.fromkeys(variants))
        if len(chosen) > FAVOURITES_MAX:
            raise TooManyFavourites(len(chosen), FAVOURITES_MAX)
        return replace(self, favourites=chosen)

    def check_in_use(self) -> None:
        """Refuse to work at a register that is out of use."""
        if self.status is not RegisterStatus.ACTIVE:
            raise RegisterClosed(self.code)

    @property
    def open_shift(self) -> ShiftId:
        """The shift that has not ended.

        :raises NoShift: if there is none.
        """
        if self.shift_id is None:
            raise NoShift(self.code)
        return self.shift_id

    def with_receipt(self) -> Register:
        """After the next receipt was given."""
        return replace(self, receipts=self.receipts + 1)
