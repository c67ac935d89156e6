"""Orders whose money was awaited for too long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_

from tradepost.kernel.clock import Clock
from tradepost.kernel.ids import OrderId
from tradepost.ordering.domain import OrderState
from tradepost.ordering.domain.terms import Policy
from tradepost.ordering.storage.orders import orders
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader

_o = orders.c
_UNPAID = Statement(
    scoped(orders, _o.id, _o.version, _o.placed_at)
    .where(_o.state == OrderState.PLACED)
    .where(_o.placed_at <= param("before", _o.placed_at))
    .where(_o.payment_method == "bank_transfer")
    .where(_o.paid_amount == 0)
    .where(_o.total_amount > _o.credited_amount)
    .where(_o.units_shipped == 0)
    .where(
        or_(
            _o.placed_at > param("after", _o.placed_at),
            and_(_o.placed_at == param("after", _o.placed_at), _o.id > param("after_id", _o.id)),
        )
    )
    .order_by(_o.placed_at, _o.id)
    .limit(param("most"))
)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """An order that nobody paid, at the version it was seen at."""

    order_id: OrderId
    version: int
    placed_at: datetime


FIRST = Unpaid(OrderId(UUID(int=0)), 0, datetime(1970, 1, 1, tzinfo=UTC))
"""Stands before all there are."""


async def unpaid_transfers(
    db: Reader, most: int, after: Unpaid, policy: Policy, clock: Clock
) -> list[Unpaid]:
    """Orders by bank transfer that nothing was paid on in the days the shop gives.

    The oldest first, those behind ``after``, and none of which anything has left.
    """
    before = clock.now() - timedelta(days=policy.bank_transfer_days)
    place = {"after": after.placed_at, "after_id": after.order_id}
    return [Unpaid(*row) for row in await db.all(_UNPAID, before=before, most=most, **place)]
