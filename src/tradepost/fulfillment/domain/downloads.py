"""Who may download what was bought, how often and until when; and what counts as one download.

A download counts when it begins anew. Whoever asks for a range of bytes goes on with the download
that the same client began of the same file, in whatever order and by however many lines at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tradepost.fulfillment.domain.digital import DOWNLOADS_MAX, LINK_HOURS_MAX
from tradepost.fulfillment.errors import DownloadsUsedUp, LinkExpired, LinkRevoked, NothingExtended
from tradepost.kernel.ids import DownloadGrantId, DownloadId, OrderId, OrderLineId, VariantId
from tradepost.kernel.states import States
from tradepost.kernel.whole import whole_number

WINDOW: Final = timedelta(hours=24)
"""For so long after it began ranges go on with a download."""
PROMISED_TIMES_MAX: Final = 16
"""So many times the file's bytes may be asked for in one download, broken-off tries included."""


class GrantState(StrEnum):
    """Whether the link is good, as far as its time and number go."""

    ACTIVE = "active"
    REVOKED = "revoked"


STATES = States(
    "download",
    {
        GrantState.ACTIVE: {"extend": GrantState.ACTIVE, "revoke": GrantState.REVOKED},
        GrantState.REVOKED: {"restore": GrantState.ACTIVE},
    },
)


class Cause(StrEnum):
    """Why a link was revoked."""

    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class DownloadGrant:
    """The right of an order line's buyer to download its article, as it was when it was paid."""

    id: DownloadGrantId
    order_id: OrderId
    order_line_id: OrderLineId
    variant_id: VariantId
    state: GrantState
    downloads_max: int
    downloads_used: int
    granted_at: datetime
    expires_at: datetime
    note: str
    version: int

    @property
    def left(self) -> int:
        """How many downloads are left."""
        return self.downloads_max - self.downloads_used

    def status(self, at: datetime) -> str:
        """What people read of it: ready, or why it is good no more."""
        if self.state is GrantState.REVOKED:
            return "revoked"
        if at >= self.expires_at:
            return "expired"
        return "ready" if self.left > 0 else "used_up"

    def check(self, at: datetime) -> None:
        """Refuse a link that is not good any more.

        :raises LinkRevoked: or :class:`LinkExpired`.
        """
        if self.state is GrantState.REVOKED:
            raise LinkRevoked()
        if at >= self.expires_at:
            raise LinkExpired(self.expires_at)

    def begun(self) -> DownloadGrant:
        """With one more download counted.

        :raises DownloadsUsedUp: if none is left.
        """
        if self.left <= 0:
            raise DownloadsUsedUp(self.downloads_max)
        return replace(self, downloads_used=self.downloads_used + 1, version=self.version + 1)

    def extended(self, hours: int, downloads: int, at: datetime) -> DownloadGrant:
        """With more time, counted from now where it is over, and more downloads.

        :raises NothingExtended: if neither is given.
        :raises BadValue: if either goes beyond its bounds.
        """
        state = STATES.after(self.state, "extend")
        if not hours and not downloads:
            raise NothingExtended()
        whole_number(hours, "hours", 0, LINK_HOURS_MAX)
        most = whole_number(self.downloads_max + downloads, "downloads", 1, DOWNLOADS_MAX * 100)
        until = max(self.expires_at, at) + timedelta(hours=hours) if hours else self.expires_at
        return replace(
            self, state=state, downloads_max=most, expires_at=until, version=self.version + 1
        )

    def moved(self, action: str, note: str) -> DownloadGrant:
        """After ``revoke`` or ``restore``, with why."""
        state = STATES.after(self.state, action)
        return replace(self, state=state, note=note, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request wants: by which client, of which file (its SHA-256), how many bytes.

    ``in_part`` tells that it asked for a range, so that it may go on with what was begun.
    """

    client: str
    sha256: str
    size: int
    length: int
    in_part: bool


@dataclass(frozen=True, slots=True)
class Download:
    """One download that counted: of which bytes, by which client; ``promised`` adds up all that
    was asked for in it."""

    id: DownloadId
    grant_id: DownloadGrantId
    client: str
    sha256: str
    began_at: datetime
    promised: int

    def goes_on_with(self, asked: Asked, at: datetime) -> bool:
        """Whether a request of its client belongs to it."""
        return (
            asked.in_part
            and asked.sha256 == self.sha256
            and at < self.began_at + WINDOW
            and self.promised + asked.length <= PROMISED_TIMES_MAX * asked.size
        )

    def with_more(self, asked: Asked) -> Download:
        """With what a request of it asks for."""
        return replace(self, promised=self.promised + asked.length)


@dataclass(frozen=True, slots=True)
class DigitalLine:
    """A digital line of an order, in minor units: what it came to and what of it was credited."""

    line_id: OrderLineId
    variant_id: VariantId
    units: int
    gross: int
    credited: int

    @property
    def is_given_back(self) -> bool:
        """Whether nothing of it is bought any more; what was free cannot be credited."""
        return self.units <= 0 or 0 < self.gross <= self.credited


@dataclass(frozen=True, slots=True)
class DigitalOrder:
    """What must be known of an order to deliver its digital lines.

    ``is_all_left`` tells that its parcels have left; ``is_closable`` that nothing but goods and
    digital articles is in it, and nobody else closes it, so that it is complete with these.
    """

    id: OrderId
    is_placed: bool
    is_cancelled: bool
    is_paid: bool
    is_all_left: bool
    is_closable: bool
    lines: tuple[DigitalLine, ...]
