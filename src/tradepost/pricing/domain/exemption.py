"""Exemptions: who buys without tax, where and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from tradepost.kernel.contact import CountryCode
from tradepost.kernel.ids import CustomerGroupId, CustomerId, TaxExemptionId
from tradepost.kernel.text import one_line
from tradepost.pricing.domain.tax import ALWAYS, in_order
from tradepost.pricing.errors import ExemptionOfNobody

REASON_LONGEST: Final = 200
EVERYWHERE: Final = ""


@dataclass(frozen=True, slots=True)
class TaxExemption:
    """A customer or a group that buys without tax, in one country or in all (empty).

    ``reason`` is what the receipt says: "reverse charge", the number of a certificate.
    """

    id: TaxExemptionId
    customer_id: CustomerId | None
    customer_group_id: CustomerGroupId | None
    country: str
    reason: str
    valid_from: date
    valid_to: date | None
    updated_at: datetime
    version: int

    def is_of(
        self, customer_id: CustomerId | None, customer_group_id: CustomerGroupId | None
    ) -> bool:
        """Whether it is a customer's own, or that of the customer's group."""
        if self.customer_id is not None:
            return self.customer_id == customer_id
        return self.customer_group_id == customer_group_id

    def holds(self, country: str, day: date) -> bool:
        """Whether it frees a sale in a country on a day."""
        placed = self.country in (EVERYWHERE, country)
        return placed and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def ended(self, last_day: date, at: datetime) -> TaxExemption:
        """The exemption with a last day."""
        in_order(self.valid_from, last_day)
        return replace(self, valid_to=last_day, updated_at=at)


@dataclass(frozen=True, slots=True)
class ExemptionDraft:
    """An exemption as it is wished for, of a customer or of a group."""

    reason: str
    customer_id: CustomerId | None = None
    customer_group_id: CustomerGroupId | None = None
    country: str = EVERYWHERE
    valid_from: date = ALWAYS
    valid_to: date | None = None


def new_exemption(
    draft: ExemptionDraft, exemption_id: TaxExemptionId, at: datetime
) -> TaxExemption:
    """The exemption of a draft; refused unless it is somebody's."""
    if (draft.customer_id is None) == (draft.customer_group_id is None):
        raise ExemptionOfNobody
    in_order(draft.valid_from, draft.valid_to)
    return TaxExemption(
        id=exemption_id,
        customer_id=draft.customer_id,
        customer_group_id=draft.customer_group_id,
        country=CountryCode.parse(draft.country).code if draft.country else EVERYWHERE,
        reason=one_line(draft.reason, "reason", REASON_LONGEST),
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        updated_at=at,
        version=1,
    )
