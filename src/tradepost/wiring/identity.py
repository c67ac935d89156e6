"""Binds identity: its repositories, customers' records, the tenants' policies, the doors."""

from __future__ import annotations

import time
from datetime import datetime

from tradepost.customers.commands import CreateCustomer, create_customers
from tradepost.customers.domain import Contact
from tradepost.customers.storage import SqlCustomers, SqlGroups
from tradepost.identity import commands, ports
from tradepost.identity.gateway.passwords import Argon2Hasher
from tradepost.identity.http.doors import SignInDoors
from tradepost.identity.http.pins import PinDoors
from tradepost.identity.ports import SignInPolicy
from tradepost.identity.queries import Authenticator
from tradepost.identity.storage import (
    SqlAccounts,
    SqlCourierAccounts,
    SqlPins,
    SqlRoles,
    SqlSignIns,
    SqlStaff,
)
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import CustomerId, TenantId
from tradepost.platform.bus import Bound, Bus
from tradepost.platform.fresh import Seconds
from tradepost.platform.sweeps import sweeping
from tradepost.platform.tokens import Tokens
from tradepost.platform.web.rates import Limit, RateLimiter
from tradepost.wiring.open_vendors import OpenVendors
from tradepost.wiring.tenancy import Directory


class RecordsOfCustomers:
    """Answers identity's ``CustomerRecords`` port by customers' own command, in the same work."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound

    async def register(
        self, given_name: str, family_name: str, email: str, at: datetime
    ) -> CustomerId:
        work = self._bound.work
        wish = CreateCustomer(Contact(given_name, family_name, email=email), at=at)
        (answer,) = await create_customers(
            [wish],
            SqlCustomers(work),
            SqlGroups(work),
            facts=self._bound.facts,
            ids=self._bound.ids,
        )
        if isinstance(answer, Refusal):
            raise answer
        return answer


class PoliciesOfTenants:
    """Answers identity's ``Policies`` port from the directory."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def of(self, tenant_id: TenantId) -> SignInPolicy:
        profile = await self._directory.load(tenant_id)
        if profile is None:
            return SignInPolicy()
        settings = profile.settings
        return SignInPolicy(
            sign_up=settings.sign_up,
            password_length_min=settings.password_length_min,
            tries_per_account_per_minute=settings.sign_in_tries_per_account_per_minute,
            tries_per_address_per_minute=settings.sign_in_tries_per_address_per_minute,
            customer_access_minutes=settings.customer_access_minutes,
            customer_refresh_hours=settings.customer_refresh_days * 24,
            staff_access_minutes=settings.staff_access_minutes,
            staff_refresh_hours=settings.staff_refresh_hours,
        )


class TriesByLimiter:
    """Answers identity's ``Tries`` port by the limiter that all doors share."""

    def __init__(self, limiter: RateLimiter) -> None:
        self._limiter = limiter

    async def take(self, key: str, per_minute: int) -> int:
        verdict = await self._limiter.take(key, Limit(per_minute))
        return 0 if verdict.allowed else verdict.retry_after_s


HANDLERS = commands.HANDLERS
BINDINGS = {
    ports.Accounts: lambda bound: SqlAccounts(bound.work),
    ports.CourierAccounts: lambda bound: SqlCourierAccounts(bound.work),
    ports.Pins: lambda bound: SqlPins(bound.work),
    ports.StaffBook: lambda bound: SqlStaff(bound.work),
    ports.Roles: lambda bound: SqlRoles(bound.work),
    ports.SignIns: lambda bound: SqlSignIns(bound.work),
    ports.CustomerRecords: RecordsOfCustomers,
    ports.KnownVendors: OpenVendors,
}

SWEEPS = {"identity.sign_ins": sweeping("identity.sign_ins", 3600, commands.TidySignIns)}


def doors_of(
    bus: Bus,
    tokens: Tokens,
    directory: Directory,
    limiter: RateLimiter,
    hasher: ports.Hasher | None = None,
    *,
    seconds: Seconds = time.monotonic,
) -> SignInDoors:
    """The flows of signing in over a bus; one a process, since it has threads of its own."""
    return SignInDoors(
        bus,
        tokens,
        Authenticator(bus.store, tokens, seconds=seconds),
        hasher or Argon2Hasher(),
        TriesByLimiter(limiter),
        PoliciesOfTenants(directory),
    )


def pin_doors_of(
    bus: Bus, doors: SignInDoors, limiter: RateLimiter, directory: Directory
) -> PinDoors:
    """The flows of PINs, beside those of signing in."""
    shared = doors.tokens, doors.authenticator, doors.hasher
    return PinDoors(bus, *shared, TriesByLimiter(limiter), PoliciesOfTenants(directory))
