"""Money taken at the door that couriers still hold: payments with the orders they were for."""

from __future__ import annotations

from tradepost.delivery.domain.cash import Collected
from tradepost.kernel.ids import CourierId
from tradepost.ordering.storage.orders import orders
from tradepost.payments.storage.payments import payment_allocations, payments
from tradepost.platform.db.statement import Statement, param, scoped_join
from tradepost.platform.db.work import Reader

_HELD = Statement(
    scoped_join(
        payments,
        payment_allocations,
        orders,
        columns=(
            payments.c.id,
            orders.c.id,
            orders.c.number,
            payments.c.captured_amount,
            payments.c.currency,
            payments.c.captured_at,
        ),
    )
    .where(payments.c.held_by == param("courier_id"))
    .where(payments.c.settled_at.is_(None))
    .where(payments.c.captured_at.is_not(None))
    .where(payment_allocations.c.payment_id == payments.c.id)
    .where(orders.c.id == payment_allocations.c.order_id)
    .order_by(payments.c.captured_at, payments.c.id)
)


async def collected_by(db: Reader, courier_id: CourierId) -> list[Collected]:
    """What a courier collected and has not handed in, the oldest first."""
    return [Collected(*row) for row in await db.all(_HELD, courier_id=courier_id)]
