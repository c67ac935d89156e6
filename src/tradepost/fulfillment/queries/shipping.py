"""Shipments and returns, looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tradepost.fulfillment.domain import Return, ReturnLine, Shipment
from tradepost.fulfillment.ports import KnownOrders
from tradepost.fulfillment.storage.returns import (
    RETURN_LINE_ROWS,
    RETURN_ROWS,
    return_lines,
    returns,
)
from tradepost.fulfillment.storage.shipments import (
    SHIPMENT_LINE_ROWS,
    SHIPMENT_ROWS,
    shipment_lines,
    shipments,
)
from tradepost.kernel.clock import from_micros, to_micros
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import OrderId, ReturnId, ShipmentId
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Reader

_OF_ORDER = Statement(
    scoped(shipments, *SHIPMENT_ROWS.columns)
    .where(shipments.c.order_id == param("order_id"))
    .order_by(shipments.c.created_at, shipments.c.id)
)
_SHIPMENT = Statement(
    scoped(shipments, *SHIPMENT_ROWS.columns).where(shipments.c.id == param("id"))
)
_IN_SHIPMENTS = Statement(
    scoped(shipment_lines, *SHIPMENT_LINE_ROWS.columns).where(
        any_of(shipment_lines.c.shipment_id, "ids")
    )
)
_RETURN = Statement(scoped(returns, *RETURN_ROWS.columns).where(returns.c.id == param("id")))
_IN_RETURN = Statement(
    scoped(return_lines, *RETURN_LINE_ROWS.columns)
    .where(return_lines.c.return_id == param("id"))
    .order_by(return_lines.c.position)
)
_newest = scoped(returns, *RETURN_ROWS.columns).order_by(
    returns.c.requested_at.desc(), returns.c.id.desc()
)
_NEWEST = Statement(_newest.limit(param("limit")))
_OLDER = Statement(
    _newest.where(
        (returns.c.requested_at < param("at", like=returns.c.requested_at))
        | (
            (returns.c.requested_at == param("at", like=returns.c.requested_at))
            & (returns.c.id < param("id", like=returns.c.id))
        )
    ).limit(param("limit"))
)


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """Units of an order line in a parcel."""

    order_line_id: UUID
    variant_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """A parcel and what is in it: goods of one vendor, or of the shop's own."""

    id: UUID
    order_id: UUID
    vendor_id: UUID | None
    state: str
    carrier: str
    tracking_number: str
    shipped_at: datetime | None
    delivered_at: datetime | None
    version: int
    lines: tuple[ParcelLine, ...]


@dataclass(frozen=True, slots=True)
class ReturnLineView:
    """What came back; amounts in minor units of the return's currency."""

    sku: str
    title: str
    quantity: int
    amount: int
    tax: int
    disposition: str
    reason: str
    order_line_id: UUID | None


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A return in a list; ``total`` in minor units of ``currency``."""

    id: UUID
    order_id: UUID | None
    customer_id: UUID | None
    external_code: str | None
    state: str
    currency: str
    total: int
    requested_at: datetime
    version: int

    @property
    def position(self) -> tuple[int, str]:
        """Its place in the list."""
        return to_micros(self.requested_at), str(self.id)


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A return with its lines."""

    row: ReturnRow
    lines: tuple[ReturnLineView, ...]


async def shipments_of(db: Reader, order_id: OrderId, orders: KnownOrders) -> list[ShipmentView]:
    """The parcels of an order, in the order in which they were made."""
    await orders.check(order_id)
    found = [SHIPMENT_ROWS.load(row) for row in await db.all(_OF_ORDER, order_id=order_id)]
    return await _with_lines(db, found)


async def shipment_page(db: Reader, shipment_id: ShipmentId) -> ShipmentView:
    """One parcel."""
    row = await db.one(_SHIPMENT, id=shipment_id)
    if row is None:
        raise Unknown("shipment", str(shipment_id))
    return (await _with_lines(db, [SHIPMENT_ROWS.load(row)]))[0]


async def _with_lines(db: Reader, found: Sequence[Shipment]) -> list[ShipmentView]:
    lines: dict[UUID, list[ParcelLine]] = defaultdict(list)
    for row in await db.all(_IN_SHIPMENTS, ids=[one.id for one in found]) if found else ():
        line = SHIPMENT_LINE_ROWS.load(row)
        parcel = ParcelLine(line.order_line_id, line.variant_id, line.quantity)
        lines[line.shipment_id].append(parcel)
    return [
        ShipmentView(
            one.id,
            one.order_id,
            one.vendor_id,
            one.state.value,
            one.carrier,
            one.tracking_number,
            one.shipped_at,
            one.delivered_at,
            one.version,
            tuple(lines[one.id]),
        )
        for one in found
    ]


async def return_rows(db: Reader, after: tuple[Any, ...] | None, limit: int) -> list[ReturnRow]:
    """Returns, the newest first."""
    if after is None:
        rows = await db.all(_NEWEST, limit=limit)
    else:
        rows = await db.all(_OLDER, at=from_micros(after[0]), id=UUID(after[1]), limit=limit)
    return [_row(RETURN_ROWS.load(row)) for row in rows]


async def return_page(db: Reader, return_id: ReturnId) -> ReturnView:
    """One return with its lines."""
    row = await db.one(_RETURN, id=return_id)
    if row is None:
        raise Unknown("return", str(return_id))
    made = RETURN_ROWS.load(row)
    rows = await db.all(_IN_RETURN, id=return_id)
    lines = (_line(RETURN_LINE_ROWS.load(line, currency=made.currency)) for line in rows)
    return ReturnView(_row(made), tuple(lines))


def _row(made: Return) -> ReturnRow:
    return ReturnRow(
        made.id,
        made.order_id,
        made.customer_id,
        made.external_code,
        made.state.value,
        made.currency.code,
        made.total.amount,
        made.requested_at,
        made.version,
    )


def _line(line: ReturnLine) -> ReturnLineView:
    return ReturnLineView(
        line.sku,
        line.title,
        line.quantity,
        line.amount.amount,
        line.tax.amount,
        line.disposition.value,
        line.reason,
        line.order_line_id,
    )
