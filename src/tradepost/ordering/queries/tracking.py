"""An order as those who follow it are shown it: how far it has come, and nothing of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tradepost.kernel.ids import CustomerId, OrderId
from tradepost.ordering.domain.status import OrderState
from tradepost.ordering.queries.orders import order_page
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader
from tradepost.platform.feed import newest
from tradepost.platform.outbox import event_log, outbox

ENDED = frozenset({OrderState.COMPLETED.value, OrderState.CANCELLED.value})
"""What an order's status is at the end of its life."""
_LAST = Statement(
    scoped(event_log, event_log.c.seq)
    .where(event_log.c.stream_id == param("order_id"))
    .order_by(event_log.c.seq.desc())
    .limit(1)
)
_UNTOLD = Statement(
    scoped(outbox, outbox.c.id).where(outbox.c.stream_id == param("order_id")).limit(1)
)


@dataclass(frozen=True, slots=True)
class TrackedLine:
    """A line: what it is, how much of it, and how much has left."""

    title: str
    quantity: int
    unit: str
    shipped: int
    returned: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class TrackedOrder:
    """How far an order has come; ``total`` and ``due`` in minor units of ``currency``."""

    id: OrderId
    number: int
    status: str
    payment_status: str
    fulfillment_status: str
    channel: str
    delivery: str
    currency: str
    total: int
    due: int
    placed_at: datetime
    closed_at: datetime | None
    version: int
    lines: tuple[TrackedLine, ...]


@dataclass(frozen=True, slots=True)
class Tracked:
    """An order and the number of the newest fact of it in the log, of one snapshot.

    ``newest`` is the number of the newest fact of the shop; ``is_told`` says that no fact of the
    order still waits for a number.
    """

    order: TrackedOrder
    customer_id: CustomerId | None
    seq: int
    newest: int
    is_told: bool

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will become of it, and the log has told how it ended."""
        return self.is_told and self.order.status in ENDED


async def tracked(db: Reader, order_id: OrderId) -> Tracked:
    """An order that somebody follows; :class:`Unknown` if there is none.

    What the log tells later than ``seq`` may be in the order already: its version says so.
    """
    view = await order_page(db, order_id)
    lines = tuple(
        TrackedLine(one.title, one.quantity, one.unit, one.shipped, one.returned, one.cancelled)
        for one in view.lines
    )
    order = TrackedOrder(
        id=view.id,
        number=view.number,
        status=view.status,
        payment_status=view.payment_status,
        fulfillment_status=view.fulfillment_status,
        channel=view.channel,
        delivery=view.delivery,
        currency=view.currency,
        total=view.total,
        due=view.due,
        placed_at=view.placed_at,
        closed_at=view.closed_at,
        version=view.version,
        lines=lines,
    )
    last = int(await db.value(_LAST, order_id=order_id) or 0)
    is_told = await db.one(_UNTOLD, order_id=order_id) is None
    return Tracked(order, view.customer_id, last, await newest(db), is_told)
