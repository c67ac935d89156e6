"""Which shop a request is for: host names made comparable, and a directory that keeps profiles.

A name grants nothing; it only says whose shop is meant (docs/decisions). What a profile holds is
the tenancy context's business.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from tradepost.kernel.errors import Invalid, Unknown
from tradepost.kernel.hosts import host_name, is_address
from tradepost.kernel.ids import TenantId
from tradepost.platform.fresh import Fresh, Seconds

PROFILE_AGE_MAX_S = 5.0
NAMES_KEPT_MAX = 10_000
NAME_SHOWN_MAX = 80
HOST_LENGTH_MAX = 253
LOOPBACK_HOSTS = ("localhost",)


@dataclass(eq=False)
class HostUnclear(Invalid):
    """The request names {count} hosts.

    Send exactly one Host header.
    """

    count: int


class Profile(Protocol):
    """What the platform asks of a profile."""

    @property
    def id(self) -> TenantId:
        """Whose profile it is."""
        ...

    @property
    def code(self) -> str:
        """The code that ``X-Tenant`` names it by."""
        ...


P = TypeVar("P", bound=Profile)
P_co = TypeVar("P_co", bound=Profile, covariant=True)


class Profiles(Protocol[P_co]):
    """Where profiles are looked up; none when the name is nobody's."""

    async def by_id(self, tenant_id: TenantId) -> P_co | None:
        """The profile of a tenant."""
        ...

    async def by_code(self, code: str) -> P_co | None:
        """The profile of the tenant with a code."""
        ...

    async def by_host(self, host: str) -> P_co | None:
        """The profile of the tenant that a normalised host name belongs to."""
        ...


@dataclass(frozen=True, slots=True)
class HostPlan:
    """How host names are read.

    ``base_domains`` have shops below them: ``<code>.<base>``. ``service_hosts`` are our own and
    name no shop, as addresses never do. ``only_code`` is the shop of a single-tenant set-up.
    """

    base_domains: tuple[str, ...] = ()
    service_hosts: tuple[str, ...] = LOOPBACK_HOSTS
    only_code: str | None = None


class TenantDirectory(Generic[P]):
    """Profiles by id, code and host, at most five seconds old; one look-up a name at a time."""

    def __init__(
        self,
        profiles: Profiles[P],
        plan: HostPlan | None = None,
        *,
        seconds: Seconds = time.monotonic,
    ) -> None:
        self.plan = plan or HostPlan()
        self._profiles = profiles
        self._known: Fresh[TenantId, P] = Fresh(PROFILE_AGE_MAX_S, seconds=seconds)
        self._names: Fresh[tuple[str, str], TenantId] = Fresh(
            PROFILE_AGE_MAX_S, kept_max=NAMES_KEPT_MAX, nothing=True, seconds=seconds
        )

    async def resolve(self, hosts: Sequence[str], named: str | None = None) -> P:
        """The shop that the Host headers and ``X-Tenant`` name; given both, they must agree.

        :raises HostUnclear: unless there is exactly one Host header.
        :raises BadHost: if it is no host.
        :raises Unknown: if they name no shop, or two.
        """
        if len(hosts) != 1:
            raise HostUnclear(len(hosts))
        host = host_name(hosts[0])
        if is_address(host) or host in self.plan.service_hosts:
            code = named if named is not None else self.plan.only_code
            found = await self._by_name("code", code) if code else None
        else:
            found = await self._by_host(host)
            if found is not None and named is not None and named != found.code:
                found = None
        if found is None:
            raise Unknown("shop", (named or host)[:NAME_SHOWN_MAX])
        return found

    async def load(self, tenant_id: TenantId) -> P | None:
        """The profile of a tenant, from memory or from the store; none if there is none."""
        return await self._known.get(tenant_id, lambda: self._profiles.by_id(tenant_id))

    def profile(self, tenant_id: TenantId) -> P:
        """The profile that :meth:`load` has just brought.

        :raises Unknown: if there is no such tenant.
        """
        found = self._known.last(tenant_id)
        if found is None:
            raise Unknown("shop", str(tenant_id))
        return found

    def forget(self, tenant_id: TenantId) -> None:
        """The tenant has changed: look it up anew when it is next asked for."""
        self._known.expire(tenant_id)
        self._names.expire_where(lambda named: named in (tenant_id, None))

    async def _by_host(self, host: str) -> P | None:
        for base in self.plan.base_domains:
            code, dot, _ = host.partition(".")
            if dot and host == f"{code}.{base}":
                return await self._by_name("code", code)
        return await self._by_name("host", host)

    async def _by_name(self, kind: str, name: str) -> P | None:
        if len(name) > HOST_LENGTH_MAX:
            return None
        tenant_id = await self._names.get((kind, name), lambda: self._named(kind, name))
        return None if tenant_id is None else await self.load(tenant_id)

    async def _named(self, kind: str, name: str) -> TenantId | None:
        """Whose name it is; the profile that came with the answer is kept."""
        look = self._profiles.by_host if kind == "host" else self._profiles.by_code
        found = await look(name)
        if found is None:
            return None
        self._known.put(found.id, found)
        return found.id
