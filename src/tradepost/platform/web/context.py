"""Who asks, for which shop, and what they may: what every route is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

import structlog
from litestar.di import NamedDependency

from tradepost.kernel.ids import TenantId, made_at
from tradepost.kernel.messages import Actor, Command, Scope
from tradepost.platform.bus import Bus, Wish
from tradepost.platform.idempotency import REPLAYED
from tradepost.platform.telemetry.traces import NoTraces, Traces
from tradepost.platform.web.door import Door
from tradepost.platform.web.errors import KeyGuessable, NotOffered
from tradepost.platform.web.kept import KeptAnswers
from tradepost.platform.web.keys import is_guessable
from tradepost.platform.web.rates import Limit, RateLimiter
from tradepost.platform.web.settings import WebSettings
from tradepost.platform.web.signing import Signer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shop:
    """What the doors know of a tenant: pages that may call it, requests a minute by class, days
    for which what is handed out by a purpose (a cart's token, an order's link) stays good, and
    what of the doors it has switched on."""

    tenant_id: TenantId
    code: str
    origins: frozenset[str] = frozenset()
    limits: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    features: frozenset[str] = frozenset()
    counted: dict[str, tuple[str, Limit]] = field(default_factory=dict, compare=False)
    """Limits by class as they were last looked up, with the name they are counted under."""


class Shops(Protocol):
    """Finds the shop that a request names."""

    async def find(
        self, hosts: Sequence[str], named: str | None, *, audience: str, work: bool
    ) -> Shop:
        """The shop of the Host headers and ``X-Tenant``, if it is open for this.

        :raises Refusal: if they name none, or it is closed.
        """
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token speaks for, in which shop (the platform's own people: in all of them), and the
    sign-in it belongs to."""

    actor: Actor
    tenant_id: TenantId
    sign_in_id: UUID | None = None
    everywhere: bool = False


class TokenReader(Protocol):
    """Reads bearer tokens; the identity context answers it."""

    async def read(self, token: str, audience: str) -> Identity:
        """Whom an access token speaks for at this audience.

        :raises Unauthenticated: if it is not one of this audience, or no longer good.
        """
        ...


@dataclass(frozen=True, slots=True)
class Office:
    """What the doors of one app need from the house."""

    audience: str
    bus: Bus
    shops: Shops
    tokens: TokenReader
    limiter: RateLimiter
    settings: WebSettings
    services: Mapping[type, Any] = field(default_factory=dict)
    traces: Traces = field(default_factory=NoTraces)
    kept: KeptAnswers | None = None


@dataclass(frozen=True, slots=True)
class Station:
    """What every app needs, also one that is no shop's; its own guard brings the rest."""

    audience: str
    settings: WebSettings
    limiter: RateLimiter
    traces: Traces = field(default_factory=NoTraces)
    services: Mapping[type, Any] = field(default_factory=dict)

    def get(self, service: type[T]) -> T:
        """A service that the one who opened the station has given it."""
        found: T = self.services[service]
        return found


class Caller:
    """One request, as its route sees it: scope, actor, and the way to the bus."""

    def __init__(
        self,
        office: Office,
        shop: Shop,
        scope: Scope,
        door: Door,
        key: str | None,
        identity: Identity | None = None,
    ) -> None:
        self.scope = scope
        self.shop = shop
        self.door = door
        self.key = key
        self.identity = identity
        """Whom the token speaks for, if there is one."""
        self.version: int | None = None
        """The version that If-Match names, on routes that need it."""
        self._office = office

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.scope.actor

    @property
    def tenant_id(self) -> TenantId:
        """Whose shop it is."""
        return self.scope.tenant_id

    @property
    def customer_id(self) -> UUID | None:
        """The customer who is signed in."""
        return self.actor.id if self.actor.kind == "customer" else None

    @property
    def courier_id(self) -> UUID | None:
        """The courier who is signed in."""
        return self.actor.id if self.actor.kind == "courier" else None

    @property
    def matched(self) -> int:
        """The version of If-Match, on a route that needs it."""
        assert self.version is not None, "declare door(..., if_match=True)"
        return self.version

    @property
    def fresh_within_ms(self) -> int:
        """How old an answer of a route that keeps them may be when it is given."""
        kept = self._office.kept is not None
        return self._office.settings.kept.fresh_ms_max if kept else 0

    async def send(self, command: Command, *, key: str | None = None) -> Any:
        """Grant a wish, under the request's Idempotency-Key if its door takes one."""
        REPLAYED.set(False)
        if self.key and key is None:
            self.check_key()
        with self._office.traces.step(type(command).__name__):
            return await self._office.bus.send(self.scope, command, key=key or self.key)

    def check_key(self) -> None:
        """Refuse the key of a guest who holds nothing, if somebody else may come to the same.

        What is answered to a key opens a cart or an order, so it must be told to one guest only.

        :raises KeyGuessable: for a key that is no random UUID.
        """
        held = self.actor.kind != "guest" or self.scope.holder
        if self.key and not held and is_guessable(self.key):
            raise KeyGuessable

    async def send_whole(self, *commands: Command) -> list[Any]:
        """Grant several wishes in one transaction: all of them, or the first refusal is raised."""
        wishes = [Wish(command) for command in commands]
        with self._office.traces.step("+".join(type(one).__name__ for one in commands)):
            return await self._office.bus.send_all(self.scope, wishes, whole=True)

    async def preview(self, command: Command) -> Any:
        """What a wish would be answered; nothing is changed."""
        with self._office.traces.step(f"preview {type(command).__name__}"):
            return await self._office.bus.preview(self.scope, command)

    async def ask(self, query: Callable[..., Awaitable[T]], *args: Any, **named: Any) -> T:
        """Run a query on the shop's data."""
        with self._office.traces.step(getattr(query, "__name__", "query")):
            return await self._office.bus.ask(self.scope, query, *args, **named)

    def get(self, service: type[T]) -> T:
        """A service that the house has given the doors.

        :raises NotOffered: if this process has none.
        """
        found: T | None = self._office.services.get(service)
        if found is None:
            raise NotOffered(service.__name__)
        return found

    def note(self, **ids: object) -> None:
        """Have the log of this request name a record that its path does not."""
        structlog.contextvars.bind_contextvars(**{name: str(id) for name, id in ids.items()})

    def now(self) -> datetime:
        """This instant, by the house's clock."""
        return self._office.bus.clock.now()

    def new_id(self) -> UUID:
        """A fresh identifier, for what is kept later or never."""
        return self._office.bus.ids.new()

    def signer(self, purpose: str) -> Signer:
        """Seals texts for a purpose."""
        return Signer(self._office.settings.signing_secrets, purpose)

    def pass_for(self, purpose: str, id: UUID) -> str:
        """A text that opens a record to whoever holds it: a guest's cart, an order's link.

        It is the same whenever it is asked for, so that a repeated request is answered alike.
        """
        return self.signer(purpose).seal(self.tenant_id, str(id), b"")

    def opens(self, purpose: str, id: UUID, given: str | None) -> bool:
        """Whether a text is the pass for a record, and the shop's days for it are not over."""
        if not given or not self.signer(purpose).fits(self.tenant_id, str(id), given):
            return False
        days = self.shop.days.get(purpose)
        age = self._office.bus.clock.now() - made_at(id)
        if days is not None and age >= timedelta(days=days):
            return False
        if self.actor.kind == "guest":  # told apart from others by what they hold
            self.scope = replace(self.scope, holder=f"{purpose}:{id}")
        return True


FromCaller = NamedDependency[Caller]
"""Write ``caller: FromCaller`` in a route."""
