"""A charge on a card at a terminal: asked for, answered, and taken back when the sale is void."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tradepost.counter.errors import ChargeTaken, ChargeUnfit
from tradepost.kernel.ids import CardChargeId, RegisterId, SaleId
from tradepost.kernel.money import Currency, Money
from tradepost.kernel.states import States


class ChargeState(StrEnum):
    """What is known of a charge."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    UNKNOWN = "unknown"
    """The terminal did not answer: it may have been charged or not."""
    REVERSING = "reversing"
    REVERSED = "reversed"


_ANSWERS = {
    "approve": ChargeState.APPROVED,
    "decline": ChargeState.DECLINED,
    "lose": ChargeState.UNKNOWN,
}
STATES = States(
    "card charge",
    {
        ChargeState.ASKED: {**_ANSWERS, "reverse": ChargeState.REVERSING},
        ChargeState.UNKNOWN: {**_ANSWERS, "reverse": ChargeState.REVERSING},
        ChargeState.APPROVED: {"reverse": ChargeState.REVERSING},
        ChargeState.DECLINED: {},
        ChargeState.REVERSING: {"undo": ChargeState.REVERSED},
        ChargeState.REVERSED: {},
    },
)
UNANSWERED = frozenset({ChargeState.ASKED, ChargeState.UNKNOWN, ChargeState.REVERSING})


@dataclass(frozen=True, slots=True)
class CardCharge:
    """An amount asked of a card for a sale that need not be done yet."""

    id: CardChargeId
    sale_id: SaleId
    register_id: RegisterId
    state: ChargeState
    currency: Currency
    amount: Money
    reference: str
    asked_at: datetime
    answered_at: datetime | None
    version: int

    def check_same(self, sale_id: SaleId, amount: int) -> None:
        """Refuse other contents under its identifier."""
        if (self.sale_id, self.amount.amount) != (sale_id, amount):
            raise ChargeTaken(str(self.id))

    def check_pays(self, sale_id: SaleId, amount: int) -> None:
        """Refuse to count what was not approved for this sale, or not so much."""
        fits = (self.sale_id, self.amount.amount) == (sale_id, amount)
        if not fits or self.state is not ChargeState.APPROVED:
            raise ChargeUnfit(str(self.id), self.state.value, amount, self.currency.code)

    def after(self, action: str, at: datetime, reference: str = "") -> CardCharge:
        """After an answer, or on its way back."""
        return replace(
            self,
            state=STATES.after(self.state, action),
            reference=reference or self.reference,
            answered_at=at,
            version=self.version + 1,
        )
