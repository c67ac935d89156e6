"""Shipments as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tradepost.fulfillment.domain import Shipment, ShipmentLine
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import OrderId, OrderLineId, ShipmentId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, param, scoped, scoped_join, scoped_update
from tradepost.platform.db.work import Work

shipments = tenant_table(
    "shipments", Shipment, indexes=[("order_id",)], references={"order_id": "orders"}
)
shipment_lines = tenant_table(
    "shipment_lines",
    ShipmentLine,
    indexes=[("shipment_id",)],
    references={"shipment_id": "shipments"},
)
SHIPMENT_ROWS = Mapper(Shipment, shipments)
SHIPMENT_LINE_ROWS = Mapper(ShipmentLine, shipment_lines)
_LOCK = Statement(
    scoped(shipments, *SHIPMENT_ROWS.columns).where(shipments.c.id == param("id")).with_for_update()
)
_LOCK_OF = Statement(
    scoped(shipments, *SHIPMENT_ROWS.columns)
    .where(shipments.c.order_id == param("order_id"))
    .order_by(shipments.c.id)
    .with_for_update()
)
_ARRIVED = Statement(
    scoped_join(
        shipment_lines,
        shipments,
        columns=(
            shipment_lines.c.order_line_id,
            shipments.c.shipped_at,
            shipments.c.delivered_at,
        ),
    )
    .where(shipments.c.id == shipment_lines.c.shipment_id)
    .where(shipments.c.order_id == param("order_id"))
    .where(shipments.c.shipped_at.is_not(None))
)
_SAVE = Statement(
    scoped_update(shipments)
    .where(shipments.c.id == param("key_id"))
    .values(
        state=param("new_state"),
        shipped_at=param("new_shipped_at"),
        delivered_at=param("new_delivered_at"),
        version=param("new_version"),
    )
)


class SqlShipments:
    """Answers the Shipments port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, shipment: Shipment, lines: Sequence[ShipmentLine]) -> None:
        """Keep a fresh shipment."""
        self._work.add(shipments, SHIPMENT_ROWS.dump(shipment))
        self._work.add(shipment_lines, *map(SHIPMENT_LINE_ROWS.dump, lines))

    async def lock(self, shipment_id: ShipmentId) -> Shipment:
        """The shipment, locked."""
        row = await self._work.one(_LOCK, id=shipment_id)
        if row is None:
            raise Unknown("shipment", str(shipment_id))
        return SHIPMENT_ROWS.load(row)

    async def save(self, shipment: Shipment) -> None:
        """Write a locked shipment back."""
        await self._work.run(
            _SAVE,
            key_id=shipment.id,
            new_state=shipment.state,
            new_shipped_at=shipment.shipped_at,
            new_delivered_at=shipment.delivered_at,
            new_version=shipment.version,
        )

    async def lock_of(self, order_id: OrderId) -> list[Shipment]:
        """An order's shipments, locked in the order of their identifiers."""
        return list(map(SHIPMENT_ROWS.load, await self._work.all(_LOCK_OF, order_id=order_id)))

    async def arrived(self, order_id: OrderId) -> dict[OrderLineId, datetime]:
        """When the last units of each line of an order arrived, else when they left."""
        found: dict[OrderLineId, datetime] = {}
        for line_id, shipped_at, delivered_at in await self._work.all(_ARRIVED, order_id=order_id):
            since = delivered_at or shipped_at
            found[line_id] = max(since, found.get(line_id, since))
        return found

    async def save_numbers(self, changed: Sequence[Shipment]) -> None:
        """Write back the tracking numbers of locked shipments."""
        names = ("id", "tracking_number", "version")
        rows = [SHIPMENT_ROWS.dump(one) for one in changed]
        kept = [{name: row[name] for name in names} for row in rows]
        await self._work.update_rows(shipments, ("id",), kept)
