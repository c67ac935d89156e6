"""What the mall needs: its repositories, and what it asks of its neighbours."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from tradepost.kernel.clock import business_date
from tradepost.kernel.ids import (
    CategoryId,
    CommissionRuleId,
    OrderId,
    OrderLineId,
    PayoutExportId,
    PayoutId,
    ProductId,
    ShipmentId,
    VendorId,
)
from tradepost.kernel.money import Currency
from tradepost.mall.domain import CommissionRule, Payout, PayoutRun, Vendor
from tradepost.mall.domain.shapes import GoodsView, ParcelView, VendorOrderView


@dataclass(frozen=True, slots=True)
class Terms:
    """What the shop is called, and its business day."""

    shop: str
    time_zone: str
    cutoff_hour: int

    def day_of(self, instant: datetime) -> date:
        """The business day of an instant."""
        return business_date(instant, self.time_zone, self.cutoff_hour)


class Vendors(Protocol):
    """The vendors of the shop."""

    async def get(self, vendor_id: VendorId) -> Vendor:
        """The vendor; :class:`Unknown` if there is none."""
        ...

    async def hold_all(self) -> list[Vendor]:
        """All vendors, nobody else's until the transaction ends."""
        ...

    async def several(self, ids: Collection[VendorId]) -> list[Vendor]:
        """Those of the vendors that there are."""
        ...

    async def is_taken(self, code: str) -> bool:
        """Whether a vendor has this code."""
        ...

    def add(self, vendor: Vendor) -> None:
        """Keep a new vendor."""
        ...

    async def save(self, vendor: Vendor, version: int) -> int:
        """Write it over this version; the new one. ``Stale`` if it has moved on."""
        ...


class Rules(Protocol):
    """Commission rules."""

    async def get(self, rule_id: CommissionRuleId) -> CommissionRule:
        """The rule; :class:`Unknown` if there is none."""
        ...

    async def living(self) -> list[CommissionRule]:
        """Those that have not ended."""
        ...

    def add(self, rule: CommissionRule) -> None:
        """Keep a new rule."""
        ...

    async def save(self, rule: CommissionRule, version: int) -> int:
        """Write it over this version; the new one. ``Stale`` if it has moved on."""
        ...


class Payouts(Protocol):
    """Runs and payouts, and which transfers are paid by which."""

    async def last_day(self) -> date | None:
        """The last day that a run went up to."""
        ...

    def add(self, run: PayoutRun, made: Sequence[Payout]) -> None:
        """Keep a fresh run and its payouts."""
        ...

    async def lock(self, ids: Sequence[PayoutId]) -> list[Payout]:
        """The payouts, in the order of their identifiers, nobody else's until the end."""
        ...

    async def lock_open(self) -> list[Payout]:
        """All open payouts, in the same way."""
        ...

    async def save(self, changed: Sequence[Payout]) -> None:
        """Write locked payouts back, each a version further."""
        ...

    async def let_go(self, payout_id: PayoutId) -> None:
        """Let go of the entries of a payout, so that the next run finds them."""
        ...

    async def export(self, export_id: PayoutExportId) -> list[Payout]:
        """The payouts of an export; none if there is no such export."""
        ...


@dataclass(frozen=True, slots=True)
class Owed:
    """What the books owe to a vendor by entries that no payout pays, in minor units."""

    vendor_id: VendorId
    currency: Currency
    amount: int
    entries: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What is owed to a vendor in all, and how much of it waits in payouts, in minor units."""

    vendor_id: VendorId
    currency: str
    balance: int
    in_payouts: int

    @property
    def open(self) -> int:
        """What no payout pays yet; below zero where the vendor owes the shop."""
        return self.balance - self.in_payouts


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of a vendor's account: above zero what they get, below what is taken off."""

    business_date: date
    code: str
    document_kind: str
    document_id: UUID
    document_number: int | None
    amount: int


class VendorBooks(Protocol):
    """What is owed to vendors, asked of the ledger."""

    async def owed(self, until: date) -> list[Owed]:
        """What was posted up to a day and is in no payout, for each vendor and currency.

        What customers have not paid for yet is left for a later run.
        """
        ...

    async def claim(self, payout_id: PayoutId, owed: Owed, until: date) -> Owed:
        """Put what is owed into a payout, so that no other takes it; what that comes to now.

        It may be more or less than a moment ago: nobody is kept from selling meanwhile.
        """
        ...

    async def balances(self, ids: Collection[VendorId]) -> list[Balance]:
        """How the accounts of vendors stand; none for an account without entries."""
        ...

    async def entries(self, payout: Payout) -> list[EntryView]:
        """What a payout pays, the oldest first."""
        ...

    def paid(self, payout: Payout, at: datetime) -> None:
        """Post that a payout left the bank."""
        ...


class Catalogue(Protocol):
    """What the mall asks of the catalogue."""

    async def vendor_of(self, product_id: ProductId) -> VendorId | None:
        """Whose a product is; :class:`Unknown` if there is none."""
        ...

    async def check_category(self, category_id: CategoryId) -> None:
        """Refuse a category that there is none of."""
        ...


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Units of order lines that a vendor hands to a carrier; all of theirs if none is named."""

    order_id: OrderId
    vendor_id: VendorId
    lines: tuple[tuple[OrderLineId, int], ...]
    carrier: str
    tracking_number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dispatched:
    """A parcel of a vendor's as it stands."""

    shipment_id: ShipmentId
    order_id: OrderId
    state: str
    version: int


class Parcels(Protocol):
    """What leaves for a vendor, asked of fulfillment."""

    async def ship(self, wish: Dispatch) -> Dispatched:
        """Hand units to a carrier; what is another vendor's is :class:`Unknown`."""
        ...

    async def delivered(
        self, shipment_id: ShipmentId, vendor_id: VendorId, at: datetime
    ) -> Dispatched:
        """Note that a parcel of this vendor's has arrived; another's is :class:`Unknown`."""
        ...


class Windows(Protocol):
    """What vendors are shown of the shop, asked of ordering, fulfillment and the catalogue."""

    async def portions(self, order_id: OrderId) -> list[VendorOrderView]:
        """An order, vendor by vendor; :class:`Unknown` if there is no such order."""
        ...

    async def orders_of(
        self, vendor_id: VendorId, after: int | None, limit: int
    ) -> list[VendorOrderView]:
        """A vendor's orders, the newest number first, below the number ``after``."""
        ...

    async def parcels(self, order_id: OrderId, vendor_id: VendorId) -> list[ParcelView]:
        """A vendor's parcels of an order."""
        ...

    async def parcel(self, shipment_id: ShipmentId, vendor_id: VendorId) -> ParcelView:
        """A parcel of a vendor's; another's is :class:`Unknown`."""
        ...

    async def goods(
        self, vendor_id: VendorId, after: tuple[str, UUID] | None, limit: int
    ) -> list[GoodsView]:
        """A vendor's products by title."""
        ...

    async def product(self, product_id: ProductId, vendor_id: VendorId) -> GoodsView:
        """A product of a vendor's; another's is :class:`Unknown`."""
        ...
