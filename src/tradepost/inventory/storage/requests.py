"""Requests of carts as rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Index, literal_column

from tradepost.inventory.domain.holds import Line, RequestState, ReservationRequest
from tradepost.kernel.ids import CartId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Reader, Work

reservation_requests = tenant_table("reservation_requests", ReservationRequest)
_q = reservation_requests.c
# Written out, not bound: else neither store sees that the partial indexes below fit.
_PENDING = _q.state == literal_column(f"'{RequestState.PENDING.value}'")
for _name, _columns in {
    "reservation_requests_lane_ix": (_q.is_hot, _q.requested_at),
    "reservation_requests_cart_ix": (_q.cart_id,),
}.items():
    Index(_name, _q.tenant_id, *_columns, postgresql_where=_PENDING, sqlite_where=_PENDING)

ROWS = Mapper(ReservationRequest, reservation_requests)
_OLDEST = Statement(
    scoped(reservation_requests, *ROWS.columns)
    .where(_PENDING)
    .where(_q.is_hot == param("is_hot"))
    .order_by(_q.requested_at, _q.cart_version, _q.id)
    .limit(param("most"))
    .with_for_update(skip_locked=True)
)
_OF_CARTS = Statement(
    scoped(reservation_requests, *ROWS.columns)
    .where(any_of(_q.cart_id, "carts"))
    .where(_PENDING)
    .order_by(_q.requested_at, _q.cart_version, _q.id)
    .with_for_update()
)


_WANTED = Statement(
    scoped(reservation_requests, *ROWS.columns).where(any_of(_q.cart_id, "carts")).where(_PENDING)
)


async def pending_lines(db: Reader, carts: Collection[CartId]) -> dict[Line, int]:
    """How many units lines of carts have asked for and wait for, in all."""
    found = [ROWS.load(row) for row in await db.all(_WANTED, carts=list(carts))]
    return {(one.cart_id, line.line_id): line.quantity for one in found for line in one.lines}


class SqlRequests:
    """Answers the port ``Requests``."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, request: ReservationRequest) -> None:
        self._work.add(reservation_requests, ROWS.dump(request))

    async def lock_pending(self, most: int, *, is_hot: bool) -> list[ReservationRequest]:
        rows = await self._work.all(_OLDEST, most=most, is_hot=is_hot)
        return [ROWS.load(row) for row in rows]

    async def lock_pending_of(self, carts: Collection[CartId]) -> list[ReservationRequest]:
        rows = await self._work.all(_OF_CARTS, carts=list(carts))
        return [ROWS.load(row) for row in rows]

    async def save(self, requests: Sequence[ReservationRequest]) -> None:
        rows = [{"id": r.id, "state": r.state, "version": r.version} for r in requests]
        await self._work.update_rows(reservation_requests, ("id",), rows)
