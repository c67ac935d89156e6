"""The reasons fulfillment says no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tradepost.kernel.errors import (
    BadValue,
    Conflict,
    Gone,
    Invalid,
    NotFound,
    Refused,
    TooLarge,
    Unavailable,
)


@dataclass(eq=False)
class NothingToShip(Refused):
    """Order {number} has nothing left to ship.

    Look at its shipments; services and digital goods need none.
    """

    number: int


@dataclass(eq=False)
class MoreThanOrdered(Refused):
    """Only {open} units of line {line_id} are still to ship; {wanted} were named.

    Ship the open units or fewer.
    """

    line_id: str
    open: int
    wanted: int


@dataclass(eq=False)
class NotReadyToShip(Refused):
    """Order {number} is {state} and cannot be shipped.

    Record its payment first, or choose an order that is pending_shipment.
    """

    number: int
    state: str


@dataclass(eq=False)
class MoreThanShipped(Refused):
    """Only {open} units of line {line_id} can still come back; {wanted} were named.

    Name what was shipped and has not been returned before.
    """

    line_id: str
    open: int
    wanted: int


@dataclass(eq=False)
class NothingReturned(Invalid):
    """A return needs at least one line with a positive quantity.

    Name what comes back.
    """


@dataclass(eq=False)
class AboveReturnLimit(TooLarge):
    """A return without a receipt may be worth {limit:money} {currency} at most; this one
    is {total:money}.

    Find the receipt, or ask a manager to raise the shop's limit.
    """

    total: int
    limit: int
    currency: str


@dataclass(eq=False)
class TooLateToReturn(Refused):
    """Units of line {line_id} could come back until {last_day}, {days} days after they arrived.

    Ask somebody who may take returns late.
    """

    line_id: str
    last_day: str
    days: int


@dataclass(eq=False)
class ArticleUnknown(Refused):
    """There is no article {sku} to take back.

    Look the article up again.
    """

    sku: str


@dataclass(eq=False)
class NowhereToPut(Refused):
    """The shop has no location that goods could come back to.

    Create a location first.
    """


@dataclass(eq=False)
class BadFile(BadValue):
    """{field}: {problem}

    Send a file name such as book.pdf and a media type such as application/pdf.
    """


@dataclass(eq=False)
class NotDigital(Refused):
    """Article {sku} is {fulfillment_type}; only digital articles have a file.

    Choose a digital variant, or change what this one is.
    """

    sku: str
    fulfillment_type: str


@dataclass(eq=False)
class FileThere(Conflict):
    """The article has a file already; it is at version {version}.

    Name that version to replace it.
    """

    version: int


@dataclass(eq=False)
class FileNotStored(Refused):
    """There is no file {key} in the shop's file store.

    Put it there first, under the shop's own folder, or upload it here.
    """

    key: str


@dataclass(eq=False)
class NoSuchDownload(NotFound):
    """There is no such download.

    Open the link as it stands on the order's page.
    """


@dataclass(eq=False)
class LinkExpired(Gone):
    """The link was good until {expires_at:%Y-%m-%d %H:%M} UTC.

    Ask the shop to extend it.
    """

    expires_at: datetime


@dataclass(eq=False)
class LinkRevoked(Gone):
    """The link is good no more: what it led to was refunded, or the shop took it back.

    Ask the shop if that should not be so.
    """


@dataclass(eq=False)
class DownloadsUsedUp(Gone):
    """It was downloaded as often as it may be: {downloads_max} times.

    Ask the shop for another download.
    """

    downloads_max: int


@dataclass(eq=False)
class NothingExtended(Invalid):
    """Neither hours nor downloads are given.

    Say how much more time, or how many more downloads, the buyer gets.
    """


@dataclass(eq=False)
class FileMissing(Unavailable):
    """The shop has not put the file in its place yet, or its file store cannot be reached.

    Try again after {retry_after_s} seconds; nothing was counted.
    """

    retry_after_s: int = 60


@dataclass(eq=False)
class UploadsRunning(Unavailable):
    """Too many files are being uploaded at once.

    Send it again after {retry_after_s} seconds.
    """

    retry_after_s: int = 30
