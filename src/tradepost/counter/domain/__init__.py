"""Registers, shifts, drawers, sales and receipts."""

from tradepost.counter.domain.drawer import DrawerMovement, MovementKind
from tradepost.counter.domain.register import Register, RegisterStatus
from tradepost.counter.domain.sale import Sale, SaleLine, SaleState
from tradepost.counter.domain.shift import Shift, ShiftState

__all__ = [
    "DrawerMovement",
    "MovementKind",
    "Register",
    "RegisterStatus",
    "Sale",
    "SaleLine",
    "SaleState",
    "Shift",
    "ShiftState",
]
