"""The timeline of each order: one row for each fact that touched it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tradepost.events.fulfillment import ReturnMoved, ShipmentMoved
from tradepost.events.ordering import OrderCancelled, OrderChanged, OrderPlaced, OrderStatusChanged
from tradepost.events.payments import PaymentAllocated, PaymentCaptured, RefundFailed, RefundIssued
from tradepost.kernel.ids import OrderId
from tradepost.kernel.messages import Fact, Told
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.work import Work
from tradepost.platform.projections import Projection
from tradepost.reporting.domain import TimelineEntry

order_timeline = tenant_table(
    "order_timeline", TimelineEntry, key=("order_id", "seq"), indexes=[("at",)]
)
TIMELINE_ROWS = Mapper(TimelineEntry, order_timeline)
_FACTS: tuple[type[Fact], ...] = (
    OrderPlaced,
    OrderStatusChanged,
    OrderChanged,
    OrderCancelled,
    ShipmentMoved,
    ReturnMoved,
    PaymentCaptured,
    PaymentAllocated,
    RefundIssued,
    RefundFailed,
)


def entries(told: Told[Any]) -> Iterator[TimelineEntry]:
    """What a fact adds to the timelines of the orders that it touches."""
    match told.fact:
        case OrderPlaced() as fact:
            yield _entry(
                told, fact.order_id, status=fact.status, currency=fact.currency, amount=fact.total
            )
        case OrderStatusChanged() as fact:
            yield _entry(
                told,
                fact.order_id,
                status=fact.status,
                payment_status=fact.payment_status,
                fulfillment_status=fact.fulfillment_status,
            )
        case OrderChanged() as fact:
            yield _entry(told, fact.order_id, currency=fact.currency, amount=fact.total)
        case OrderCancelled() as fact:
            yield _entry(told, fact.order_id, status="cancelled")
        case ShipmentMoved() as fact:
            yield _entry(
                told, fact.order_id, document_id=fact.shipment_id, fulfillment_status=fact.state
            )
        case ReturnMoved() as fact if fact.order_id is not None:
            yield _entry(
                told,
                fact.order_id,
                document_id=fact.return_id,
                status=fact.state,
                currency=fact.currency,
                amount=fact.total,
            )
        case PaymentCaptured() | PaymentAllocated() as fact:
            for share in fact.orders:
                yield _entry(
                    told,
                    share.order_id,
                    document_id=fact.payment_id,
                    currency=fact.currency,
                    amount=share.amount,
                )
        case RefundIssued() | RefundFailed() as fact if fact.order_id is not None:
            yield _entry(
                told,
                fact.order_id,
                document_id=fact.refund_id,
                currency=fact.currency,
                amount=fact.amount,
            )


def _entry(told: Told[Any], order_id: OrderId, **rest: Any) -> TimelineEntry:
    name, actor = told.fact.name, (told.actor_kind, told.actor_id)
    return TimelineEntry(order_id, told.seq, name, told.at, *actor, **rest)


async def _apply(work: Work, told: Sequence[Told[Any]]) -> None:
    found = {(entry.order_id, entry.seq): entry for one in told for entry in entries(one)}
    work.add(order_timeline, *(TIMELINE_ROWS.dump(entry) for entry in found.values()))


ORDER_TIMELINE = Projection(
    "reporting.order_timeline",
    frozenset(fact.name for fact in _FACTS),
    (order_timeline,),
    _apply,
)
