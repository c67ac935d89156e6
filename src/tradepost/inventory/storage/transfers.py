"""Transfer orders as rows."""

from __future__ import annotations

from tradepost.inventory.domain.transfers import TransferOrder
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import TransferOrderId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Work

transfer_orders = tenant_table("transfer_orders", TransferOrder, indexes=[("state", "made_at")])
TRANSFER_ROWS = Mapper(TransferOrder, transfer_orders)
_LOCK = Statement(
    scoped(transfer_orders, *TRANSFER_ROWS.columns)
    .where(transfer_orders.c.id == param("id"))
    .with_for_update()
)


class SqlTransferOrders:
    """Answers the port ``TransferOrders``."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, order: TransferOrder) -> None:
        self._work.add(transfer_orders, TRANSFER_ROWS.dump(order))

    async def lock(self, id: TransferOrderId) -> TransferOrder:
        row = await self._work.one(_LOCK, id=id)
        if row is None:
            raise Unknown("transfer order", str(id))
        return TRANSFER_ROWS.load(row)

    async def save(self, order: TransferOrder) -> None:
        row = {
            "id": order.id,
            "state": order.state,
            "received": order.received,
            "version": order.version,
        }
        await self._work.update_rows(transfer_orders, ("id",), [row])
