"""The sweep that calls off what nobody paid for: by the ordinary command, order by order."""

from __future__ import annotations

from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import OrderId
from tradepost.kernel.messages import Scope
from tradepost.ordering.commands import CancelOrder
from tradepost.ordering.queries.unpaid import unpaid_transfers
from tradepost.payments.domain.payment import PaymentState
from tradepost.payments.storage.payments import payments
from tradepost.platform.bus import Bus
from tradepost.platform.db.statement import Statement, any_of, scoped
from tradepost.platform.db.work import Reader

SWEPT_MAX = 100
_PROMISED = Statement(scoped(payments, payments.c.shares).where(any_of(payments.c.state, "states")))


async def promised(db: Reader) -> set[OrderId]:
    """Orders that a payment is promised for, or that a person must look at a payment of."""
    states = [PaymentState.AUTHORIZED, PaymentState.REVIEW]
    rows = await db.all(_PROMISED, states=states)
    return {share.order_id for (shares,) in rows for share in shares}


async def call_off_unpaid(bus: Bus, scope: Scope) -> int:
    """Cancel orders by bank transfer whose days are over; how many.

    Each is cancelled at the version it was seen at: money that comes meanwhile raises the version
    and saves the order.
    """
    cancelled = 0
    spared = await bus.ask(scope, promised)
    for order_id, version in await bus.ask(scope, unpaid_transfers, SWEPT_MAX):
        if order_id in spared:
            continue
        try:
            await bus.send(scope, CancelOrder(order_id, version))
        except Refusal:
            continue
        cancelled += 1
    return cancelled
