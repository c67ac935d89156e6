"""What of an order's credit notes is taken back when a part of the order is called off.

The money of a called-off unit is its price less its share of what was conceded on it: that share
has gone back already. So concessions shrink with what they were given on, and what was credited
for returned units stays, with their own share. No part is ever credited more than it comes to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tradepost.payments.domain.credit import CreditNote, Part, PartKind, share_of

_NONE = Part(None, PartKind.GOODS, "", 0, 0)


@dataclass(slots=True)
class _Credited:
    """What notes say of one part and what goes with it, and what units of it that came back were
    sold for."""

    part: Part
    amount: int = 0
    tax: int = 0
    commission: int = 0
    subsidy: int = 0
    returned: int = 0


def corrections(
    before: Sequence[Part], after: Sequence[Part], notes: Sequence[CreditNote]
) -> tuple[Part, ...]:
    """Parts of a note that corrects earlier ones; their amounts are below zero."""
    was, now = _by_name(before), _by_name(after)
    made = (
        _corrected(one, was.get(name, _NONE).amount, now.get(name, _NONE))
        for name, one in _credited(notes).items()
    )
    return tuple(part for part in made if not part.is_nothing)


def _by_name(parts: Sequence[Part]) -> Mapping[str, Part]:
    return {part.name: part for part in parts}


def _credited(notes: Sequence[CreditNote]) -> dict[str, _Credited]:
    found: dict[str, _Credited] = {}
    for note in notes:
        for part in note.lines:
            one = found.setdefault(part.name, _Credited(part))
            one.amount += part.amount
            one.tax += part.tax
            one.commission += part.commission
            one.subsidy += part.subsidy
            one.returned += part.worth
    return found


def _corrected(one: _Credited, was: int, now: Part) -> Part:
    stays = _staying(one, was, now.amount)
    tax = one.tax if stays == one.amount else share_of(now.tax, stays, now.amount)
    uncredited = now.amount - stays
    tax = max(min(tax, now.tax, stays), now.tax - uncredited)
    same = stays == one.amount and now.amount == was
    commission, subsidy = (
        credited if same else share_of(whole, stays, now.amount)
        for whole, credited in ((now.commission, one.commission), (now.subsidy, one.subsidy))
    )
    return replace(
        one.part,
        amount=stays - one.amount,
        tax=tax - one.tax,
        worth=0,
        commission=commission - one.commission,
        subsidy=subsidy - one.subsidy,
    )


def _staying(one: _Credited, was: int, now: int) -> int:
    """What stays credited of a part that came to ``was`` and comes to ``now``."""
    kept = was - one.returned
    if now < was and kept > 0:
        left = share_of(was - one.amount, max(now - one.returned, 0), kept)
        return now - min(left, now)
    return min(one.amount, now)
