"""X and Z reports: what a shift has seen, reckoned from its receipts and drawer movements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tradepost.counter.domain.drawer import AT_THE_END, DrawerMovement, MovementKind
from tradepost.counter.domain.slip import Slip, SlipKind, SlipTax
from tradepost.counter.domain.tender import TenderMethod


@dataclass(frozen=True, slots=True)
class MethodTotal:
    """What came in by a method, change taken off, and what went back by it."""

    method: str
    taken: int
    given_back: int


@dataclass(frozen=True, slots=True)
class KindTotal:
    """Drawer movements of a kind: how many, and what they add to the drawer."""

    kind: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Report:
    """A shift in figures, in minor units of ``currency``; void sales count among ``voids`` only.

    ``expected`` is what should lie in the drawer before it is counted. ``counted`` and
    ``difference`` are missing before the close.
    """

    at: datetime
    currency: str
    first_receipt: int | None
    last_receipt: int | None
    sales: int
    sales_total: int
    discounts: int
    rounding: int
    taxes: tuple[SlipTax, ...]
    voids: int
    voids_total: int
    returns: int
    returns_total: int
    methods: tuple[MethodTotal, ...]
    movements: tuple[KindTotal, ...]
    expected: int
    counted: int | None = None
    difference: int | None = None


def expected_of(movements: Iterable[DrawerMovement]) -> int:
    """What should lie in the drawer before it is counted, in minor units."""
    return sum(one.amount.amount for one in movements if one.kind not in AT_THE_END)


def report_of(
    slips: Sequence[Slip],
    movements: Sequence[DrawerMovement],
    currency: str,
    at: datetime,
    counted: int | None = None,
) -> Report:
    """The report of a shift's receipts and movements."""
    sold = [one.text for one in slips if one.kind is SlipKind.SALE and not one.is_void]
    void = [one.text for one in slips if one.kind is SlipKind.SALE and one.is_void]
    back = [one.text for one in slips if one.kind is SlipKind.RETURN]
    expected = expected_of(movements)
    return Report(
        at=at,
        currency=currency,
        first_receipt=min((one.number for one in slips), default=None),
        last_receipt=max((one.number for one in slips), default=None),
        sales=len(sold),
        sales_total=sum(one.total for one in sold),
        discounts=sum(one.discount for one in sold),
        rounding=sum(one.rounding for one in sold),
        taxes=_taxes(tax for one in sold for tax in one.taxes),
        voids=len(void),
        voids_total=sum(one.total for one in void),
        returns=len(back),
        returns_total=sum(one.total for one in back),
        methods=tuple(_method(method, slips) for method in TenderMethod),
        movements=tuple(_kind(kind, movements) for kind in MovementKind),
        expected=expected,
        counted=counted,
        difference=None if counted is None else counted - expected,
    )


def _taxes(taxes: Iterable[SlipTax]) -> tuple[SlipTax, ...]:
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for one in taxes:
        sums[one.ppm][0] += one.net
        sums[one.ppm][1] += one.tax
    return tuple(SlipTax(ppm, *sums[ppm]) for ppm in sorted(sums))


def _method(method: TenderMethod, slips: Sequence[Slip]) -> MethodTotal:
    taken = given = 0
    for slip in slips:
        amount = sum(one.amount for one in slip.text.tenders if one.method == method)
        if slip.kind is SlipKind.RETURN:
            given += amount
        elif not slip.is_void:
            taken += amount - (slip.text.change if method is TenderMethod.CASH else 0)
    return MethodTotal(method.value, taken, given)


def _kind(kind: MovementKind, movements: Sequence[DrawerMovement]) -> KindTotal:
    those = [one.amount.amount for one in movements if one.kind is kind]
    return KindTotal(kind.value, len(those), sum(those))
