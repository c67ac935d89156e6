"""Credit notes: what of a sale is taken back, and how an amount falls on its parts and their tax.

Amounts are minor units with tax inside. Whatever is credited, in any split and any order, a part
that has been credited whole has given back exactly its tax.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tradepost.kernel.consignment import Contract
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CreditNoteId, CustomerId, OrderId, OrderLineId, ReturnId
from tradepost.kernel.money import Currency, Money, share_out
from tradepost.payments.errors import CreditAboveSale


class PartKind(StrEnum):
    """What a part of a sale is."""

    GOODS = "goods"
    SERVICE = "service"
    SHIPPING = "shipping"
    COD_FEE = "cod_fee"
    ROUNDING = "rounding"


class CreditKind(StrEnum):
    """Why a customer is credited."""

    RETURN = "return"
    CONCESSION = "concession"
    CORRECTION = "correction"
    """Takes earlier notes back in part, because what they were given on was called off."""


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a sale, or a fee or its rounding, or what of it is credited.

    ``amount`` has the tax inside. ``worth`` is what units that came back were sold for: more than
    is credited for them where something was conceded on their line. What was sold for a vendor
    names its ``contract``, what the shop kept of it as ``commission``, and as ``subsidy`` what the
    shop gave the vendor for a discount.
    """

    order_line_id: OrderLineId | None
    kind: PartKind
    title: str
    amount: int
    tax: int
    worth: int = 0
    contract: Contract | None = None
    commission: int = 0
    subsidy: int = 0

    @property
    def name(self) -> str:
        """What tells it apart from the other parts of its order."""
        if self.order_line_id or self.contract is None:
            return str(self.order_line_id or self.kind.value)
        return f"{self.kind.value}:{self.contract.vendor_id}"

    @property
    def is_nothing(self) -> bool:
        """Whether nothing of it is left, for anybody."""
        return not (self.amount or self.tax or self.commission or self.subsidy)

    def less(self, other: Part) -> Part:
        """What is left of it when another is taken away."""
        return replace(
            self,
            amount=self.amount - other.amount,
            tax=self.tax - other.tax,
            commission=self.commission - other.commission,
            subsidy=self.subsidy - other.subsidy,
        )


@dataclass(frozen=True, slots=True)
class CreditNote:
    """The paper that says what a customer is credited; ``lines`` are a snapshot."""

    id: CreditNoteId
    number: int
    kind: CreditKind
    order_id: OrderId | None
    return_id: ReturnId | None
    customer_id: CustomerId | None
    currency: Currency
    total: Money
    tax: Money
    lines: tuple[Part, ...]
    reason: str
    issued_at: datetime
    business_date: date


class Creditable:
    """The parts of one sale, and what of them has not been credited yet."""

    def __init__(self, sold: Sequence[Part], credited: Sequence[Part] = ()) -> None:
        self._sold = {part.name: part for part in sold}
        self._left = dict(self._sold)
        self._kept = {name: part.amount for name, part in self._sold.items()}
        self._take(credited)

    def _take(self, credited: Sequence[Part]) -> None:
        for part in credited:
            left = self._left.get(part.name)
            if left is not None:
                self._left[part.name] = left.less(part)
                self._kept[part.name] -= part.worth

    def without(self, credited: Sequence[Part]) -> Creditable:
        """What is left after more has been credited."""
        rest = Creditable(())
        rest._sold, rest._left, rest._kept = self._sold, dict(self._left), dict(self._kept)
        rest._take(credited)
        return rest

    @property
    def left(self) -> int:
        """What can still be credited in all."""
        return sum(part.amount for part in self._left.values())

    def by_amount(self, amount: int) -> tuple[Part, ...]:
        """An amount on all parts, in proportion to what is left of them.

        :raises CreditAboveSale: if less than the amount is left.
        """
        left = list(self._left.values())
        if amount > self.left:
            raise CreditAboveSale("order", self.left, amount)
        if amount == self.left:
            return tuple(part for part in left if not part.is_nothing)
        shares = share_out(amount, [max(part.amount, 0) for part in left])
        pairs = zip(left, shares, strict=True)
        return tuple(self._cut(part.name, share) for part, share in pairs if share)

    def by_lines(self, wanted: Sequence[tuple[OrderLineId, int | None]]) -> tuple[Part, ...]:
        """Amounts on named lines; without an amount, what is left of the line.

        :raises Unknown: if there is no such line.
        :raises CreditAboveSale: if less than the amount is left of one, or nothing at all.
        """
        asked: dict[str, int] = {}
        for line_id, amount in wanted:
            part = self._left.get(str(line_id))
            if part is None:
                raise Unknown("order line", str(line_id))
            share = part.amount if amount is None else amount
            if part.name in asked or not 0 < share <= part.amount:
                raise CreditAboveSale(f"line {line_id}", part.amount, share)
            asked[part.name] = share
        return tuple(self._cut(name, share) for name, share in asked.items())

    def given_back(self, lines: Sequence[Part]) -> tuple[Part, ...]:
        """Lines of a return, each with its share of what is left of the line it was sold on.

        What was conceded on units has gone back already; the last ones take all that is left.
        """
        rest, made = self, []
        for line in lines:
            made.append(rest._fitting(line))
            rest = rest.without(made[-1:])
        return tuple(part for part in made if part.worth or not part.is_nothing)

    def spared_by_coins(self) -> tuple[Part, ...]:
        """What rounding took off a sale of which nothing else is left to credit.

        It was never paid, so it does not go back with the last of the goods.
        """
        others = (part for part in self._left.values() if part.kind is not PartKind.ROUNDING)
        rounding = self._left.get(PartKind.ROUNDING.value)
        if rounding is None or rounding.amount >= 0 or any(part.amount for part in others):
            return ()
        return (replace(rounding, worth=0),)

    def _fitting(self, line: Part) -> Part:
        left = self._left.get(line.name)
        if left is None:
            return line
        kept, worth = self._kept[line.name], line.amount
        if worth >= kept:
            return replace(left, title=line.title, worth=worth)
        amount = left.amount * worth // kept
        tax = line.tax if left.amount == kept else share_of(left.tax, amount, left.amount)
        return replace(
            left,
            title=line.title,
            amount=amount,
            tax=_bearable(tax, amount, left),
            worth=worth,
            commission=share_of(left.commission, amount, left.amount),
            subsidy=share_of(left.subsidy, amount, left.amount),
        )

    def _cut(self, name: str, amount: int) -> Part:
        """So much of a part; its tax, and all that goes with it, are differences of two running
        shares."""
        sold, left = self._sold[name], self._left[name]
        after = sold.amount - left.amount + amount
        tax = share_of(sold.tax, after, sold.amount) - (sold.tax - left.tax)
        commission, subsidy = (
            min(max(share_of(whole, after, sold.amount) - (whole - rest), 0), rest)
            for whole, rest in ((sold.commission, left.commission), (sold.subsidy, left.subsidy))
        )
        tax = _bearable(tax, amount, left)
        return replace(sold, amount=amount, tax=tax, commission=commission, subsidy=subsidy)


def _bearable(tax: int, amount: int, left: Part) -> int:
    """The tax of an amount cut off: neither it nor what stays may bear more than it comes to."""
    return max(min(tax, left.tax, amount), left.tax - (left.amount - amount), 0)


def share_of(amount: int, part: int, whole: int) -> int:
    """So much of an amount as a part is of the whole, rounded down; of nothing, nothing."""
    return amount * part // whole if whole else 0
