"""Where a tenant sells and keeps its goods: stores, and their locations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from tradepost.kernel.codes import Code
from tradepost.kernel.ids import LocationId, StoreId
from tradepost.kernel.text import one_line


class PlaceStatus(StrEnum):
    """Whether a store or location takes part in trade."""

    ACTIVE = "active"
    CLOSED = "closed"


class LocationKind(StrEnum):
    """What happens at a location."""

    SHOP = "shop"
    WAREHOUSE = "warehouse"
    RESTAURANT = "restaurant"
    DARK_STORE = "dark_store"


@dataclass(frozen=True, slots=True)
class Store:
    """A shop front of a tenant: a web shop, a chain of shops, a restaurant."""

    id: StoreId
    code: str
    name: str
    status: PlaceStatus
    version: int

    @classmethod
    def opened(cls, id: StoreId, code: str, name: str) -> Store:
        """A new store.

        :raises BadCode: or ``BadText``, for what cannot be its code or name.
        """
        return cls(id, Code.parse(code).value, one_line(name, "name"), PlaceStatus.ACTIVE, 1)

    def changed(self, name: str, status: PlaceStatus) -> Store:
        """The store under another name or in another status."""
        return replace(self, name=one_line(name, "name"), status=status)


@dataclass(frozen=True, slots=True)
class Location:
    """A place of a store where stock lives."""

    id: LocationId
    store_id: StoreId
    code: str
    name: str
    kind: LocationKind
    status: PlaceStatus
    version: int

    @classmethod
    def opened(
        cls, id: LocationId, store_id: StoreId, code: str, name: str, kind: LocationKind
    ) -> Location:
        """A new location.

        :raises BadCode: or ``BadText``, for what cannot be its code or name.
        """
        taken = Code.parse(code).value
        return cls(id, store_id, taken, one_line(name, "name"), kind, PlaceStatus.ACTIVE, 1)

    def changed(self, name: str, status: PlaceStatus) -> Location:
        """The location under another name or in another status."""
        return replace(self, name=one_line(name, "name"), status=status)
