"""What waits: parked sales, sales that a person should look at, charges without an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_

from tradepost.counter.commands.charges import ChargeStands, charge_stands
from tradepost.counter.domain.charge import UNANSWERED
from tradepost.counter.domain.sale import Review
from tradepost.counter.domain.set_aside import SetAsideSale, SetAsideState
from tradepost.counter.queries.pages import SaleView, sale_view
from tradepost.counter.storage.registers import REGISTERS
from tradepost.counter.storage.sales import (
    CHARGES,
    SALES,
    SET_ASIDE,
    UNFINISHED,
    card_charges,
    sales,
    set_aside_sales,
)
from tradepost.kernel.clock import from_micros, to_micros
from tradepost.kernel.ids import CardChargeId, RegisterId
from tradepost.platform.db.statement import Statement, any_of, param
from tradepost.platform.db.work import Reader

_PARKED = Statement(
    SALES.select.where(sales.c.register_id == param("register_id"))
    .where(UNFINISHED)
    .order_by(sales.c.begun_at, sales.c.id)
)
_flagged = SALES.select.where(sales.c.review == Review.OPEN).order_by(sales.c.sold_at, sales.c.id)
_FLAGGED = Statement(_flagged.limit(param("limit")))
_FLAGGED_AFTER = Statement(
    _flagged.where(
        (sales.c.sold_at > param("at", like=sales.c.sold_at))
        | (
            (sales.c.sold_at == param("at", like=sales.c.sold_at))
            & (sales.c.id > param("id", like=sales.c.id))
        )
    ).limit(param("limit"))
)
_a = set_aside_sales.c
_aside = SET_ASIDE.select.where(_a.state == SetAsideState.OPEN).order_by(_a.set_aside_at, _a.id)
_ASIDE = Statement(_aside.limit(param("limit")))
_ASIDE_AFTER = Statement(
    _aside.where(
        (_a.set_aside_at > param("at", like=_a.set_aside_at))
        | (
            (_a.set_aside_at == param("at", like=_a.set_aside_at))
            & (_a.id > param("id", like=_a.id))
        )
    ).limit(param("limit"))
)
_waiting = CHARGES.select.where(or_(*(card_charges.c.state == one for one in sorted(UNANSWERED))))
_OLD = Statement(
    _waiting.where(card_charges.c.asked_at < param("before", like=card_charges.c.asked_at))
    .order_by(card_charges.c.asked_at)
    .limit(param("limit"))
)
_NAMED = Statement(_waiting.where(any_of(card_charges.c.id, "ids")))


@dataclass(frozen=True, slots=True)
class SetAsideView:
    """A sale that was paid and not booked: ``body`` is what the till handed in."""

    id: UUID
    register_id: UUID
    cashier_id: UUID | None
    state: str
    code: str
    message: str
    body: str
    note: str
    sold_at: datetime
    set_aside_at: datetime
    version: int

    @property
    def position(self) -> tuple[int, str]:
        """Its place in the list."""
        return to_micros(self.set_aside_at), str(self.id)


async def parked_sales(db: Reader, register_id: RegisterId) -> list[SaleView]:
    """The sales of a register that are neither done nor void, the oldest first."""
    await REGISTERS.get(db, register_id)
    found = await SALES.all(db, _PARKED, register_id=register_id)
    return [await sale_view(db, one) for one in found]


async def flagged_sales(db: Reader, after: tuple[Any, ...] | None, limit: int) -> list[SaleView]:
    """Sales that somebody should look at, the oldest first."""
    if after is None:
        found = await SALES.all(db, _FLAGGED, limit=limit)
    else:
        place = {"at": from_micros(after[0]), "id": UUID(after[1])}
        found = await SALES.all(db, _FLAGGED_AFTER, limit=limit, **place)
    return [await sale_view(db, one) for one in found]


async def set_aside_rows(
    db: Reader, after: tuple[Any, ...] | None, limit: int
) -> list[SetAsideView]:
    """Sales that were set aside and nobody has dealt with, the oldest first."""
    if after is None:
        found = await SET_ASIDE.all(db, _ASIDE, limit=limit)
    else:
        place = {"at": from_micros(after[0]), "id": UUID(after[1])}
        found = await SET_ASIDE.all(db, _ASIDE_AFTER, limit=limit, **place)
    return [set_aside_view(one) for one in found]


async def unanswered_charges(
    db: Reader, before: datetime | None, limit: int, ids: tuple[CardChargeId, ...] = ()
) -> list[ChargeStands]:
    """Charges that a terminal has not answered, those named or those asked before an instant."""
    if before is None:
        found = await CHARGES.all(db, _NAMED, ids=list(ids))
    else:
        found = await CHARGES.all(db, _OLD, before=before, limit=limit)
    return [charge_stands(one) for one in found]


def set_aside_view(one: SetAsideSale) -> SetAsideView:
    """One as it is shown."""
    return SetAsideView(
        one.id,
        one.register_id,
        one.cashier_id,
        one.state.value,
        one.code,
        one.message,
        one.body,
        one.note,
        one.sold_at,
        one.set_aside_at,
        one.version,
    )
