"""Facts of shipments and returns, of digital files and who may download them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from tradepost.kernel.ids import (
    DigitalFileId,
    DownloadGrantId,
    OrderId,
    OrderLineId,
    ReturnId,
    ShipmentId,
    VariantId,
)
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class MovedLine:
    """Units of an article; ``order_line_id`` where they belong to an order."""

    variant_id: VariantId
    order_line_id: OrderLineId | None
    quantity: int


@dataclass(frozen=True, slots=True)
class ShipmentMoved(Fact):
    """A parcel was made or went a step further."""

    name: ClassVar[str] = "shipment.moved"
    stream: ClassVar[str] = "shipment"
    key: ClassVar[str] = "shipment_id"
    shipment_id: ShipmentId
    order_id: OrderId
    state: str
    lines: tuple[MovedLine, ...]


@dataclass(frozen=True, slots=True)
class ShipmentAnonymized(Fact):
    """A parcel can no longer be followed to the person who got it."""

    name: ClassVar[str] = "shipment.anonymized"
    stream: ClassVar[str] = "shipment"
    key: ClassVar[str] = "shipment_id"
    shipment_id: ShipmentId
    order_id: OrderId


@dataclass(frozen=True, slots=True)
class ReturnMoved(Fact):
    """A return was asked for or went a step further; ``total`` in minor units of ``currency``."""

    name: ClassVar[str] = "return.moved"
    stream: ClassVar[str] = "return"
    key: ClassVar[str] = "return_id"
    return_id: ReturnId
    order_id: OrderId | None
    state: str
    currency: str
    total: int
    lines: tuple[MovedLine, ...]


@dataclass(frozen=True, slots=True)
class DigitalFileChanged(Fact):
    """What buyers of a digital article are given was put in place, replaced, or had its terms set.

    ``size`` in bytes; without ``link_hours`` or ``downloads_max`` the shop's own settings hold.
    """

    name: ClassVar[str] = "digital_file.changed"
    stream: ClassVar[str] = "digital_file"
    key: ClassVar[str] = "file_id"
    file_id: DigitalFileId
    variant_id: VariantId
    size: int
    sha256: str
    link_hours: int | None
    downloads_max: int | None


@dataclass(frozen=True, slots=True)
class _DownloadFact(Fact):
    stream: ClassVar[str] = "download"
    key: ClassVar[str] = "grant_id"
    grant_id: DownloadGrantId
    order_id: OrderId
    order_line_id: OrderLineId


@dataclass(frozen=True, slots=True)
class DownloadGranted(_DownloadFact):
    """A digital article was paid for: its buyer may download it, so often and until then."""

    name: ClassVar[str] = "download.granted"
    variant_id: VariantId
    downloads_max: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DownloadStarted(_DownloadFact):
    """A download began anew; ``downloads_used`` counts it."""

    name: ClassVar[str] = "download.started"
    downloads_used: int


@dataclass(frozen=True, slots=True)
class DownloadExtended(_DownloadFact):
    """Somebody who works here gave the buyer more time or more downloads."""

    name: ClassVar[str] = "download.extended"
    downloads_max: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DownloadRevoked(_DownloadFact):
    """The link is good no more, by ``cause``: refunded, cancelled, or staff."""

    name: ClassVar[str] = "download.revoked"
    cause: str


@dataclass(frozen=True, slots=True)
class DownloadRestored(_DownloadFact):
    """A link that was revoked is good again."""

    name: ClassVar[str] = "download.restored"
