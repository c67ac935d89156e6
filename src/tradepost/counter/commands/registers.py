"""Registers made and described."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.counter.domain import Register, RegisterStatus
from tradepost.counter.errors import CodeTaken
from tradepost.counter.ports import Assortment, Registers, Terms
from tradepost.events.counter import RegisterUpdated
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import Ids, LocationId, RegisterId, VariantId
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class CreateRegister(Command):
    """Set a register up at a location; its receipts begin with 1."""

    location_id: LocationId
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class DescribeRegister(Command):
    """Rename a register, take it out of use or put it back."""

    register_id: RegisterId
    name: str
    status: RegisterStatus
    version: int


@dataclass(frozen=True, slots=True)
class ChooseFavourites(Command):
    """Say which articles stand on a register's buttons, in their order."""

    register_id: RegisterId
    variants: tuple[VariantId, ...]
    version: int


async def create_register(
    wish: CreateRegister, registers: Registers, terms: Terms, ids: Ids, facts: Facts
) -> RegisterId:
    """A new register at an open location."""
    if wish.location_id not in terms.locations:
        raise Unknown("location", str(wish.location_id))
    register = Register.made(RegisterId(ids.new()), wish.location_id, wish.code, wish.name)
    if await registers.coded(register.code) is not None:
        raise CodeTaken(register.code)
    registers.add(register)
    facts.tell(_updated(register), register.version, wish.at)
    return register.id


async def describe_register(wish: DescribeRegister, registers: Registers, facts: Facts) -> int:
    """Keep what is said of it; answers the new version."""
    register = (await registers.lock(wish.register_id)).described(wish.name, wish.status)
    version = await registers.save(register, wish.version)
    facts.tell(_updated(register), version, wish.at)
    return version


async def choose_favourites(
    wish: ChooseFavourites, registers: Registers, assortment: Assortment, facts: Facts
) -> int:
    """Keep the list; answers the new version."""
    register = (await registers.lock(wish.register_id)).with_favourites(wish.variants)
    await assortment.check(register.favourites)
    version = await registers.save(register, wish.version)
    facts.tell(_updated(register), version, wish.at)
    return version


def _updated(one: Register) -> RegisterUpdated:
    return RegisterUpdated(one.id, one.location_id, one.code, one.status.value, one.favourites)


HANDLERS = {
    CreateRegister: create_register,
    DescribeRegister: describe_register,
    ChooseFavourites: choose_favourites,
}
