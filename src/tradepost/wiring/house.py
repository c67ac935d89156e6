"""The whole house, ready to be lived in: what every app is made from."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tradepost.counter.gateway.desk import TerminalDesk
from tradepost.delivery.http.secrets import CourierSecrets
from tradepost.fulfillment.http.payouts import PayOuts
from tradepost.identity.gateway.passwords import Argon2Hasher
from tradepost.identity.http.doors import SignInDoors
from tradepost.identity.http.inviting import Invitations
from tradepost.identity.queries import Authenticator
from tradepost.kernel.clock import Clock, SystemClock
from tradepost.kernel.ids import Ids, RandomIds, TenantId
from tradepost.payments.gateway.desk import PaymentDesk
from tradepost.payments.ports import Gateway
from tradepost.platform.bus import Bus
from tradepost.platform.db.health import check_store
from tradepost.platform.db.work import Store
from tradepost.platform.lanes import LaneLimits, LaneMetrics, Lanes
from tradepost.platform.live import Live
from tradepost.platform.telemetry.metrics import Metrics
from tradepost.platform.telemetry.traces import NoTraces, Traces
from tradepost.platform.tenancy import TenantDirectory
from tradepost.platform.tokens import Audience, Tokens, TokenSecrets
from tradepost.platform.web.context import Identity, Office, Shop, TokenReader
from tradepost.platform.web.errors import TokenUnfit
from tradepost.platform.web.kept import KeptAnswers, KeptFigures
from tradepost.platform.web.rates import LocalLimiter, RateLimiter
from tradepost.platform.web.settings import WebSettings
from tradepost.tenancy.domain import TenantProfile, Use
from tradepost.wiring.counter import terminal_desk
from tradepost.wiring.identity import PoliciesOfTenants, doors_of, pin_doors_of
from tradepost.wiring.parts import build_bus
from tradepost.wiring.payments import desk_of
from tradepost.wiring.rush import Interest, Rush, RushFigures, RushLimits
from tradepost.wiring.services import services
from tradepost.wiring.tenancy import Directory, directory_of

ISSUER = "tradepost"
IN_LANES = LaneLimits()
IN_RUSH = RushLimits()
SHOPS_KEPT_MAX = 10_000
"""Shops whose form for the doors is kept for as long as the directory has the same profile."""


class ShopsOfDirectory:
    """Finds shops for the doors, from the directory of tenants."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._last: dict[TenantId, tuple[TenantProfile, Shop]] = {}

    async def find(
        self, hosts: Sequence[str], named: str | None, *, audience: str, work: bool
    ) -> Shop:
        """The shop that a request names, if it is open for this."""
        profile = await self._directory.resolve(hosts, named)
        profile.admit(Use.SHOP if audience == "public" else Use.WORK if work else Use.READ)
        last = self._last.get(profile.id)
        if last is not None and last[0] is profile:
            return last[1]
        if len(self._last) >= SHOPS_KEPT_MAX:
            self._last.clear()
        shop = shop_of(profile)
        self._last[profile.id] = (profile, shop)
        return shop


def shop_of(profile: TenantProfile) -> Shop:
    """A tenant's profile as the doors know it."""
    settings = profile.settings
    limits = {
        "public": settings.public_requests_per_minute,
        "staff": settings.staff_requests_per_minute,
        "sign_in": settings.sign_in_tries_per_address_per_minute,
        "lookup": settings.order_lookups_per_minute,
    }
    days = {"cart": settings.cart_days, "order": settings.order_link_days}
    features = frozenset({"graphql"} if settings.graphql else ())
    return Shop(profile.id, profile.code, frozenset(settings.cors_origins), limits, days, features)


class TokensOfPeople:
    """Answers the doors' ``TokenReader`` from identity."""

    def __init__(self, authenticator: Authenticator) -> None:
        self._authenticator = authenticator

    async def read(self, token: str, audience: str) -> Identity:
        """Whom an access token speaks for."""
        person = await self._authenticator.person(token, Audience(audience))
        return Identity(person.actor, person.tenant_id, person.sign_in_id, person.everywhere)


def courier_secrets(doors: SignInDoors) -> CourierSecrets:
    """What the doors of couriers ask of those who keep passwords."""
    return CourierSecrets(doors.secret_of_courier, doors.give_courier_secret, doors.forget_courier)


class NoTokens:
    """Answers the doors' ``TokenReader`` in a house without secrets: nobody can sign in."""

    async def read(self, token: str, audience: str) -> Identity:
        """Refuse."""
        raise TokenUnfit


@dataclass(frozen=True, slots=True)
class House:
    """Store, bus and directory, and what the doors need beside them."""

    store: Store
    bus: Bus
    directory: Directory
    web: WebSettings
    tokens: TokenReader
    limiter: RateLimiter = field(default_factory=LocalLimiter)
    metrics: Metrics = field(default_factory=Metrics)
    services: dict[type, Any] = field(default_factory=services)
    """What routes may ask for with ``caller.get(...)``, beside the bus."""
    traces: Traces = field(default_factory=NoTraces)
    kept: KeptAnswers | None = None
    """Answers to guests; none are kept before a tail of the log has ``kept.see`` listen to it."""
    rush: Rush | None = None
    """The usher of the lanes, to be run beside the servers; none where there are no lanes."""
    closers: tuple[Callable[[], Awaitable[None] | None], ...] = ()

    @property
    def live(self) -> Live:
        """Messages of the moment; run it beside the servers, so that it hears other processes."""
        told: Live = self.services[Live]
        return told

    async def close(self) -> None:
        """Let go of the store and of what else was opened."""
        for close in self.closers:
            waiting = close()
            if waiting is not None:
                await waiting
        await asyncio.to_thread(self.traces.close)
        await self.store.close()

    def office(self, audience: str) -> Office:
        """What the doors of one audience's app need."""
        shops = ShopsOfDirectory(self.directory)
        return Office(
            audience,
            self.bus,
            shops,
            self.tokens,
            self.limiter,
            self.web,
            self.services,
            self.traces,
            self.kept if audience == "public" else None,
        )

    async def check_store(self) -> None:
        """Whether the store answers and its clock is right."""
        await check_store(self.store, self.bus.clock)


def build_house(
    store: Store,
    web: WebSettings,
    *,
    secrets: TokenSecrets | None = None,
    tokens: TokenReader | None = None,
    directory: Directory | None = None,
    limiter: RateLimiter | None = None,
    hasher: Argon2Hasher | None = None,
    ids: Ids | None = None,
    clock: Clock | None = None,
    traces: Traces | None = None,
    gateways: Mapping[str, Gateway] | None = None,
    lanes: LaneLimits | None = IN_LANES,
    rush: RushLimits = IN_RUSH,
    beside: Mapping[type, Any] | None = None,
    closers: Sequence[Callable[[], Awaitable[None] | None]] = (),
) -> House:
    """The house over a store. With ``secrets`` people can sign in; ``tokens`` reads theirs.

    ``beside`` are services of the doors that the operator chose. Without ``lanes`` every wish has
    a transaction of its own.
    """
    found, counts = directory or directory_of(store), limiter or LocalLimiter()
    interest = Interest()
    bus = build_bus(
        store,
        ids=ids or RandomIds(),
        clock=clock or SystemClock(),
        directory=found,
        interest=interest,
    )
    desk = desk_of(bus, gateways or {})
    pay_outs = PayOuts(desk.carry_out_return)
    given = services(beside) | {TenantDirectory: found, PaymentDesk: desk, PayOuts: pay_outs}
    given |= {RateLimiter: counts, TerminalDesk: terminal_desk(bus)}
    closing = list(closers)
    if secrets is not None:
        signed = Tokens(ISSUER, secrets, bus.clock)
        reckoning = hasher or Argon2Hasher()
        doors = doors_of(bus, signed, found, counts, reckoning)
        inviting = Invitations(bus, reckoning, PoliciesOfTenants(found), web.signing_secrets)
        courier, pins = courier_secrets(doors), pin_doors_of(bus, doors, counts, found)
        given |= {type(one): one for one in (doors, signed, inviting, courier, pins)}
        tokens = tokens or TokensOfPeople(doors.authenticator)
        closing += [reckoning.close] if hasher is None else []
    metrics = Metrics()
    kept = None
    if web.kept.fresh_ms_max:
        figures = KeptFigures(metrics.registry)
        kept = KeptAnswers(web.kept, figures, tenant_changed=found.forget)
    usher = None
    if lanes is not None:
        usher = Rush(bus, found, interest, rush, RushFigures(metrics.registry))
        closing.insert(0, Lanes(bus, lanes, LaneMetrics(metrics.registry), usher).close)
    return House(
        store,
        bus,
        found,
        web,
        tokens or NoTokens(),
        counts,
        metrics,
        services=given,
        traces=traces or NoTraces(),
        kept=kept,
        rush=usher,
        closers=tuple(closing),
    )
