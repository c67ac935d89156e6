"""What is given for a sale, and what goes back over the counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tradepost.counter.errors import (
    NothingTendered,
    TenderUnknown,
    TooLittleTendered,
    TooMuchTendered,
)
from tradepost.kernel.ids import CardChargeId, PaymentId, SaleId, TenderId
from tradepost.kernel.money import Currency, Money


class TenderMethod(StrEnum):
    """What a till takes."""

    CASH = "cash"
    CARD = "card_terminal"


@dataclass(frozen=True, slots=True)
class Given:
    """A tender as it is handed over, in minor units; a card's by its charge, where it has one."""

    method: str
    amount: int
    charge_id: CardChargeId | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Tender:
    """A tender of a sale: ``amount`` was given, ``change`` of it went back.

    The rest was paid; there is no payment where all of it went back.
    """

    id: TenderId
    sale_id: SaleId
    position: int
    method: TenderMethod
    currency: Currency
    amount: Money
    change: Money
    payment_id: PaymentId | None
    charge_id: CardChargeId | None
    reference: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What each tender pays, and what goes back; ``change`` is on the last cash."""

    paid: tuple[int, ...]
    change: tuple[int, ...]

    @property
    def change_in_all(self) -> int:
        """What goes back over the counter."""
        return sum(self.change)


def check_given(given: Sequence[Given]) -> None:
    """Refuse tenders of nothing, and those that a till does not take."""
    for one in given:
        if one.method not in set(TenderMethod):
            raise TenderUnknown(one.method, ", ".join(TenderMethod))
        if one.amount <= 0:
            raise NothingTendered(one.amount)


def without_coins(given: Sequence[Given]) -> int:
    """What is paid by other means than cash, in minor units."""
    return sum(one.amount for one in given if one.method != TenderMethod.CASH)


def pays_cash(given: Sequence[Given]) -> bool:
    """Whether cash pays what is left."""
    return any(one.method == TenderMethod.CASH for one in given)


def settled(given: Sequence[Given], total: int, currency: str) -> Settled:
    """What each tender pays of a total; what is too much goes back, on cash only.

    :raises TooLittleTendered: if they do not pay it.
    :raises TooMuchTendered: if more is given than is due and it is not cash.
    """
    tendered = sum(one.amount for one in given)
    if tendered < total:
        raise TooLittleTendered(total, tendered, currency)
    if without_coins(given) > total:
        raise TooMuchTendered(total, without_coins(given), currency)
    left = tendered - total
    change = [0] * len(given)
    for place in reversed(range(len(given))):
        if given[place].method == TenderMethod.CASH:
            change[place] = min(left, given[place].amount)
            left -= change[place]
    paid = tuple(one.amount - back for one, back in zip(given, change, strict=True))
    return Settled(paid, tuple(change))
