"""A vendor: somebody for whom the shop sells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from tradepost.kernel.codes import Code
from tradepost.kernel.consignment import Contract, Party
from tradepost.kernel.ids import VendorId
from tradepost.kernel.states import States
from tradepost.kernel.text import one_line
from tradepost.kernel.whole import whole_number
from tradepost.mall.domain.bank import BankDetails
from tradepost.mall.domain.commission import checked_rate
from tradepost.mall.errors import VendorClosed

NAME_LONGEST: Final = 120
PAYOUT_LEAST_MAX: Final = 10**12


class VendorStatus(StrEnum):
    """Whether their goods are sold; what is owed to them is owed in every state."""

    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


STATES: Final = States(
    "vendor",
    {
        VendorStatus.PENDING: {"activate": VendorStatus.ACTIVE, "close": VendorStatus.CLOSED},
        VendorStatus.ACTIVE: {"suspend": VendorStatus.SUSPENDED, "close": VendorStatus.CLOSED},
        VendorStatus.SUSPENDED: {"activate": VendorStatus.ACTIVE, "close": VendorStatus.CLOSED},
        VendorStatus.CLOSED: {},
    },
)


@dataclass(frozen=True, slots=True)
class VendorDetails:
    """What is agreed with a vendor; see :class:`Contract` for the parties.

    ``commission_ppm`` is what the shop keeps, in parts per million, where no rule says otherwise;
    less than ``payout_least`` (minor units) is not paid out but carried to the next payout.
    """

    name: str
    commission_ppm: int = 0
    seller: Party = Party.MALL
    shipping: Party = Party.VENDOR
    cod_fee: Party = Party.MALL
    discount: Party = Party.VENDOR
    payout_least: int = 0
    bank: BankDetails | None = None


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor with the contract of today; what was sold keeps that of its day."""

    id: VendorId
    code: str
    name: str
    status: VendorStatus
    commission_ppm: int
    seller: Party
    shipping: Party
    cod_fee: Party
    discount: Party
    payout_least: int
    bank: BankDetails | None
    created_at: datetime
    version: int

    @classmethod
    def applying(cls, id: VendorId, code: str, details: VendorDetails, at: datetime) -> Vendor:
        """A new vendor, who does not sell yet.

        :raises BadCommission: for a rate that is none.
        """
        fresh = cls(
            id=id,
            code=Code.parse(code).value,
            name="",
            status=VendorStatus.PENDING,
            commission_ppm=0,
            seller=details.seller,
            shipping=details.shipping,
            cod_fee=details.cod_fee,
            discount=details.discount,
            payout_least=0,
            bank=None,
            created_at=at,
            version=1,
        )
        return fresh.agreed(details)

    def agreed(self, details: VendorDetails) -> Vendor:
        """Under other terms, which hold for what is sold from now on."""
        least = whole_number(details.payout_least, "payout_least", 0, PAYOUT_LEAST_MAX)
        return replace(
            self,
            name=one_line(details.name, "name", NAME_LONGEST),
            commission_ppm=checked_rate(details.commission_ppm),
            seller=details.seller,
            shipping=details.shipping,
            cod_fee=details.cod_fee,
            discount=details.discount,
            payout_least=least,
            bank=details.bank,
        )

    def moved(self, action: str) -> Vendor:
        """After an action of the state table."""
        return replace(self, status=STATES.after(self.status, action))

    def check_open(self) -> None:
        """Refuse a vendor who gets no more products."""
        if self.status is VendorStatus.CLOSED:
            raise VendorClosed(str(self.id))

    @property
    def sells(self) -> bool:
        """Whether shoppers can buy what is theirs."""
        return self.status is VendorStatus.ACTIVE

    @property
    def contract(self) -> Contract:
        """What a sale of today is under."""
        return Contract(self.id, self.seller, self.shipping, self.cod_fee, self.discount)
