"""Calls to gateways and what gateways told, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tradepost.kernel.ids import CustomerId, OrderId, PaymentId, ReturnId
from tradepost.payments.domain.call import CallToMake, GatewayCall, HeardEvent, Outcome, to_make
from tradepost.payments.storage.payments import payment_allocations, payments
from tradepost.payments.storage.refunds import refunds
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    param,
    scoped,
    scoped_join,
    scoped_update,
)
from tradepost.platform.db.work import Reader, Work

gateway_calls = tenant_table(
    "gateway_calls",
    GatewayCall,
    indexes=[("payment_id",), ("answered_at", "intended_at")],
    references={"payment_id": "payments", "refund_id": "refunds"},
)
gateway_events = tenant_table(
    "gateway_events",
    HeardEvent,
    key=("gateway", "event_id"),
    indexes=[("payment_id",)],
    references={"payment_id": "payments"},
)
CALL_ROWS = Mapper(GatewayCall, gateway_calls)
EVENT_ROWS = Mapper(HeardEvent, gateway_events)
_calls = scoped(gateway_calls, *CALL_ROWS.columns)
_OF = Statement(
    _calls.where(gateway_calls.c.payment_id == param("payment_id")).order_by(
        gateway_calls.c.intended_at, gateway_calls.c.id
    )
)
_HEARD = Statement(
    scoped(gateway_events, gateway_events.c.event_id)
    .where(gateway_events.c.gateway == param("gateway"))
    .where(gateway_events.c.event_id == param("event_id"))
)
_OPEN = Statement(
    _calls.where(gateway_calls.c.answered_at.is_(None))
    .where(gateway_calls.c.intended_at < param("before", gateway_calls.c.intended_at))
    .order_by(gateway_calls.c.intended_at, gateway_calls.c.id)
    .limit(param("most"))
)
_PENDING = Statement(
    _calls.where(gateway_calls.c.payment_id == param("payment_id"))
    .where(gateway_calls.c.outcome == Outcome.PENDING)
    .order_by(gateway_calls.c.intended_at, gateway_calls.c.id)
)
_OF_RETURN = Statement(
    scoped_join(gateway_calls, refunds, columns=CALL_ROWS.columns)
    .where(refunds.c.id == gateway_calls.c.refund_id)
    .where(refunds.c.return_id == param("return_id"))
    .where(gateway_calls.c.answered_at.is_(None))
    .order_by(gateway_calls.c.intended_at, gateway_calls.c.id)
)
_OWN = Statement(
    scoped(payments, payments.c.id).where(payments.c.customer_id == param("customer_id"))
)
_FOR = Statement(
    scoped(payment_allocations, payment_allocations.c.payment_id).where(
        payment_allocations.c.order_id == param("order_id")
    )
)
_FORGET = Statement(
    scoped_update(gateway_calls)
    .where(any_of(gateway_calls.c.payment_id, "ids"))
    .where(gateway_calls.c.answered_at.is_not(None))
    .where(gateway_calls.c.outcome != Outcome.PENDING)
    .values(token=param("new_token"))
)


class SqlPayers:
    """Answers the Payers port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def payments_of(self, customer_id: CustomerId) -> list[PaymentId]:
        """The payments that are a customer's."""
        return [row[0] for row in await self._work.all(_OWN, customer_id=customer_id)]

    async def payments_for(self, order_id: OrderId) -> list[PaymentId]:
        """The payments of which an order was given something."""
        return [row[0] for row in await self._work.all(_FOR, order_id=order_id)]

    async def forget_cards(self, ids: Sequence[PaymentId]) -> None:
        """Drop the tokens of answered calls."""
        await self._work.run(_FORGET, ids=list(ids), new_token="")


class SqlCalls:
    """Answers the Calls port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, call: GatewayCall) -> None:
        """Write down a call that is to be made."""
        self._work.add(gateway_calls, CALL_ROWS.dump(call))

    async def of(self, payment_id: PaymentId) -> list[GatewayCall]:
        """The calls of a payment, in order."""
        return list(map(CALL_ROWS.load, await self._work.all(_OF, payment_id=payment_id)))

    async def save(self, call: GatewayCall) -> None:
        """Write down what was answered to a call."""
        row = {"id": call.id, "outcome": call.outcome, "answered_at": call.answered_at}
        await self._work.update_rows(gateway_calls, ("id",), [row])

    async def heard(self, gateway: str, event_id: str) -> bool:
        """Whether an event was heard before."""
        return await self._work.one(_HEARD, gateway=gateway, event_id=event_id) is not None

    def hear(self, event: HeardEvent) -> None:
        """Keep what a gateway told."""
        self._work.add(gateway_events, EVENT_ROWS.dump(event))


async def open_calls(db: Reader, before: datetime, most: int) -> list[CallToMake]:
    """Calls intended before an instant that nobody has answered, the oldest first."""
    rows = await db.all(_OPEN, before=before, most=most)
    return [to_make(CALL_ROWS.load(row)) for row in rows]


async def pending_calls(db: Reader, payment_id: PaymentId) -> list[CallToMake]:
    """Calls of a payment that were answered by "later", the oldest first."""
    rows = await db.all(_PENDING, payment_id=payment_id)
    return [to_make(CALL_ROWS.load(row)) for row in rows]


async def calls_of_return(db: Reader, return_id: ReturnId) -> list[CallToMake]:
    """Calls for refunds of a return that nobody has answered, the oldest first."""
    rows = await db.all(_OF_RETURN, return_id=return_id)
    return [to_make(CALL_ROWS.load(row)) for row in rows]
