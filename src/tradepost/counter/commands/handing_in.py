"""Sales that were paid and could not be booked: set aside, and dealt with by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tradepost.counter.commands.till import Till, staff_id
from tradepost.counter.domain.set_aside import SetAsideSale, SetAsideState
from tradepost.counter.errors import SaleTaken
from tradepost.counter.ports import SetAside
from tradepost.events.counter import SaleSetAside
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import RegisterId, SaleId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.text import one_line


@dataclass(frozen=True, slots=True)
class SetSaleAside(Command):
    """Keep a sale that a till handed in and that was refused, with why it was."""

    sale_id: SaleId
    register_id: RegisterId
    fingerprint: str
    code: str
    message: str
    body: str
    sold_at: datetime


@dataclass(frozen=True, slots=True)
class SettleSetAside(Command):
    """Say what was done about a sale that was set aside."""

    sale_id: SaleId
    note: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A sale that waits for a person."""

    sale_id: SaleId
    state: str
    code: str
    message: str
    version: int


async def set_sale_aside(wish: SetSaleAside, till: Till, kept: SetAside, facts: Facts) -> Kept:
    """Keep it, once; handed in again it is the same.

    :raises SaleTaken: for another sale under the same identifier.
    """
    await till.hold(wish.register_id)
    known = await kept.find(wish.sale_id)
    if known is None:
        known = _aside(wish)
        kept.add(known)
        facts.tell(_told(known), known.version, wish.at)
    if known.fingerprint != wish.fingerprint:
        raise SaleTaken(str(wish.sale_id))
    return _answer(known)


async def settle_set_aside(wish: SettleSetAside, kept: SetAside, facts: Facts) -> Kept:
    """Note what was done."""
    known = await kept.find(wish.sale_id)
    if known is None:
        raise Unknown("sale set aside", str(wish.sale_id))
    settled = known.settled(one_line(wish.note, "note"), wish.version)
    await kept.save(settled)
    facts.tell(_told(settled), settled.version, wish.at)
    return _answer(settled)


def _aside(wish: SetSaleAside) -> SetAsideSale:
    return SetAsideSale(
        id=wish.sale_id,
        register_id=wish.register_id,
        cashier_id=staff_id(wish.by.actor),
        state=SetAsideState.OPEN,
        fingerprint=wish.fingerprint,
        code=wish.code,
        message=wish.message,
        body=wish.body,
        note="",
        sold_at=wish.sold_at,
        set_aside_at=wish.at,
        version=1,
    )


def _answer(one: SetAsideSale) -> Kept:
    return Kept(one.id, one.state.value, one.code, one.message, one.version)


def _told(one: SetAsideSale) -> SaleSetAside:
    return SaleSetAside(one.id, one.register_id, one.state.value, one.code)


HANDLERS = {SetSaleAside: set_sale_aside, SettleSetAside: settle_set_aside}
