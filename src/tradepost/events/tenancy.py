"""What happens to tenants, their stores and locations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tradepost.kernel.ids import LocationId, StoreId, TenantId
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class _TenantFact(Fact):
    stream: ClassVar[str] = "tenant"
    key: ClassVar[str] = "tenant_id"
    tenant_id: TenantId


@dataclass(frozen=True, slots=True)
class TenantCreated(_TenantFact):
    """A tenant was made, in draft."""

    name: ClassVar[str] = "tenant.created"
    type: str
    code: str
    default_currency: str


@dataclass(frozen=True, slots=True)
class TenantStateChanged(_TenantFact):
    """A tenant took a step of its life."""

    name: ClassVar[str] = "tenant.state_changed"
    action: str
    state_before: str
    state_after: str


@dataclass(frozen=True, slots=True)
class TenantChanged(_TenantFact):
    """A tenant's name, locale, time zone or settings changed; ``settings`` names those that did."""

    name: ClassVar[str] = "tenant.changed"
    settings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TenantHostsChanged(_TenantFact):
    """Host names were added to a tenant, or taken away."""

    name: ClassVar[str] = "tenant.hosts_changed"
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoreCreated(Fact):
    """A store was opened."""

    name: ClassVar[str] = "store.created"
    stream: ClassVar[str] = "store"
    key: ClassVar[str] = "store_id"
    store_id: StoreId
    code: str


@dataclass(frozen=True, slots=True)
class StoreUpdated(Fact):
    """A store's name or status changed."""

    name: ClassVar[str] = "store.updated"
    stream: ClassVar[str] = "store"
    key: ClassVar[str] = "store_id"
    store_id: StoreId
    status: str


@dataclass(frozen=True, slots=True)
class LocationCreated(Fact):
    """A location of a store was opened."""

    name: ClassVar[str] = "location.created"
    stream: ClassVar[str] = "location"
    key: ClassVar[str] = "location_id"
    location_id: LocationId
    store_id: StoreId
    code: str
    kind: str


@dataclass(frozen=True, slots=True)
class LocationUpdated(Fact):
    """A location's name or status changed."""

    name: ClassVar[str] = "location.updated"
    stream: ClassVar[str] = "location"
    key: ClassVar[str] = "location_id"
    location_id: LocationId
    status: str
