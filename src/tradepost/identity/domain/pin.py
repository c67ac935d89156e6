"""A PIN: how people who share a till tell who stands there, and nothing more than that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tradepost.identity.errors import BadPin, PinLocked
from tradepost.kernel.ids import StaffId
from tradepost.kernel.permissions import ALL, Permission

LENGTH_MIN: Final = 4
LENGTH_MAX: Final = 8
TRIES_MAX: Final = 10
"""After so many wrong ones in a row it opens nothing until its owner chooses another."""
TILL_LIFE: Final = timedelta(minutes=30)
"""How long somebody stays signed in who came by a PIN."""
P = Permission
_RUN: Final = "01234567890"

AT_A_TILL: Final = frozenset(
    {
        P.ORDERS_READ,
        P.ORDERS_PLACE,
        P.ORDERS_CHANGE,
        P.ORDERS_DISCOUNT,
        P.ORDERS_PRICE_OVERRIDE,
        P.CATALOG_READ,
        P.PRICES_READ,
        P.INVENTORY_READ,
        P.CUSTOMERS_READ,
        P.PAYMENTS_READ,
        P.PAYMENTS_RECORD,
        P.RETURNS_READ,
        P.RETURNS_WRITE,
        P.RETURNS_LATE,
        P.RETURNS_WITHOUT_RECEIPT,
        P.COUNTER_SELL,
        P.COUNTER_VOID,
        P.REGISTERS_READ,
        P.SHIFTS_WORK,
        P.SHIFTS_OVERRIDE,
        P.STORES_READ,
        P.TABS_READ,
        P.TABS_WRITE,
        P.TABS_VOID,
        P.KITCHEN_WORK,
    }
)
"""What a PIN can open of what its owner may do: digits are guessed too soon for anything else."""


@dataclass(frozen=True, slots=True)
class Pin:
    """The PIN of a member of the staff, under their identifier; ``tries`` failed in a row."""

    id: StaffId
    pin_hash: str
    tries: int
    chosen_at: datetime

    def check_open(self) -> None:
        """Refuse one that was guessed at too often.

        :raises PinLocked: if so.
        """
        if self.tries > TRIES_MAX:
            raise PinLocked


def checked_pin(pin: str) -> str:
    """A new PIN.

    :raises BadPin: unless it is a few digits, not all the same, and not a run such as 1234.
    """
    if not (pin.isascii() and pin.isdigit() and LENGTH_MIN <= len(pin) <= LENGTH_MAX):
        raise BadPin("pin", f"must be {LENGTH_MIN} to {LENGTH_MAX} digits")
    if len(set(pin)) == 1 or pin in _RUN or pin[::-1] in _RUN:
        raise BadPin("pin", "is one of the first that anybody would try")
    return pin


def at_a_till(permissions: frozenset[str]) -> frozenset[str]:
    """What of somebody's permissions their PIN opens."""
    return AT_A_TILL if ALL in permissions else permissions & AT_A_TILL
