"""Facts of the mall: vendors, what the shop keeps of their sales, and what they are paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tradepost.kernel.ids import (
    CategoryId,
    CommissionRuleId,
    PayoutExportId,
    PayoutId,
    PayoutRunId,
    ProductId,
    VendorId,
)
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class VendorCreated(Fact):
    """Somebody wants to sell in the mall; ``code`` is theirs for ever."""

    name: ClassVar[str] = "vendor.created"
    stream: ClassVar[str] = "vendor"
    key: ClassVar[str] = "vendor_id"
    vendor_id: VendorId
    code: str


@dataclass(frozen=True, slots=True)
class VendorUpdated(Fact):
    """What is agreed with a vendor changed, for what is sold from then on."""

    name: ClassVar[str] = "vendor.updated"
    stream: ClassVar[str] = "vendor"
    key: ClassVar[str] = "vendor_id"
    vendor_id: VendorId
    commission_ppm: int


@dataclass(frozen=True, slots=True)
class VendorStatusChanged(Fact):
    """A vendor began to sell, was suspended, or is closed."""

    name: ClassVar[str] = "vendor.status_changed"
    stream: ClassVar[str] = "vendor"
    key: ClassVar[str] = "vendor_id"
    vendor_id: VendorId
    status: str


@dataclass(frozen=True, slots=True)
class CommissionRuleChanged(Fact):
    """A commission rule holds at a rate from now on, or has ended."""

    name: ClassVar[str] = "vendor.commission_rule_changed"
    stream: ClassVar[str] = "commission_rule"
    key: ClassVar[str] = "rule_id"
    rule_id: CommissionRuleId
    vendor_id: VendorId | None
    category_id: CategoryId | None
    product_id: ProductId | None
    commission_ppm: int
    ended: bool


@dataclass(frozen=True, slots=True)
class PayoutRunMade(Fact):
    """All vendors' entries up to a day were taken together; so many payouts came of it."""

    name: ClassVar[str] = "payout.run_made"
    stream: ClassVar[str] = "payout_run"
    key: ClassVar[str] = "run_id"
    run_id: PayoutRunId
    until: date
    payouts: int


@dataclass(frozen=True, slots=True)
class PayoutCreated(Fact):
    """A vendor is to get ``amount`` minor units of ``currency``."""

    name: ClassVar[str] = "payout.created"
    stream: ClassVar[str] = "payout"
    key: ClassVar[str] = "payout_id"
    payout_id: PayoutId
    vendor_id: VendorId
    currency: str
    amount: int
    until: date


@dataclass(frozen=True, slots=True)
class PayoutExported(Fact):
    """A payout was put in a file for the bank."""

    name: ClassVar[str] = "payout.exported"
    stream: ClassVar[str] = "payout"
    key: ClassVar[str] = "payout_id"
    payout_id: PayoutId
    export_id: PayoutExportId


@dataclass(frozen=True, slots=True)
class PayoutPaid(Fact):
    """The bank paid a payout; the books say so, too."""

    name: ClassVar[str] = "payout.paid"
    stream: ClassVar[str] = "payout"
    key: ClassVar[str] = "payout_id"
    payout_id: PayoutId
    vendor_id: VendorId
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class PayoutCancelled(Fact):
    """A payout was given up: what it was to pay is owed as before."""

    name: ClassVar[str] = "payout.cancelled"
    stream: ClassVar[str] = "payout"
    key: ClassVar[str] = "payout_id"
    payout_id: PayoutId
