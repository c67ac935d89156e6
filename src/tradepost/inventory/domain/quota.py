"""How much one person may hold at once, in however many carts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tradepost.kernel.ids import CartId


@dataclass(frozen=True, slots=True)
class Quota:
    """The most units that a person may hold in all their carts.

    ``person`` is a digest that tells persons apart and names nobody.
    """

    person: str
    units_max: int


@dataclass(frozen=True, slots=True)
class Holder:
    """A person, and the carts that may hold something for them."""

    person: str
    carts: tuple[CartId, ...]
    changed_at: datetime

    def others(self, cart_id: CartId) -> list[CartId]:
        """Their carts but one."""
        return [one for one in self.carts if one != cart_id]

    def with_cart(self, cart_id: CartId, units: Mapping[CartId, int], at: datetime) -> Holder:
        """With a cart, and without those others that hold nothing any more."""
        living = [one for one in self.others(cart_id) if units.get(one)]
        return Holder(self.person, (*living, cart_id), at)
