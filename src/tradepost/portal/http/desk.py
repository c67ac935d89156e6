"""What the portal's routes work with: its bus, its cells, signing in, and the seals of forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from tradepost.kernel.contact import Email
from tradepost.kernel.errors import BadEmail
from tradepost.kernel.ids import SessionId, TenantId
from tradepost.kernel.messages import Actor, Command, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Reader
from tradepost.platform.tokens import Audience, BadToken, Tokens, TokenType
from tradepost.platform.vault import Vault
from tradepost.platform.web.rates import Limit, RateLimiter
from tradepost.platform.web.signing import Signer
from tradepost.portal.commands import StartSession
from tradepost.portal.domain import By, Person, PersonStatus, Session
from tradepost.portal.errors import TooManySignIns, WrongSignIn
from tradepost.portal.gateway.cell import Cells
from tradepost.portal.gateway.passwords import Hasher
from tradepost.portal.queries import SignedIn, person_of, signed_in

PORTAL: Final = TenantId(UUID(int=0))
"""Stands where a token or a work names a tenant: the portal's people are of none."""
ACCESS_LIFE: Final = timedelta(minutes=5)
TRIES_OF_ACCOUNT: Final = Limit(10, 60)
TRIES_OF_ADDRESS: Final = Limit(20, 60)


@dataclass(frozen=True, slots=True)
class Desk:
    """One portal process, as its routes see it."""

    bus: Bus
    cells: Cells
    vault: Vault
    tokens: Tokens
    hasher: Hasher
    limiter: RateLimiter
    forms: Signer
    wake: Callable[[], None]
    url: str | None = None
    """The portal's own address, if it was told."""

    @property
    def secure(self) -> bool:
        """Whether people come by https, so that cookies can be for https alone."""
        return self.url is not None and self.url.startswith("https://")

    def scope(self, who: By | None, tenant_id: TenantId = PORTAL, origin: str = "") -> Scope:
        """Work of somebody, for a tenant or for the portal itself."""
        id = None if who is None else who.person_id
        return Scope(tenant_id, Actor("person", id, origin=origin))

    async def send(self, who: By, tenant_id: TenantId, command: Command) -> object:
        """Grant a wish, and have whatever it writes down for a cell carried at once."""
        answer: object = await self.bus.send(self.scope(who, tenant_id), command)
        self.wake()
        return answer

    async def sign_in(self, email: str, password: str, origin: str) -> tuple[Person, Session]:
        """A new session for whoever knows the password.

        :raises WrongSignIn: whatever does not fit, in the same words and the same time.
        :raises TooManySignIns: by address or account.
        """
        await self._count(f"in:{origin}", TRIES_OF_ADDRESS)
        try:
            key = Email.parse(email).key
        except BadEmail:
            key = ""
        await self._count(f"to:{key}", TRIES_OF_ACCOUNT)

        async def look(db: Reader) -> Person | None:
            return await person_of(db, key)

        person = await self.bus.store.platform_read("look up who signs in", look)
        kept = person.password_hash if person else None
        good = await self.hasher.verify(kept, password[:1000])
        if person is None or not good or person.status is not PersonStatus.ACTIVE:
            raise WrongSignIn
        wish = StartSession(person_id=person.id, epoch=person.epoch)
        session: Session = await self.bus.send(self.scope(None, origin=origin), wish)
        return person, session

    def session_token(self, session: Session) -> str:
        """What a cookie holds, or what renews access: good as long as the session lives."""
        life = session.expires_at - session.started_at
        return self._token(TokenType.REFRESH, session, life)

    def access_token(self, session: Session) -> str:
        """What opens the JSON API for some minutes."""
        return self._token(TokenType.OPERATOR, session, ACCESS_LIFE)

    async def behind(self, token: str, kind: TokenType) -> SignedIn | None:
        """Who is behind a token; nobody if it is not good, or their session is over."""
        try:
            claims = self.tokens.read(token, Audience.PORTAL, kind)
        except BadToken:
            return None
        if claims.sid is None or claims.tenant != PORTAL:
            return None
        session_id, now = SessionId(claims.sid), self.bus.clock.now()

        async def look(db: Reader) -> SignedIn | None:
            return await signed_in(db, session_id, now)

        return await self.bus.store.platform_read("look up a sign-in", look)

    def _token(self, kind: TokenType, session: Session, life: timedelta) -> str:
        whose = (session.person_id, PORTAL)
        return self.tokens.issue(
            Audience.PORTAL, kind, *whose, life, epoch=session.epoch, sid=session.id
        )

    async def _count(self, key: str, limit: Limit) -> None:
        verdict = await self.limiter.take(f"portal:{key}", limit)
        if not verdict.allowed:
            raise TooManySignIns(verdict.retry_after_s)
