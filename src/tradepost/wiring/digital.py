"""Digital delivery in the house: orders and credit notes answer what it asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from tradepost.fulfillment.domain.downloads import DigitalLine, DigitalOrder
from tradepost.fulfillment.ports import FileLimits, LinkTerms
from tradepost.kernel.ids import OrderId, OrderLineId
from tradepost.ordering.commands import CompleteOrder
from tradepost.ordering.domain import Channel, Delivery, Order, OrderLine, OrderState
from tradepost.ordering.storage.orders import SqlOrders, order_lines
from tradepost.payments.storage.refunds import SqlRefunds
from tradepost.platform.bus import Bound
from tradepost.platform.db.statement import Statement, any_of, scoped
from tradepost.tenancy.domain import TenantProfile

DIGITAL = "digital"
_AMONG = Statement(
    scoped(order_lines, order_lines.c.order_id)
    .where(any_of(order_lines.c.order_id, "ids"))
    .where(order_lines.c.fulfillment_type == DIGITAL)
    .distinct()
    .order_by(order_lines.c.order_id)
)


class OrdersOfLinks:
    """Answers fulfillment's ``DigitalOrders`` from ordering and payments."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._orders = SqlOrders(bound.work)
        self._refunds = SqlRefunds(bound.work)

    async def among(self, order_ids: Sequence[OrderId]) -> list[OrderId]:
        """Those with a digital line."""
        rows = await self._bound.work.all(_AMONG, ids=sorted(set(order_ids)))
        return [row[0] for row in rows]

    async def lock(self, order_ids: Sequence[OrderId]) -> list[DigitalOrder]:
        """The orders, locked, with their digital lines and what of them was credited."""
        found = await self._orders.lock(order_ids)
        lines = await self._orders.lines(list(found))
        credited: dict[OrderLineId, int] = defaultdict(int)
        for note in await self._refunds.notes_of(list(found)):
            for part in note.lines:
                if part.order_line_id is not None:
                    credited[part.order_line_id] += part.amount
        return [_order(one, lines.get(one.id, []), credited) for one in found.values()]

    async def complete(self, order_ids: Sequence[OrderId], at: datetime) -> None:
        """Have ordering close them."""
        await self._bound.grant(
            self._bound.scope, *(CompleteOrder(order_id, at=at) for order_id in order_ids)
        )


def _order(
    order: Order, lines: Sequence[OrderLine], credited: Mapping[OrderLineId, int]
) -> DigitalOrder:
    wanted = [line for line in lines if line.still_wanted]
    known = all(line.ships or line.fulfillment_type == DIGITAL for line in wanted)
    return DigitalOrder(
        id=order.id,
        is_placed=order.state is OrderState.PLACED,
        is_cancelled=order.state is OrderState.CANCELLED,
        is_paid=order.is_paid,
        is_all_left=order.units_shipped >= order.units_to_ship,
        is_closable=known and _closes_by_itself(order),
        lines=tuple(
            DigitalLine(
                line_id=line.id,
                variant_id=line.variant_id,
                units=line.still_wanted,
                gross=line.net.amount + (0 if order.tax_included else line.tax.amount),
                credited=credited.get(line.id, 0),
            )
            for line in lines
            if line.fulfillment_type == DIGITAL
        ),
    )


def _closes_by_itself(order: Order) -> bool:
    """Whether nobody else closes it: till, waiter, courier and whoever hands it over do."""
    carried = order.delivery is Delivery.SHIP or not order.units_to_ship
    return order.channel is Channel.WEB and carried


def file_limits(bound: Bound) -> FileLimits:
    """How large the shop's files may be."""
    return FileLimits(bound.get(TenantProfile).settings.digital_file_bytes_max)


def link_terms(bound: Bound) -> LinkTerms:
    """The shop's own terms of links."""
    settings = bound.get(TenantProfile).settings
    return LinkTerms(settings.download_link_hours, settings.downloads_per_unit_max)
