"""Registers: set up, described, their favourites."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post, put

from tradepost.counter.commands.registers import (
    ChooseFavourites,
    CreateRegister,
    DescribeRegister,
)
from tradepost.counter.http.bodies import DescriptionBody, FavouritesBody, RegisterBody
from tradepost.counter.queries import RegisterView, register_page, register_rows
from tradepost.kernel.ids import LocationId, RegisterId, VariantId
from tradepost.kernel.permissions import Permission
from tradepost.platform.web import Caller, FromCaller, FromPath, JSONBody, door, versioned

TAGS = ["Counter"]
PATH = "/api/v1/registers"
READ, WRITE = Permission.REGISTERS_READ, Permission.REGISTERS_WRITE


@get(PATH, opt=door(READ), tags=TAGS)
async def list_registers(caller: FromCaller) -> list[RegisterView]:
    """The registers of the shop, by their codes."""
    return await caller.ask(register_rows)


@post(PATH, opt=door(WRITE), tags=TAGS)
async def create_register(
    data: JSONBody[RegisterBody], caller: FromCaller
) -> Response[RegisterView]:
    """Set a register up at a location; it has receipts and a drawer of its own."""
    wish = CreateRegister(LocationId(data.location_id), data.code, data.name)
    return await _page(caller, await caller.send(wish), status=201)


@get(f"{PATH}/{{register_id:uuid}}", opt=door(READ), tags=TAGS)
async def read_register(register_id: FromPath[UUID], caller: FromCaller) -> Response[RegisterView]:
    """A register, and the shift that is open there."""
    return await _page(caller, RegisterId(register_id))


@put(f"{PATH}/{{register_id:uuid}}", opt=door(WRITE, if_match=True), tags=TAGS)
async def describe_register(
    register_id: FromPath[UUID], data: JSONBody[DescriptionBody], caller: FromCaller
) -> Response[RegisterView]:
    """Rename a register, take it out of use or put it back."""
    id = RegisterId(register_id)
    await caller.send(DescribeRegister(id, data.name, data.status, caller.matched))
    return await _page(caller, id)


@put(f"{PATH}/{{register_id:uuid}}/favourites", opt=door(WRITE, if_match=True), tags=TAGS)
async def choose_favourites(
    register_id: FromPath[UUID], data: JSONBody[FavouritesBody], caller: FromCaller
) -> Response[RegisterView]:
    """Say which articles stand on its buttons, in their order."""
    id, chosen = RegisterId(register_id), tuple(map(VariantId, data.variants))
    await caller.send(ChooseFavourites(id, chosen, caller.matched))
    return await _page(caller, id)


async def _page(caller: Caller, id: RegisterId, *, status: int = 200) -> Response[RegisterView]:
    view = await caller.ask(register_page, id)
    place = f"{PATH}/{id}" if status == 201 else ""
    return versioned(view, view.version, status=status, location=place)


ROUTES = (list_registers, create_register, read_register, describe_register, choose_favourites)
