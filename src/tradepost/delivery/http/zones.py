"""Zones and slots: staff make them, shoppers ask what an address gets."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post, put
from litestar.params import QueryParameter
from msgspec import Meta

from tradepost.delivery.commands.zones import ChangeSlot, ChangeZone, MakeZone, OpenSlots
from tradepost.delivery.domain.slot import CAPACITY_MAX, SlotStatus, Window
from tradepost.delivery.domain.zone import PREFIXES_MAX, ZoneStatus, ZoneTerms
from tradepost.delivery.queries.zones import (
    ServiceView,
    StaffSlotView,
    ZoneView,
    service_page,
    slot_page,
    slot_rows,
    slots_named,
    zone_page,
    zone_rows,
)
from tradepost.kernel.contact import CountryCode
from tradepost.kernel.ids import LocationId, SlotId, ZoneId
from tradepost.kernel.permissions import Permission
from tradepost.platform.web import (
    PUBLIC,
    Body,
    Caller,
    FromCaller,
    FromPath,
    JSONBody,
    door,
    versioned,
)
from tradepost.platform.web.body import InstantParameter, Line, instant

TAGS = ["Local delivery"]
READ, WRITE = Permission.ZONES_READ, Permission.ZONES_WRITE
ZONES, SLOTS = "/api/v1/zones", "/api/v1/slots"
ONE = f"{ZONES}/{{zone_id:uuid}}"
Least = Annotated[int, Meta(ge=0, le=10**12)]
Country = Annotated[str, Meta(min_length=2, max_length=2, examples=["GB"])]
Prefix = Annotated[str, Meta(min_length=1, max_length=20, examples=["LS1"])]
SHOWN_MAX = 500


class ZoneBody(Body, frozen=True, kw_only=True):
    """Where is delivered to, from where and on which terms; amounts in the shop's minor units.

    ``prefixes`` are beginnings of postal codes; an address belongs to the zone of the longest one.
    """

    location_id: UUID
    name: Line
    country: Country
    prefixes: Annotated[tuple[Prefix, ...], Meta(min_length=1, max_length=PREFIXES_MAX)]
    fee: Least = 0
    free_from: Least | None = None
    minimum: Least = 0
    status: ZoneStatus = ZoneStatus.ACTIVE

    def parsed(self) -> ZoneTerms:
        """The terms."""
        return ZoneTerms(
            LocationId(self.location_id),
            self.name,
            self.country,
            self.prefixes,
            self.fee,
            self.free_from,
            self.minimum,
            self.status,
        )


class WindowBody(Body, frozen=True):
    """Hours of a day by the shop's clock; what ends before it starts ends on the next day."""

    starts: Annotated[time, Meta(tz=False)]
    ends: Annotated[time, Meta(tz=False)]


class SlotsBody(Body, frozen=True, kw_only=True):
    """Slots for the windows of each day, from the first to the last."""

    first_day: date
    last_day: date
    windows: Annotated[tuple[WindowBody, ...], Meta(min_length=1, max_length=48)]
    capacity: Annotated[int, Meta(ge=1, le=CAPACITY_MAX)]
    cutoff_minutes: Annotated[int, Meta(ge=0, le=10_080)] = 60


class SlotBody(Body, frozen=True):
    """How many orders a slot takes, and whether it takes any more."""

    capacity: Annotated[int, Meta(ge=0, le=CAPACITY_MAX)]
    status: SlotStatus = SlotStatus.OPEN


@get(ZONES, opt=door(READ), tags=TAGS)
async def list_zones(caller: FromCaller) -> list[ZoneView]:
    """The zones, by name."""
    return await caller.ask(zone_rows)


@post(ZONES, opt=door(WRITE), tags=TAGS)
async def make_zone(data: JSONBody[ZoneBody], caller: FromCaller) -> Response[ZoneView]:
    """Deliver to the addresses of some postal codes."""
    made: ZoneId = await caller.send(MakeZone(data.parsed()))
    view = await caller.ask(zone_page, made)
    return versioned(view, view.version, status=201, location=f"{ZONES}/{made}")


@get(ONE, opt=door(READ), tags=TAGS)
async def read_zone(zone_id: FromPath[UUID], caller: FromCaller) -> Response[ZoneView]:
    """One zone."""
    return await _zone(caller, ZoneId(zone_id))


@put(ONE, opt=door(WRITE, if_match=True), tags=TAGS)
async def change_zone(
    zone_id: FromPath[UUID], data: JSONBody[ZoneBody], caller: FromCaller
) -> Response[ZoneView]:
    """Other terms, or none while it is closed; orders keep what was agreed."""
    await caller.send(ChangeZone(ZoneId(zone_id), data.parsed(), caller.matched))
    return await _zone(caller, ZoneId(zone_id))


@get(f"{ONE}/slots", opt=door(READ), tags=TAGS)
async def list_slots(
    zone_id: FromPath[UUID], caller: FromCaller, after: InstantParameter = None
) -> list[StaffSlotView]:
    """Slots that are not over, or end after an instant; the first 500."""
    since = instant(after, "after")
    return await caller.ask(slot_rows, ZoneId(zone_id), since, SHOWN_MAX)


@post(f"{ONE}/slots", opt=door(WRITE), tags=TAGS)
async def open_slots(
    zone_id: FromPath[UUID], data: JSONBody[SlotsBody], caller: FromCaller
) -> list[StaffSlotView]:
    """Take orders for hours of some days."""
    wish = OpenSlots(
        ZoneId(zone_id),
        data.first_day,
        data.last_day,
        tuple(Window(one.starts, one.ends) for one in data.windows),
        data.capacity,
        data.cutoff_minutes,
    )
    made: list[SlotId] = await caller.send(wish)
    return await caller.ask(slots_named, made)


@put(f"{SLOTS}/{{slot_id:uuid}}", opt=door(WRITE, if_match=True), tags=TAGS)
async def change_slot(
    slot_id: FromPath[UUID], data: JSONBody[SlotBody], caller: FromCaller
) -> Response[StaffSlotView]:
    """More or fewer places, or no more orders; who has a place keeps it."""
    id = SlotId(slot_id)
    await caller.send(ChangeSlot(id, data.capacity, data.status, caller.matched))
    view = await caller.ask(slot_page, id)
    return versioned(view, view.version)


@get("/api/v1/delivery", opt=door(PUBLIC, rate="public"), tags=TAGS)
async def read_service(
    country: Annotated[str, QueryParameter(min_length=2, max_length=2)],
    postcode: Annotated[str, QueryParameter(max_length=20)],
    caller: FromCaller,
) -> ServiceView:
    """What local delivery to an address costs, and the slots in which it may come."""
    return await caller.ask(service_page, CountryCode.parse(country).code, postcode)


async def _zone(caller: Caller, zone_id: ZoneId) -> Response[ZoneView]:
    view = await caller.ask(zone_page, zone_id)
    return versioned(view, view.version)


STAFF_ROUTES = (
    list_zones,
    make_zone,
    read_zone,
    change_zone,
    list_slots,
    open_slots,
    change_slot,
)
ROUTES = (read_service,)
