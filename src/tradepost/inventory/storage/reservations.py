"""Reservations as rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, func, literal_column

from tradepost.inventory.domain.reservations import (
    OwnerKind,
    Parting,
    Reservation,
    ReservationState,
)
from tradepost.inventory.domain.stock import Place
from tradepost.kernel.ids import CartId, CartLineId, ReservationId, VariantId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, any_of, param, scoped, scoped_update
from tradepost.platform.db.work import Reader, Work

reservations = tenant_table(
    "reservations",
    Reservation,
    indexes=[("owner_id",)],
    checks={"quantity": "quantity > 0"},
)
_r = reservations.c
# Written out, not bound: else neither store sees that the partial indexes below fit.
_ACTIVE = _r.state == literal_column(f"'{ReservationState.ACTIVE.value}'")
Index(
    "reservations_active_ix",
    _r.tenant_id,
    _r.variant_id,
    _r.location_id,
    postgresql_where=_ACTIVE,
    sqlite_where=_ACTIVE,
)
_TIMED = _ACTIVE & _r.expires_at.is_not(None)
Index(
    "reservations_expiry_ix",
    _r.tenant_id,
    _r.expires_at,
    postgresql_where=_TIMED,
    sqlite_where=_TIMED,
)

ROWS = Mapper(Reservation, reservations)
_OF_OWNERS = Statement(
    scoped(reservations, *ROWS.columns)
    .where(any_of(_r.owner_id, "owners"))
    .where(_ACTIVE)
    .order_by(_r.owner_id, _r.id)
    .with_for_update()
)
# Stock is locked already when this runs, against the usual order: so it waits for nobody.
_EXPIRED = Statement(
    scoped(reservations, *ROWS.columns)
    .where(any_of(_r.variant_id, "variants"))
    .where(_ACTIVE)
    .where(_r.expires_at <= param("at"))
    .order_by(_r.owner_id, _r.id)
    .with_for_update(skip_locked=True)
)
_FIRST_EXPIRED = Statement(
    scoped(reservations, *ROWS.columns)
    .where(_ACTIVE)
    .where(_r.expires_at.is_not(None))
    .where(_r.expires_at <= param("at"))
    .order_by(_r.expires_at, _r.id)
    .limit(param("most"))
    .with_for_update(skip_locked=True)
)
_OF_ORDERS_AT = Statement(
    scoped(reservations, *ROWS.columns)
    .where(any_of(_r.location_id, "locations"))
    .where(any_of(_r.variant_id, "variants"))
    .where(_ACTIVE)
    .where(_r.owner_kind == OwnerKind.ORDER.value)
)
_CLOSE = Statement(
    scoped_update(reservations)
    .values(state=param("state"))
    .where(any_of(_r.id, "ids"))
    .where(_ACTIVE)
)


_FIRST_END = Statement(scoped(reservations, func.min(_r.expires_at)).where(_TIMED))


async def first_end(db: Reader) -> datetime | None:
    """When the first of all holds runs out that have not been freed."""
    found: datetime | None = await db.value(_FIRST_END)
    return found


_HELD = Statement(
    scoped(reservations, _r.owner_id, _r.line_id, _r.quantity)
    .where(any_of(_r.owner_id, "carts"))
    .where(_ACTIVE)
    .where(_r.expires_at > param("at"))
)


async def held_lines(
    db: Reader, carts: Collection[CartId], at: datetime
) -> dict[tuple[CartId, CartLineId], int]:
    """How many units lines of carts hold at an instant."""
    lines: dict[tuple[CartId, CartLineId], int] = {}
    for cart_id, line_id, quantity in await db.all(_HELD, carts=list(carts), at=at):
        lines[cart_id, line_id] = lines.get((cart_id, line_id), 0) + quantity
    return lines


class SqlReservations:
    """Answers the port ``Reservations``."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def lock_of(self, owner_ids: Collection[UUID]) -> list[Reservation]:
        rows = await self._work.all(_OF_OWNERS, owners=sorted(owner_ids))
        return [Reservation(*row) for row in rows]

    async def lock_expired(
        self, variants: Collection[VariantId], at: datetime
    ) -> list[Reservation]:
        rows = await self._work.all(_EXPIRED, variants=list(variants), at=at)
        return [Reservation(*row) for row in rows]

    async def lock_first_expired(self, at: datetime, most: int) -> list[Reservation]:
        rows = await self._work.all(_FIRST_EXPIRED, at=at, most=most)
        return [Reservation(*row) for row in rows]

    async def prolong(self, until: Sequence[tuple[ReservationId, datetime]]) -> None:
        rows = [{"id": id, "expires_at": later} for id, later in until]
        await self._work.update_rows(reservations, ("id",), rows)

    async def of_orders_at(self, places: Collection[Place]) -> list[Reservation]:
        rows = await self._work.all(
            _OF_ORDERS_AT,
            locations=list({place[0] for place in places}),
            variants=list({place[1] for place in places}),
        )
        return [Reservation(*row) for row in rows]

    def add(self, fresh: Sequence[Reservation]) -> None:
        self._work.add(reservations, *map(ROWS.dump, fresh))

    async def close(self, ids: Collection[ReservationId], state: ReservationState) -> None:
        if ids:
            closed = await self._work.run(_CLOSE, ids=list(ids), state=state)
            assert closed == len(ids), "a locked reservation was closed by somebody else"

    async def part(self, parting: Parting) -> None:
        resized = [{"id": id, "quantity": left} for id, left in parting.resized]
        await self._work.update_rows(reservations, ("id",), resized)
        await self.close(parting.closed, parting.state)
        self.add(parting.split_off)
