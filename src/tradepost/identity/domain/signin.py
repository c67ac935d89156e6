"""One sign-in on one device: a family of refresh tokens, of which only the youngest is good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from tradepost.kernel.ids import RefreshId

GRACE = timedelta(seconds=10)
"""How long a token that has just been replaced is answered with the same successor once more."""


class SubjectKind(StrEnum):
    """Who signs in."""

    CUSTOMER = "customer"
    STAFF = "staff"
    COURIER = "courier"


class Renewal(StrEnum):
    """What came of showing a refresh token."""

    RENEWED = "renewed"
    REPEATED = "repeated"
    """The answer got lost and is given again."""
    REUSED = "reused"
    """Somebody showed a token that was replaced long ago: one of two is a thief."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A family of refresh tokens; tokens are kept as hashes only."""

    id: RefreshId
    kind: SubjectKind
    subject_id: UUID
    token_hash: str
    previous_hash: str | None
    renewed_at: datetime
    started_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    end_reason: str
    origin: str
    device: str
    version: int
    by_pin: bool = False

    @classmethod
    def started(
        cls,
        id: RefreshId,
        kind: SubjectKind,
        subject_id: UUID,
        token_hash: str,
        at: datetime,
        expires_at: datetime,
        *,
        origin: str,
        device: str,
        by_pin: bool = False,
    ) -> SignIn:
        """A new family with its first token."""
        return cls(
            id, kind, subject_id, token_hash, None, at, at, expires_at, None, "",
            origin[:64], device[:200], 1, by_pin,
        )  # fmt: skip

    def shown(self, token_hash: str, successor_hash: str, at: datetime) -> tuple[SignIn, Renewal]:
        """The family after a token of it was shown."""
        if self.ended_at is not None or at >= self.expires_at:
            return self, Renewal.ENDED
        if token_hash == self.token_hash:
            renewed = replace(
                self, token_hash=successor_hash, previous_hash=token_hash, renewed_at=at
            )
            return renewed, Renewal.RENEWED
        just_now = at - self.renewed_at <= GRACE
        if just_now and (token_hash, successor_hash) == (self.previous_hash, self.token_hash):
            return self, Renewal.REPEATED
        return self.ended("reuse", at), Renewal.REUSED

    def ended(self, reason: str, at: datetime) -> SignIn:
        """The family with no good token left."""
        return replace(self, ended_at=at, end_reason=reason)
