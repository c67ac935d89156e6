"""PINs chosen and tried. A try is counted before it is judged, so that none goes uncounted."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.identity.domain.pin import Pin
from tradepost.identity.errors import WrongPin
from tradepost.identity.ports import Pins
from tradepost.kernel.ids import StaffId
from tradepost.kernel.messages import Command


@dataclass(frozen=True, slots=True)
class ChoosePin(Command):
    """Keep somebody's new PIN."""

    staff_id: StaffId
    pin_hash: str


@dataclass(frozen=True, slots=True)
class TryPin(Command):
    """Count a try at somebody's PIN; answers what it is judged by."""

    staff_id: StaffId


@dataclass(frozen=True, slots=True)
class PinFitted(Command):
    """Forget the tries that failed: the right one came."""

    staff_id: StaffId


async def choose_pin(wish: ChoosePin, pins: Pins) -> None:
    """Keep it in place of the one before."""
    await pins.keep(Pin(wish.staff_id, wish.pin_hash, 0, wish.at))


async def try_pin(wish: TryPin, pins: Pins) -> str:
    """Count it, and answer the hash; :class:`WrongPin` if there is none."""
    pin = await pins.tried(wish.staff_id)
    if pin is None:
        raise WrongPin
    pin.check_open()
    return pin.pin_hash


async def pin_fitted(wish: PinFitted, pins: Pins) -> None:
    """Begin to count anew."""
    await pins.fitted(wish.staff_id)


HANDLERS = {ChoosePin: choose_pin, TryPin: try_pin, PinFitted: pin_fitted}
