"""Orders whose money was awaited for too long."""

from __future__ import annotations

from datetime import timedelta

from tradepost.kernel.clock import Clock
from tradepost.kernel.ids import OrderId
from tradepost.ordering.domain import OrderState
from tradepost.ordering.domain.terms import Policy
from tradepost.ordering.storage.orders import orders
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader

_o = orders.c
_UNPAID = Statement(
    scoped(orders, _o.id, _o.version)
    .where(_o.state == OrderState.PLACED)
    .where(_o.placed_at <= param("before", _o.placed_at))
    .where(_o.payment_method == "bank_transfer")
    .where(_o.paid_amount == 0)
    .where(_o.total_amount > _o.credited_amount)
    .where(_o.units_shipped == 0)
    .order_by(_o.placed_at)
    .limit(param("most"))
)


async def unpaid_transfers(
    db: Reader, most: int, policy: Policy, clock: Clock
) -> list[tuple[OrderId, int]]:
    """Orders by bank transfer that nothing was paid on in the days the shop gives, by version.

    The oldest first, and none of which anything has left.
    """
    before = clock.now() - timedelta(days=policy.bank_transfer_days)
    return [(row[0], row[1]) for row in await db.all(_UNPAID, before=before, most=most)]
