"""What a shop and a vendor agreed on when the shop sells for them: frozen with every sale.

Ordering keeps it on the line, payments on what is credited, the ledger posts by it; so it is a
word that all of them share.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tradepost.kernel.ids import VendorId


class Party(StrEnum):
    """One of the two who sell together."""

    MALL = "mall"
    VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class Contract:
    """Who of the two is what in a sale of a vendor's goods.

    ``seller`` is the seller of record, who owes the state the tax; ``shipping`` and ``cod_fee``
    tell who earns what customers pay for these, ``discount`` who bears what is taken off.
    """

    vendor_id: VendorId
    seller: Party = Party.MALL
    shipping: Party = Party.VENDOR
    cod_fee: Party = Party.MALL
    discount: Party = Party.VENDOR
