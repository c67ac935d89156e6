"""What a gateway tells is judged before it is believed.

It may be late, doubled, out of order or wrong: what would lead a payment backwards is ignored, an
amount or currency that does not fit waits for a person, and so does money for a payment given up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from tradepost.payments.domain.call import EventKind
from tradepost.payments.domain.payment import STATES, Payment, PaymentState


class Result(StrEnum):
    """What came of something a gateway told."""

    APPLIED = "applied"
    REPEATED = "repeated"
    IGNORED = "ignored"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The action that follows, if any, and why a person must look."""

    result: Result
    action: str = ""
    note: str = ""


_ACTIONS = {
    EventKind.AUTHORIZED: "authorize",
    EventKind.CAPTURED: "capture",
    EventKind.VOIDED: "void",
    EventKind.FAILED: "fail",
}
_IGNORED = Verdict(Result.IGNORED)


def judged(
    payment: Payment, kind: EventKind, amount: int, currency: str, expected: Collection[int]
) -> Verdict:
    """What follows for a payment; ``expected`` are the amounts that were asked for."""
    if payment.state is PaymentState.REVIEW:
        return _IGNORED
    action = _ACTIONS[kind]
    says_money = kind in (EventKind.AUTHORIZED, EventKind.CAPTURED)
    if says_money and (currency != payment.currency.code or amount not in expected):
        asked = f"{payment.amount.amount} {payment.currency.code}"
        return _review(payment, f"{kind} {amount} {currency}, but {asked} was asked for")
    if STATES.allows(payment.state, action):
        return Verdict(Result.APPLIED, action)
    if kind is EventKind.CAPTURED and payment.state is not PaymentState.CAPTURED:
        return _review(payment, f"captured though it was {payment.state}")
    return _IGNORED


def _review(payment: Payment, note: str) -> Verdict:
    allowed = STATES.allows(payment.state, "review")
    return Verdict(Result.REVIEW, "review", note) if allowed else _IGNORED
