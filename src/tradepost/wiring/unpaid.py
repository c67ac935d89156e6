"""The sweep that calls off what nobody paid for: by the ordinary command, order by order."""

from __future__ import annotations

from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import OrderId
from tradepost.kernel.messages import Scope
from tradepost.ordering.commands import CancelOrder
from tradepost.ordering.queries.unpaid import FIRST, Unpaid, unpaid_transfers
from tradepost.ordering.storage.orders import SqlOrders
from tradepost.payments.domain.payment import PaymentState
from tradepost.payments.storage.payments import payments
from tradepost.platform.bus import Bus
from tradepost.platform.db.statement import Statement, any_of, scoped
from tradepost.platform.db.work import Reader, Work

SWEPT_MAX = 100
_PROMISED = Statement(scoped(payments, payments.c.shares).where(any_of(payments.c.state, "states")))


async def _promised(db: Reader) -> set[OrderId]:
    """Orders that a payment is promised for, or that a person must look at a payment of."""
    states = [PaymentState.AUTHORIZED, PaymentState.REVIEW]
    rows = await db.all(_PROMISED, states=states)
    return {share.order_id for (shares,) in rows for share in shares}


async def call_off_unpaid(bus: Bus, scope: Scope) -> int:
    """Cancel orders by bank transfer whose days are over; how many.

    Looks on behind those that are spared or refused, so that these keep no younger ones waiting.
    """
    cancelled, after = 0, FIRST
    while not cancelled:
        found = await bus.ask(scope, unpaid_transfers, SWEPT_MAX, after)
        if not found:
            break
        spared = await bus.ask(scope, _promised)
        for one in found:
            cancelled += one.order_id not in spared and await _called_off(bus, scope, one)
        after = found[-1]
    return cancelled


async def _called_off(bus: Bus, scope: Scope, one: Unpaid) -> bool:
    """Cancel an order at the version it was seen at; whether it was.

    Money that comes meanwhile raises the version and saves the order. A promise of money does not:
    it is looked for again under the order's lock, which whoever hears of a promise takes, too.
    """

    async def job(work: Work) -> bool:
        await SqlOrders(work).lock([one.order_id])
        if one.order_id in await _promised(work):
            return False
        await bus.grant(work, scope, [CancelOrder(one.order_id, one.version, at=bus.clock.now())])
        return True

    try:
        return await bus.within(scope, job)
    except Refusal:
        return False
