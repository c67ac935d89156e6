"""A tab's bill and its checks: whatever is split, the parts equal the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tradepost.floor.domain.check import Check, CheckItem, CheckKind, CheckState
from tradepost.floor.domain.tab import RoundLine, Tab
from tradepost.floor.errors import (
    AboveDue,
    CheckClosed,
    LineTooSmall,
    NothingOpen,
    PaidAlready,
    SharesDiffer,
)
from tradepost.kernel.errors import BadAmount, Unknown
from tradepost.kernel.ids import (
    CheckId,
    Ids,
    OrderId,
    RoundLineId,
)
from tradepost.kernel.money import Money, share_out

CHECKS_MAX: Final = 100
"""So many checks one split makes at most."""


@dataclass(frozen=True, slots=True)
class Split:
    """How a tab is shared: one of the fields, or none of them for all that is open.

    ``items`` are (line, units); ``shares`` are weights such as 1, 1, 2; ``amounts`` come to all
    that is open; ``amount`` is a part of it. Amounts are minor units.
    """

    items: tuple[tuple[RoundLineId, int], ...] = ()
    shares: tuple[int, ...] = ()
    amounts: tuple[int, ...] = ()
    amount: int | None = None


REST: Final = Split()
"""All that stands on no check yet."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What a tab comes to: its live lines, its checks, and what each of its orders owes."""

    tab: Tab
    lines: tuple[RoundLine, ...]
    checks: tuple[Check, ...]
    dues: Mapping[OrderId, int]

    @property
    def due(self) -> int:
        """What the tab owes: the sum of its orders."""
        return sum(self.dues.values())

    @property
    def open(self) -> int:
        """What of it stands on no check."""
        return self.due - sum(check.due for check in self.checks)

    def check(self, id: CheckId) -> Check:
        """One of its checks; :class:`Unknown` if it has none of that name."""
        for one in self.checks:
            if one.id == id:
                return one
        raise Unknown("check", str(id))

    def line(self, id: RoundLineId) -> RoundLine:
        """One of its lines."""
        for one in self.lines:
            if one.id == id:
                return one
        raise Unknown("line", str(id))

    def on_checks(self) -> tuple[dict[RoundLineId, int], dict[RoundLineId, int]]:
        """Units of each line that stand on checks, and what they came to."""
        units: dict[RoundLineId, int] = defaultdict(int)
        amounts: dict[RoundLineId, int] = defaultdict(int)
        for check in self.checks:
            if check.state is not CheckState.CANCELLED:
                for item in check.items:
                    units[item.line_id] += item.quantity
                    amounts[item.line_id] += item.amount
        return units, amounts

    def split(self, how: Split, at: datetime, ids: Ids) -> list[Check]:
        """The checks that a split makes; together never more than is open.

        :raises NothingOpen: if all of the tab stands on checks already.
        """
        if self.open <= 0:
            raise NothingOpen(self.tab.number)
        if how.items:
            items = self._items(how.items)
            return [self._made(1, CheckKind.ITEMS, self._worth(items), items, at, ids)]
        if how.amount is not None:
            self._check_amount(how.amount)
            return [self._made(1, CheckKind.AMOUNT, how.amount, (), at, ids)]
        kind, amounts = self._parts(how)
        return [
            self._made(place, kind, amount, (), at, ids)
            for place, amount in enumerate(amounts, start=1)
        ]

    def _parts(self, how: Split) -> tuple[CheckKind, Sequence[int]]:
        if how.shares:
            parts = share_out(self.open, how.shares)
            return CheckKind.SHARE, [part for part in parts if part]
        if how.amounts:
            for amount in how.amounts:
                self._check_amount(amount)
            if (wanted := sum(how.amounts)) != self.open:
                raise SharesDiffer(wanted, self.open, self.tab.currency.code)
            return CheckKind.AMOUNT, how.amounts
        return CheckKind.REST, [self.open]

    def _check_amount(self, amount: int) -> None:
        if amount <= 0:
            raise BadAmount("amount", "must be above zero")
        if amount > self.open:
            raise AboveDue(amount, self.open, self.tab.currency.code)

    def _items(self, wanted: Sequence[tuple[RoundLineId, int]]) -> tuple[CheckItem, ...]:
        """What units of lines come to: what is left of a line goes with its last unit."""
        units, amounts = self.on_checks()
        items = []
        for line_id, quantity in wanted:
            line = self.line(line_id)
            free = line.units - units[line_id]
            if not 0 < quantity <= free:
                raise LineTooSmall(str(line_id), free, quantity)
            left = line.gross.amount - amounts[line_id]
            amount = left * quantity // free
            units[line_id] += quantity
            amounts[line_id] += amount
            items.append(CheckItem(line_id, quantity, amount))
        return tuple(items)

    def _worth(self, items: Sequence[CheckItem]) -> int:
        """Items with their part of what no line says: service charge, coins. The last takes all."""
        units, amounts = self.on_checks()
        mine = sum(item.amount for item in items)
        left = sum(line.units - units[line.id] for line in self.lines)
        if left == sum(item.quantity for item in items):
            return self.open
        loose = sum(line.gross.amount - amounts[line.id] for line in self.lines)
        besides = max(self.open - loose, 0)
        worth = mine + (besides * mine // loose if loose else 0)
        self._check_amount(worth)
        return worth

    def _made(
        self,
        place: int,
        kind: CheckKind,
        amount: int,
        items: tuple[CheckItem, ...],
        at: datetime,
        ids: Ids,
    ) -> Check:
        currency = self.tab.currency
        zero = Money.zero(currency)
        return Check(
            id=CheckId(ids.new()),
            tab_id=self.tab.id,
            number=len(self.checks) + place,
            kind=kind,
            state=CheckState.OPEN,
            currency=currency,
            amount=Money(amount, currency),
            paid=zero,
            tip=zero,
            items=items,
            made_at=at,
            paid_at=None,
        )

    def payable(self, check: Check, amount: int | None) -> int:
        """What is taken for a check: an amount, or all of it.

        :raises CheckClosed: for a check that was paid or cancelled.
        :raises AboveDue: for more than is open of check and tab.
        """
        if check.state is not CheckState.OPEN:
            raise CheckClosed(check.number, check.state.value)
        wanted = check.due if amount is None else amount
        if wanted <= 0:
            raise BadAmount("amount", "must be above zero")
        if wanted > (most := min(check.due, self.due)):
            raise AboveDue(wanted, most, self.tab.currency.code)
        return wanted

    def laid(self, amount: int) -> list[tuple[OrderId, int]]:
        """An amount laid on the orders that owe, the oldest first."""
        shares = []
        for order_id, due in self.dues.items():
            if (part := min(due, amount)) > 0:
                shares.append((order_id, part))
                amount -= part
        assert not amount, "more than the tab owes"
        return shares

    def check_void(self, line: RoundLine, units: int) -> None:
        """Refuse to void more of a line than is on no check."""
        free = line.units - self.on_checks()[0][line.id]
        if not 0 < units <= free:
            raise LineTooSmall(str(line.id), free, units)

    def check_still_covered(self) -> None:
        """Refuse what leaves less than was paid, or than stands on checks."""
        if self.open < 0 or any(due < 0 for due in self.dues.values()):
            raise PaidAlready
