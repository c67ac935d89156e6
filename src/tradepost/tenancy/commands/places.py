"""Opening, renaming and closing stores and locations."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.events.tenancy import LocationCreated, LocationUpdated, StoreCreated, StoreUpdated
from tradepost.kernel.ids import Ids, LocationId, StoreId
from tradepost.kernel.messages import Command, Facts
from tradepost.tenancy.domain import Location, LocationKind, PlaceStatus, Store
from tradepost.tenancy.errors import CodeTaken
from tradepost.tenancy.ports import Locations, Stores


@dataclass(frozen=True, slots=True)
class CreateStore(Command):
    """Open a store."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ChangeStore(Command):
    """Rename, close or reopen a store."""

    store_id: StoreId
    name: str
    status: PlaceStatus
    version: int


@dataclass(frozen=True, slots=True)
class CreateLocation(Command):
    """Open a location of a store."""

    store_id: StoreId
    code: str
    name: str
    kind: LocationKind = LocationKind.WAREHOUSE


@dataclass(frozen=True, slots=True)
class ChangeLocation(Command):
    """Rename, close or reopen a location."""

    location_id: LocationId
    name: str
    status: PlaceStatus
    version: int


async def create_store(wish: CreateStore, stores: Stores, facts: Facts, ids: Ids) -> StoreId:
    """Keep a new store under a code nobody has."""
    store = Store.opened(StoreId(ids.new()), wish.code, wish.name)
    if await stores.by_code(store.code):
        raise CodeTaken("store", store.code)
    stores.add(store)
    facts.tell(StoreCreated(store.id, store.code), store.version, wish.at)
    return store.id


async def change_store(wish: ChangeStore, stores: Stores, facts: Facts) -> int:
    """Change a store's name and status."""
    store = (await stores.get(wish.store_id)).changed(wish.name, wish.status)
    version = await stores.save(store, wish.version)
    facts.tell(StoreUpdated(store.id, store.status), version, wish.at)
    return version


async def create_location(
    wish: CreateLocation, stores: Stores, locations: Locations, facts: Facts, ids: Ids
) -> LocationId:
    """Keep a new location under a code nobody has."""
    store = await stores.get(wish.store_id)
    made = LocationId(ids.new())
    location = Location.opened(made, store.id, wish.code, wish.name, wish.kind)
    if await locations.by_code(location.code):
        raise CodeTaken("location", location.code)
    locations.add(location)
    fact = LocationCreated(location.id, store.id, location.code, location.kind)
    facts.tell(fact, location.version, wish.at)
    return location.id


async def change_location(wish: ChangeLocation, locations: Locations, facts: Facts) -> int:
    """Change a location's name and status."""
    location = (await locations.get(wish.location_id)).changed(wish.name, wish.status)
    version = await locations.save(location, wish.version)
    facts.tell(LocationUpdated(location.id, location.status), version, wish.at)
    return version


HANDLERS = {
    CreateStore: create_store,
    ChangeStore: change_store,
    CreateLocation: create_location,
    ChangeLocation: change_location,
}
