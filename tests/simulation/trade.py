"""What a shop may promise and owe, in plain Python: the model that the stores are compared with.

It knows nothing of how the product goes about it: shelves, orders with their money, and the answer
to each key. What it does not foresee (carts, holds) the two stores only have to agree on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tradepost.kernel.messages import Command

PRICE = 1000
"""Of everything, in minor units."""


@dataclass
class Shelf:
    """Units of one article."""

    on_hand: int = 0
    promised: int = 0


@dataclass
class Deal:
    """An order and its money."""

    units: dict[str, int]
    paid: int = 0
    refunded: int = 0
    credited: int = 0
    is_cancelled: bool = False
    is_shipped: bool = False

    @property
    def total(self) -> int:
        """What it came to when it was placed."""
        return PRICE * sum(self.units.values())

    @property
    def due(self) -> int:
        """What is owed; below zero where too much is paid."""
        worth = 0 if self.is_cancelled else self.total - self.credited
        return worth - (self.paid - self.refunded)


@dataclass
class Trade:
    """One shop: each wish says by its name whether it is granted, empty, or why it is refused."""

    shelves: dict[str, Shelf]
    deals: list[Deal] = field(default_factory=list)
    asked: dict[tuple[str, str], tuple[Command, Any]] = field(default_factory=dict)
    """What was asked under a key of somebody, and what was answered."""

    def receive(self, sku: str, units: int) -> str:
        """Goods come in, or are lost."""
        shelf = self.shelves[sku]
        if shelf.on_hand + units < 0:
            return "NotOnHand"
        shelf.on_hand += units
        return ""

    def place(self, units: dict[str, int]) -> str:
        """An order of so many units of each."""
        for sku, count in units.items():
            if count > self.shelves[sku].on_hand - self.shelves[sku].promised:
                return "SoldOut"
        for sku, count in units.items():
            self.shelves[sku].promised += count
        self.deals.append(Deal(units))
        return ""

    def pay(self, deal: Deal) -> str:
        """Whatever is due."""
        if deal.due <= 0:
            return "NothingDue"
        deal.paid += deal.due
        return ""

    def refund(self, deal: Deal, amount: int) -> str:
        """What was paid too much goes back as it is, the rest lowers the price."""
        if amount > deal.paid - deal.refunded:
            return "RefundAboveCaptured"
        deal.credited += max(0, amount - max(0, -deal.due))
        deal.refunded += amount
        return ""

    def cancel(self, deal: Deal) -> str:
        """Before anything has left."""
        if deal.is_cancelled:
            return "WrongState"
        if deal.is_shipped:
            return "AlreadyShipped"
        deal.is_cancelled = True
        self._gone(deal, 0)
        return ""

    def ship(self, deal: Deal) -> str:
        """All of it, once it is paid."""
        if deal.is_cancelled or deal.is_shipped:
            return "NothingToShip"
        if deal.due > 0:
            return "NotReadyToShip"
        if any(self.shelves[sku].on_hand < count for sku, count in deal.units.items()):
            return "NotOnHand"
        deal.is_shipped = True
        self._gone(deal, 1)
        return ""

    def _gone(self, deal: Deal, left: int) -> None:
        for sku, count in deal.units.items():
            self.shelves[sku].promised -= count
            self.shelves[sku].on_hand -= count * left
