"""Bodies of requests to the mall."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tradepost.kernel.consignment import Party
from tradepost.mall.domain import BankDetails, VendorDetails
from tradepost.platform.web import Body
from tradepost.platform.web.body import Amount, Code, Line, Units, Version

LINES_MAX = 10_000
PAYOUTS_MAX = 5_000


class BankBody(Body, frozen=True):
    """Where money goes: an IBAN is checked; any other account number is taken as it is."""

    holder: Line
    account: Line
    bank_code: Line = ""
    bank_name: Line = ""

    def details(self) -> BankDetails:
        """The same as the domain has it."""
        return BankDetails.parse(self.holder, self.account, self.bank_code, self.bank_name)


class VendorBody(Body, frozen=True):
    """What is agreed with a vendor; rates in parts per million, 125000 is 12.5 percent.

    ``seller``: the seller of record, who owes the tax; ``shipping`` and ``cod_fee``: who earns
    these fees; ``discount``: who bears discounts.
    """

    name: Line
    commission_ppm: Amount = 0
    seller: Party = Party.MALL
    shipping: Party = Party.VENDOR
    cod_fee: Party = Party.MALL
    discount: Party = Party.VENDOR
    payout_least: Amount = 0
    bank: BankBody | None = None

    def details(self) -> VendorDetails:
        """The same as the domain has it."""
        return VendorDetails(
            self.name,
            self.commission_ppm,
            self.seller,
            self.shipping,
            self.cod_fee,
            self.discount,
            self.payout_least,
            self.bank.details() if self.bank else None,
        )


class NewVendorBody(VendorBody, frozen=True, kw_only=True):
    """A vendor that there is not yet."""

    code: Code


class VendorAction(StrEnum):
    """A step of a vendor's life."""

    ACTIVATE = "activate"
    SUSPEND = "suspend"
    CLOSE = "close"


class VendorStatusBody(Body, frozen=True):
    """The step to take."""

    action: VendorAction


class RuleBody(Body, frozen=True):
    """A commission for a vendor, a category and all below it, a product, or all that is named."""

    commission_ppm: Amount
    vendor_id: UUID | None = None
    category_id: UUID | None = None
    product_id: UUID | None = None


class RateBody(Body, frozen=True):
    """Another rate."""

    commission_ppm: Amount


class RunBody(Body, frozen=True):
    """Up to which business day, that day included."""

    until: date


class ExportBody(Body, frozen=True):
    """Which open payouts; all of them if none is named."""

    payout_ids: Annotated[tuple[UUID, ...], Meta(max_length=PAYOUTS_MAX)] = ()


class PaidBody(Body, frozen=True):
    """What the bank's paper calls it."""

    reference: Line = ""
    version: Version | None = None


class OwnUnitsBody(Body, frozen=True):
    """So many units of an order line."""

    order_line_id: UUID
    quantity: Units


class OwnShipBody(Body, frozen=True):
    """What a carrier takes; without lines it is everything of theirs that is open."""

    lines: Annotated[tuple[OwnUnitsBody, ...], Meta(max_length=LINES_MAX)] = ()
    carrier: Line = ""
    tracking_number: Line = ""


class Language(StrEnum):
    """What a statement is written in."""

    EN = "en"
    JA = "ja"
