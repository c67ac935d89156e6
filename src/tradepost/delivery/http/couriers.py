"""Couriers and their cash, for those who run the shop."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post, put
from msgspec import Meta

from tradepost.delivery.commands.cash import HandedIn, HandInCash
from tradepost.delivery.commands.couriers import ChangeCourier, HireCourier
from tradepost.delivery.domain.courier import CourierStatus
from tradepost.delivery.http.secrets import CourierSecrets
from tradepost.delivery.queries.jobs import (
    CashView,
    CourierView,
    HandInView,
    cash_page,
    courier_page,
    courier_rows,
    hand_in_rows,
)
from tradepost.kernel.ids import CourierId, LocationId, PaymentId, ZoneId
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
from tradepost.platform.web.body import Line

TAGS = ["Couriers"]
READ, WRITE = Permission.COURIERS_READ, Permission.COURIERS_WRITE
CASH = Permission.COURIERS_CASH
PATH = "/api/v1/couriers"
ONE = f"{PATH}/{{courier_id:uuid}}"
Secret = Annotated[str, Meta(max_length=1000)]
ZoneIds = Annotated[tuple[UUID, ...], Meta(max_length=1000)]


class HireCourierBody(Body, frozen=True, kw_only=True):
    """A courier, who signs in by ``email`` or ``phone`` (E.164) and ``secret``: a password, or a
    PIN of six digits or more. Without zones they go to all of the location."""

    name: Line
    location_id: UUID
    secret: Secret
    email: Annotated[str, Meta(max_length=600)] | None = None
    phone: Annotated[str, Meta(max_length=40)] | None = None
    zone_ids: ZoneIds = ()


class CourierBody(Body, frozen=True, kw_only=True):
    """A courier as they should be."""

    name: Line
    location_id: UUID
    zone_ids: ZoneIds = ()
    status: CourierStatus = CourierStatus.ACTIVE


class SecretBody(Body, frozen=True):
    """A new password or PIN."""

    secret: Secret


class HandInBody(Body, frozen=True, kw_only=True):
    """What was counted, in minor units, for the payments named or for all that is owed.

    What is missing is written off, and needs a ``note``.
    """

    counted: Annotated[int, Meta(ge=0, le=10**15)]
    payment_ids: Annotated[tuple[UUID, ...], Meta(max_length=1000)] = ()
    note: Line = ""


@get(PATH, opt=door(READ), tags=TAGS)
async def list_couriers(caller: FromCaller) -> list[CourierView]:
    """The couriers, by name."""
    return await caller.ask(courier_rows)


@post(PATH, opt=door(WRITE), tags=TAGS)
async def hire_courier(
    data: JSONBody[HireCourierBody], caller: FromCaller
) -> Response[CourierView]:
    """Take a courier on."""
    known = [one for one in (data.email, data.phone, data.name) if one]
    kept = await caller.get(CourierSecrets).hashed(caller.scope, data.secret, *known)
    wish = HireCourier(
        data.name,
        LocationId(data.location_id),
        tuple(map(ZoneId, data.zone_ids)),
        data.email,
        data.phone,
        kept,
    )
    made: CourierId = await caller.send(wish)
    view = await caller.ask(courier_page, made)
    return versioned(view, view.version, status=201, location=f"{PATH}/{made}")


@get(ONE, opt=door(READ), tags=TAGS)
async def read_courier(courier_id: FromPath[UUID], caller: FromCaller) -> Response[CourierView]:
    """One courier."""
    return await _shown(caller, CourierId(courier_id))


@put(ONE, opt=door(WRITE, if_match=True), tags=TAGS)
async def change_courier(
    courier_id: FromPath[UUID], data: JSONBody[CourierBody], caller: FromCaller
) -> Response[CourierView]:
    """Another name, place or zones; a courier who is disabled is signed out everywhere."""
    wish = ChangeCourier(
        CourierId(courier_id),
        data.name,
        LocationId(data.location_id),
        tuple(map(ZoneId, data.zone_ids)),
        data.status,
        caller.matched,
    )
    await caller.send(wish)
    caller.get(CourierSecrets).forget(caller.tenant_id, wish.courier_id)
    return await _shown(caller, CourierId(courier_id))


@put(f"{ONE}/secret", opt=door(WRITE), tags=TAGS, status_code=204)
async def give_secret(
    courier_id: FromPath[UUID], data: JSONBody[SecretBody], caller: FromCaller
) -> None:
    """A new password or PIN for a courier, who has to sign in again."""
    secrets = caller.get(CourierSecrets)
    await secrets.replace(caller.scope, CourierId(courier_id), data.secret)


@get(f"{ONE}/cash", opt=door(CASH), tags=TAGS)
async def read_cash(courier_id: FromPath[UUID], caller: FromCaller) -> CashView:
    """What a courier has collected and not handed in."""
    return await caller.ask(cash_page, CourierId(courier_id))


@get(f"{ONE}/hand-ins", opt=door(CASH), tags=TAGS)
async def list_hand_ins(courier_id: FromPath[UUID], caller: FromCaller) -> list[HandInView]:
    """What a courier handed in, the newest first."""
    return await caller.ask(hand_in_rows, CourierId(courier_id))


@post(f"{ONE}/hand-ins", opt=door(CASH, key=True), tags=TAGS)
async def hand_in(
    courier_id: FromPath[UUID], data: JSONBody[HandInBody], caller: FromCaller
) -> HandedIn:
    """Take in what a courier collected."""
    named = tuple(map(PaymentId, data.payment_ids))
    wish = HandInCash(CourierId(courier_id), data.counted, named, data.note)
    made: HandedIn = await caller.send(wish)
    return made


async def _shown(caller: Caller, courier_id: CourierId) -> Response[CourierView]:
    view = await caller.ask(courier_page, courier_id)
    return versioned(view, view.version)


STAFF_ROUTES = (
    list_couriers,
    hire_courier,
    read_courier,
    change_courier,
    give_secret,
    read_cash,
    list_hand_ins,
    hand_in,
)
