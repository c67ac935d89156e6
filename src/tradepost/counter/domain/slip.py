"""A receipt: a snapshot that prints the same for ever, under a number of its register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tradepost.kernel.ids import RegisterId, ReturnId, SaleId, ShiftId, SlipId


class SlipKind(StrEnum):
    """What a receipt is for."""

    SALE = "sale"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class SlipLine:
    """A line; ``price`` in major units buys ``price_per`` units, amounts are in minor units."""

    title: str
    sku: str
    quantity: int
    unit: str
    price: str
    price_per: int
    amount: int
    discount: int = 0


@dataclass(frozen=True, slots=True)
class SlipTax:
    """The tax at one rate (parts per million) on what it is charged on, without it."""

    ppm: int
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class SlipTender:
    """What was given, or went back, by a method."""

    method: str
    amount: int


@dataclass(frozen=True, slots=True)
class SlipText:
    """What is printed; amounts in minor units of ``currency``."""

    shop: str
    register: str
    time_zone: str
    at: datetime
    currency: str
    order_number: int | None
    lines: tuple[SlipLine, ...]
    subtotal: int
    discount: int
    tax_included: bool
    tax: int
    taxes: tuple[SlipTax, ...]
    rounding: int
    total: int
    tenders: tuple[SlipTender, ...]
    change: int
    of_receipt: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """A receipt that was given; ``copies`` counts how often it was printed after the first time.

    A void keeps its number.
    """

    id: SlipId
    register_id: RegisterId
    shift_id: ShiftId
    number: int
    kind: SlipKind
    sale_id: SaleId | None
    return_id: ReturnId | None
    is_void: bool
    printed: int
    text: SlipText
    given_at: datetime
