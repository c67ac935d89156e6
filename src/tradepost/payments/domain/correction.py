"""What of an order's credit notes is taken back when a part of the order is called off.

The money of a called-off unit is its price less its share of what was conceded on it: that share
has gone back already. So concessions shrink with what they were given on, and what was credited
for returned units stays. No part is ever credited more than it comes to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tradepost.payments.domain.credit import CreditKind, CreditNote, Part, PartKind

_NONE = Part(None, PartKind.GOODS, "", 0, 0)


@dataclass(slots=True)
class _Credited:
    """What notes say of one part: for units that came back, for nothing, and the tax of both."""

    part: Part
    returned: int = 0
    conceded: int = 0
    tax: int = 0


def corrections(
    before: Sequence[Part], after: Sequence[Part], notes: Sequence[CreditNote]
) -> tuple[Part, ...]:
    """Parts of a note that corrects earlier ones; their amounts are below zero."""
    was, now = _by_name(before), _by_name(after)
    made = (
        _corrected(one, was.get(name, _NONE).amount, now.get(name, _NONE))
        for name, one in _credited(notes).items()
    )
    return tuple(part for part in made if part.amount or part.tax)


def _by_name(parts: Sequence[Part]) -> Mapping[str, Part]:
    return {part.name: part for part in parts}


def _credited(notes: Sequence[CreditNote]) -> dict[str, _Credited]:
    found: dict[str, _Credited] = {}
    for note in notes:
        for part in note.lines:
            one = found.setdefault(part.name, _Credited(part))
            one.tax += part.tax
            if note.kind is CreditKind.RETURN:
                one.returned += part.amount
            else:
                one.conceded += part.amount
    return found


def _corrected(one: _Credited, was: int, now: Part) -> Part:
    amount = one.returned + one.conceded
    left = _left_of(one, was, now.amount)
    tax = one.tax if left == amount else now.tax * left // now.amount if now.amount else 0
    uncredited = now.amount - left
    tax = max(min(tax, now.tax, left), now.tax - uncredited)
    return replace(one.part, amount=left - amount, tax=tax - one.tax)


def _left_of(one: _Credited, was: int, now: int) -> int:
    """What stays credited of a part that came to ``was`` and comes to ``now``."""
    amount, kept = one.returned + one.conceded, max(was - one.returned, 0)
    if now < was and kept:
        amount = one.returned + one.conceded * max(now - one.returned, 0) // kept
    return min(amount, now)
