"""The two tokens of a sign-in, and what is kept of the one that renews it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tradepost.identity.domain import SubjectKind
from tradepost.identity.ports import SignInPolicy
from tradepost.kernel.ids import RefreshId, TenantId
from tradepost.platform.tokens import Audience, Tokens, TokenType

AUDIENCES: Mapping[SubjectKind, Audience] = {
    SubjectKind.CUSTOMER: Audience.PUBLIC,
    SubjectKind.STAFF: Audience.ADMIN,
    SubjectKind.COURIER: Audience.PUBLIC,
}
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Family:
    """Whose refresh tokens they are, which sign-in's, and the times of the youngest."""

    kind: SubjectKind
    subject_id: UUID
    tenant_id: TenantId
    sign_in_id: RefreshId
    epoch: int
    renewed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The tokens of a sign-in, and until when they are good."""

    subject_id: UUID
    access_token: str
    access_life: timedelta
    refresh_token: str
    refresh_expires_at: datetime


def issued(tokens: Tokens, of: Family, jti: str, policy: SignInPolicy) -> SignedIn:
    """The two tokens; the refresh token depends on nothing that a repetition would change."""
    audience, access = AUDIENCES[of.kind], _access_life(of.kind, policy)
    refresh = max(of.expires_at - of.renewed_at, _SECOND)
    whose = (of.subject_id, of.tenant_id)
    short = TokenType(of.kind.value)
    return SignedIn(
        of.subject_id,
        tokens.issue(audience, short, *whose, access, epoch=of.epoch, sid=of.sign_in_id),
        access,
        tokens.issue(
            audience,
            TokenType.REFRESH,
            *whose,
            refresh,
            epoch=of.epoch,
            sid=of.sign_in_id,
            jti=jti,
            at=of.renewed_at,
        ),
        of.expires_at,
    )


def refresh_life(kind: SubjectKind, policy: SignInPolicy) -> timedelta:
    """How long somebody stays signed in who comes back in time."""
    customer = kind is SubjectKind.CUSTOMER
    return timedelta(
        hours=policy.customer_refresh_hours if customer else policy.staff_refresh_hours
    )


def hashed(secret: str) -> str:
    """What is kept of a secret that nobody can guess: it needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _access_life(kind: SubjectKind, policy: SignInPolicy) -> timedelta:
    public = AUDIENCES[kind] is Audience.PUBLIC
    return timedelta(
        minutes=policy.customer_access_minutes if public else policy.staff_access_minutes
    )
