"""Signed tokens: one secret an audience, one algorithm, and a type in the header of each.

A header is never parsed. Ours are few and known letter by letter, so whatever is not one of them
(``alg: none``, foreign keys, ``crit``, a doubled name) is refused before anything is read
(RFC 8725, OWASP ASVS 9.1). Claims are read strictly after the signature has been found good.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec
from jwt import PyJWS
from jwt.exceptions import InvalidTokenError

from tradepost.kernel.clock import Clock
from tradepost.kernel.errors import Unauthenticated
from tradepost.kernel.ids import TenantId

ALGORITHM = "HS256"
TOKEN_LENGTH_MAX = 8192
SKEW_MAX_S = 5
_DAY_S = 86_400


class Audience(StrEnum):
    """Who a token is shown to; each has a secret of its own."""

    PUBLIC = "public"
    ADMIN = "admin"
    SERVICE = "service"
    PORTAL = "portal"


class TokenType(StrEnum):
    """What a token is for."""

    CUSTOMER = "customer"
    STAFF = "staff"
    REFRESH = "refresh"
    CART = "cart"
    ORDER = "order"
    TRACKING = "tracking"
    COURIER = "courier"
    SERVICE = "service"
    OPERATOR = "operator"


LIFE_MAX_S: Mapping[tuple[Audience, TokenType], int] = {
    (Audience.PUBLIC, TokenType.CUSTOMER): 600,
    (Audience.PUBLIC, TokenType.COURIER): 600,
    (Audience.PUBLIC, TokenType.REFRESH): 366 * _DAY_S,
    (Audience.PUBLIC, TokenType.CART): 366 * _DAY_S,
    (Audience.PUBLIC, TokenType.ORDER): 3651 * _DAY_S,
    (Audience.PUBLIC, TokenType.TRACKING): 366 * _DAY_S,
    (Audience.ADMIN, TokenType.STAFF): 300,
    (Audience.ADMIN, TokenType.REFRESH): 8 * _DAY_S,
    (Audience.SERVICE, TokenType.SERVICE): 300,
    (Audience.PORTAL, TokenType.OPERATOR): 300,
    (Audience.PORTAL, TokenType.REFRESH): 8 * _DAY_S,
}
"""The types that each audience knows, and how long a token of each may live at most."""


@dataclass(eq=False)
class BadToken(Unauthenticated):
    """The token is not valid here.

    Sign in again and send the new token.
    """


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a token says. ``sub`` is whom or what it is about, ``sid`` the sign-in it belongs to,
    ``epoch`` the count of the times that everything before was revoked, ``jti`` a refresh token's
    own secret."""

    iss: str
    aud: str
    sub: UUID
    tenant: TenantId
    iat: int
    exp: int
    epoch: int = 0
    sid: UUID | None = None
    jti: str = ""


@dataclass(frozen=True, slots=True)
class TokenSecrets:
    """The secrets of the audiences; the first of each signs, the others are only still believed.

    That each is long enough and its own is checked with the settings they come from.
    """

    by_audience: Mapping[Audience, tuple[bytes, ...]]

    @classmethod
    def of(cls, **secrets: str | Iterable[str]) -> TokenSecrets:
        """Secrets by the names of their audiences: ``public="…", admin=("new", "old")``."""
        listed = {
            Audience(name): (given,) if isinstance(given, str) else tuple(given)
            for name, given in secrets.items()
        }
        return cls({name: tuple(map(str.encode, given)) for name, given in listed.items()})

    def __repr__(self) -> str:
        return f"TokenSecrets({', '.join(self.by_audience)})"


_claims = msgspec.json.Decoder(Claims)


class Tokens:
    """Signs and reads the tokens of one installation."""

    def __init__(self, issuer: str, secrets: TokenSecrets, clock: Clock) -> None:
        self._issuer = issuer
        self._clock = clock
        self._jws = PyJWS([ALGORITHM])
        self._secrets = dict(secrets.by_audience)
        self._known: dict[tuple[Audience, bytes], tuple[TokenType, bytes]] = {}
        for audience, kind in LIFE_MAX_S:
            for secret in self._secrets.get(audience, ()):
                probe = self._jws.encode(b"", secret, ALGORITHM, _header(kind, secret))
                self._known[audience, probe.partition(".")[0].encode()] = (kind, secret)

    def issue(
        self,
        audience: Audience,
        kind: TokenType,
        sub: UUID,
        tenant_id: TenantId,
        life: timedelta,
        *,
        epoch: int = 0,
        sid: UUID | None = None,
        jti: str = "",
        at: datetime | None = None,
    ) -> str:
        """A token of a type; the same claims at the same instant make the same token."""
        life_s = int(life.total_seconds())
        assert 0 < life_s <= LIFE_MAX_S[audience, kind], (audience, kind, life)
        iat = int((at or self._clock.now()).timestamp())
        claims = Claims(self._issuer, audience, sub, tenant_id, iat, iat + life_s, epoch, sid, jti)
        secret = self._secrets[audience][0]
        header = _header(kind, secret)
        return self._jws.encode(msgspec.json.encode(claims), secret, ALGORITHM, header)

    def read(self, token: str, audience: Audience, *kinds: TokenType) -> Claims:
        """What a token of one of the types says, if it was made for this audience and still holds.

        :raises BadToken: whatever is wrong with it.
        """
        if len(token) > TOKEN_LENGTH_MAX or not token.isascii():
            raise BadToken()
        known = self._known.get((audience, token.partition(".")[0].encode()))
        if known is None or known[0] not in kinds:
            raise BadToken()
        kind, secret = known
        try:
            payload = self._jws.decode(token, secret, [ALGORITHM])
            claims = _claims.decode(payload)
        except (InvalidTokenError, msgspec.MsgspecError, ValueError) as why:
            raise BadToken() from why
        self._check(claims, audience, kind)
        return claims

    def type_of(self, token: str, audience: Audience) -> TokenType:
        """What a token that has been read is for."""
        kind, _ = self._known[audience, token.partition(".")[0].encode()]
        return kind

    def now(self) -> datetime:
        """The instant by which tokens are made and judged."""
        return self._clock.now()

    def successor(self, token: str, audience: Audience, jti: str) -> str:
        """The secret of the refresh token that follows one that has been read.

        It depends on nothing but that token and the secret that signed it, so that a repeated
        request is given the same successor, and nobody without the secret can tell it.
        """
        _, secret = self._known[audience, token.partition(".")[0].encode()]
        return hmac.new(secret, b"refresh:" + jti.encode(), hashlib.sha256).hexdigest()

    def _check(self, claims: Claims, audience: Audience, kind: TokenType) -> None:
        now = int(self._clock.now().timestamp())
        good = (
            claims.iss == self._issuer
            and claims.aud == audience
            and claims.iat <= now + SKEW_MAX_S
            and now < claims.exp <= claims.iat + LIFE_MAX_S[audience, kind]
        )
        if not good:
            raise BadToken()


def _header(kind: TokenType, secret: bytes) -> dict[str, str]:
    return {"typ": f"{kind}+jwt", "kid": _key_id(secret)}


def _key_id(secret: bytes) -> str:
    digest = hashlib.sha256(b"kid:" + secret).digest()
    return urlsafe_b64encode(digest[:6]).decode()
