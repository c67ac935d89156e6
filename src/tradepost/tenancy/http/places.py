"""Stores and locations."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post, put

from tradepost.kernel.ids import LocationId, StoreId
from tradepost.kernel.permissions import Permission
from tradepost.platform.web import (
    Body,
    Caller,
    FromCaller,
    FromPath,
    JSONBody,
    door,
    versioned,
)
from tradepost.platform.web.body import Code, Line
from tradepost.tenancy.commands import ChangeLocation, ChangeStore, CreateLocation, CreateStore
from tradepost.tenancy.domain import Location, LocationKind, PlaceStatus, Store
from tradepost.tenancy.queries import location_page, locations_page, store_page, stores_page

TAGS = ["Stores"]
READ, WRITE = Permission.STORES_READ, Permission.STORES_WRITE


class StoreBody(Body, frozen=True):
    """A store that there is none of yet."""

    code: Code
    name: Line


class LocationBody(Body, frozen=True):
    """A location that there is none of yet."""

    store_id: UUID
    code: Code
    name: Line
    kind: LocationKind = LocationKind.WAREHOUSE


class PlaceBody(Body, frozen=True):
    """A store or location as it should be."""

    name: Line
    status: PlaceStatus


@get("/api/v1/stores", opt=door(READ), tags=TAGS)
async def list_stores(caller: FromCaller) -> list[Store]:
    """The stores by code."""
    return await caller.ask(stores_page)


@post("/api/v1/stores", opt=door(WRITE), tags=TAGS)
async def create_store(data: JSONBody[StoreBody], caller: FromCaller) -> Response[Store]:
    """Open a store."""
    store_id: StoreId = await caller.send(CreateStore(data.code, data.name))
    return await _store(caller, store_id, status=201)


@get("/api/v1/stores/{store_id:uuid}", opt=door(READ), tags=TAGS)
async def read_store(store_id: FromPath[UUID], caller: FromCaller) -> Response[Store]:
    """A store."""
    return await _store(caller, StoreId(store_id))


@put("/api/v1/stores/{store_id:uuid}", opt=door(WRITE, if_match=True), tags=TAGS)
async def change_store(
    store_id: FromPath[UUID], data: JSONBody[PlaceBody], caller: FromCaller
) -> Response[Store]:
    """Rename, close or reopen a store."""
    id = StoreId(store_id)
    await caller.send(ChangeStore(id, data.name, data.status, caller.matched))
    return await _store(caller, id)


@get("/api/v1/locations", opt=door(READ), tags=TAGS)
async def list_locations(caller: FromCaller) -> list[Location]:
    """The locations by code."""
    return await caller.ask(locations_page)


@post("/api/v1/locations", opt=door(WRITE), tags=TAGS)
async def create_location(data: JSONBody[LocationBody], caller: FromCaller) -> Response[Location]:
    """Open a location of a store."""
    wish = CreateLocation(StoreId(data.store_id), data.code, data.name, data.kind)
    location_id: LocationId = await caller.send(wish)
    return await _location(caller, location_id, status=201)


@get("/api/v1/locations/{location_id:uuid}", opt=door(READ), tags=TAGS)
async def read_location(location_id: FromPath[UUID], caller: FromCaller) -> Response[Location]:
    """A location."""
    return await _location(caller, LocationId(location_id))


@put("/api/v1/locations/{location_id:uuid}", opt=door(WRITE, if_match=True), tags=TAGS)
async def change_location(
    location_id: FromPath[UUID], data: JSONBody[PlaceBody], caller: FromCaller
) -> Response[Location]:
    """Rename, close or reopen a location."""
    id = LocationId(location_id)
    await caller.send(ChangeLocation(id, data.name, data.status, caller.matched))
    return await _location(caller, id)


async def _store(caller: Caller, store_id: StoreId, *, status: int = 200) -> Response[Store]:
    found = await caller.ask(store_page, store_id)
    return versioned(found, found.version, status=status)


async def _location(
    caller: Caller, location_id: LocationId, *, status: int = 200
) -> Response[Location]:
    found = await caller.ask(location_page, location_id)
    return versioned(found, found.version, status=status)


ROUTES = (
    list_stores,
    create_store,
    read_store,
    change_store,
    list_locations,
    create_location,
    read_location,
    change_location,
)
