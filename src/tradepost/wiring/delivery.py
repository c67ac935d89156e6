"""Delivery in the house: orders, prices, shelves, parcels and money answer its ports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tradepost.delivery import commands, ports, reactions
from tradepost.delivery.domain.cash import Collected
from tradepost.delivery.domain.job import Kind
from tradepost.delivery.domain.picking import Instead, Offer, Rule
from tradepost.delivery.ports import Destination, OrderedLine, ReadyOrder, Rules
from tradepost.delivery.storage.jobs import SqlCouriers, SqlDeliveries, SqlHandIns
from tradepost.delivery.storage.picking import SqlPickTasks
from tradepost.delivery.storage.zones import SqlSlots, SqlZones
from tradepost.fulfillment.commands import DeliverShipment, MoveReturn, RequestReturn, ShipOrder
from tradepost.identity.commands import BarCourier, OpenCourierAccount
from tradepost.kernel.clock import Clock
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import (
    CourierId,
    OrderId,
    OrderLineId,
    PaymentId,
    ShipmentId,
    VariantId,
)
from tradepost.ordering.commands import CancelOrder, ChangeOrder, CompleteOrder
from tradepost.ordering.commands.progress import Step, take_steps
from tradepost.ordering.domain import (
    Basket,
    Channel,
    Delivery,
    Order,
    OrderLine,
    OrderState,
    Stage,
    Status,
    Wanted,
)
from tradepost.ordering.ports import PriceBook
from tradepost.ordering.storage.orders import ORDER_ROWS, SqlOrders, orders
from tradepost.payments.commands import ConcedeDue, RecordPayment, SettlePayments
from tradepost.payments.domain.payment import Method, Share
from tradepost.platform.bus import Bound
from tradepost.platform.db.statement import Statement, any_of, scoped
from tradepost.platform.db.work import Reader
from tradepost.tenancy.domain import TenantProfile
from tradepost.wiring.collected import collected_by
from tradepost.wiring.known_orders import KnownOrders
from tradepost.wiring.places import Places

_ORDERS = Statement(scoped(orders, *ORDER_ROWS.columns).where(any_of(orders.c.id, "ids")))
_KINDS = {Delivery.LOCAL: Kind.LOCAL, Delivery.PICKUP: Kind.PICKUP}
_ANSWERED = ("shipments.write", "payments.record", "returns.write", "returns.late")
"""What a picker or courier does through delivery, which answers for it, and may not do alone."""


class OrderBook:
    """Answers delivery's Book from ordering."""

    def __init__(self, bound: Bound) -> None:
        self._orders = SqlOrders(bound.work)
        self._facts = bound.facts

    async def lock(self, order_id: OrderId) -> ReadyOrder:
        """The order, locked, with its goods."""
        found = (await self._orders.lock([order_id])).get(order_id)
        if found is None:
            raise Unknown("order", str(order_id))
        return _ready(found, (await self._orders.lines([order_id])).get(order_id, []))

    async def reach(self, order_id: OrderId, stage: str, at: datetime) -> None:
        """Tell the order its stage."""
        await take_steps([Step(order_id, at, stage=Stage(stage))], self._orders, self._facts)


def _ready(order: Order, lines: Sequence[OrderLine]) -> ReadyOrder:
    on_the_web = order.channel is Channel.WEB
    return ReadyOrder(
        id=order.id,
        number=order.number,
        kind=_KINDS.get(order.delivery) if on_the_web else None,
        is_confirmed=order.status is Status.CONFIRMED,
        is_open=order.state is OrderState.PLACED,
        location_id=order.location_id,
        slot_id=order.slot_id,
        customer_id=order.customer_id,
        pays_at_the_door=order.payment_method == Method.COD,
        currency=order.currency,
        total=order.total.amount,
        due=order.due.amount,
        version=order.version,
        lines=tuple(_line(one) for one in lines if one.to_ship),
    )


def _line(line: OrderLine) -> OrderedLine:
    wish = line.substitution
    return OrderedLine(
        line_id=line.id,
        variant_id=line.variant_id,
        sku=line.sku,
        title=line.title,
        unit=line.unit,
        price_per=line.price_per,
        price_micros=line.unit_price.micros,
        units=line.to_ship,
        paid=line.net.amount,
        rule=Rule(wish.rule.value) if wish else Rule.NONE,
        allowed=wish.variant_ids if wish else (),
    )


class OrderDestinations:
    """Answers delivery's Destinations from ordering."""

    def __init__(self, db: Reader) -> None:
        self._db = db

    async def of(self, ids: Sequence[OrderId]) -> dict[OrderId, Destination]:
        """Where orders go."""
        rows = await self._db.all(_ORDERS, ids=list(ids)) if ids else ()
        return {order.id: _destination(order) for order in map(ORDER_ROWS.load, rows)}


def _destination(order: Order) -> Destination:
    place = order.ship_to
    return Destination(
        name=place.name,
        line1=place.line1,
        line2=place.line2,
        postcode=place.postcode,
        city=place.city,
        region=place.region,
        country=place.country,
        phone=place.phone,
        currency=order.currency.code,
        due=order.due.amount,
    )


class SpineTrade:
    """Answers delivery's Trade: the spine's own commands, in the same work."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound

    async def _granted(self, command: Any, *more: str) -> Any:
        scope = self._bound.scope.allowed(*_ANSWERED, *more)
        (answer,) = await self._bound.grant(scope, command)
        return answer

    async def reprice(
        self,
        order: ReadyOrder,
        gone: Sequence[tuple[OrderLineId, int]],
        instead: Sequence[Instead],
        at: datetime,
    ) -> None:
        """The order changed, at its version, to no more than it was."""
        added = tuple(
            Wanted(one.units, one.variant_id, agreed_price_micros=one.at_most_micros)
            for one in instead
        )
        wish = ChangeOrder(order.id, order.version, tuple(gone), added, order.total, at=at)
        await self._granted(wish, "orders.price_override")

    async def cancel(self, order_id: OrderId, at: datetime) -> None:
        """The order called off."""
        await self._granted(CancelOrder(order_id, at=at))

    async def ship(self, order_id: OrderId, carrier: str, at: datetime) -> ShipmentId:
        """A parcel of all that is open."""
        made = await self._granted(ShipOrder(order_id, carrier=carrier, at=at))
        shipment_id: ShipmentId = made.shipment_id
        return shipment_id

    async def arrive(self, shipment_id: ShipmentId, at: datetime) -> None:
        """The parcel has arrived."""
        await self._granted(DeliverShipment(shipment_id, at=at))

    async def collect(
        self, order_id: OrderId, courier_id: CourierId, amount: int, at: Any
    ) -> PaymentId:
        """A payment at the door, held by the courier."""
        shares, method = (Share(order_id, amount),), Method.COD.value
        wish = RecordPayment(shares, method, amount, held_by=courier_id, at=at)
        payment_id: PaymentId = (await self._granted(wish)).payment_id
        return payment_id

    async def complete(self, order_id: OrderId, at: datetime) -> None:
        """The order closed."""
        await self._granted(CompleteOrder(order_id, at=at))

    async def bring_back(self, order_id: OrderId, reason: str, at: datetime) -> None:
        """A return of all goods that have not come back by another way; what the order owes beyond
        them is conceded."""
        book = SqlOrders(self._bound.work)
        lines = (await book.lines([order_id]))[order_id]
        back = tuple(
            (one.id, one.shipped - one.returned) for one in lines if one.shipped > one.returned
        )
        if back:
            asked = await self._granted(RequestReturn(order_id, back, reason, at=at))
            for action in ("approve", "receive", "refund"):
                step = MoveReturn(asked.return_id, action, at=at)
                await self._granted(step, "orders.refund")
        if (await book.lock([order_id]))[order_id].due.amount > 0:
            await self._granted(ConcedeDue(order_id, reason, at=at), "orders.refund")
        await self.complete(order_id, at)


class ShopMarket:
    """Answers delivery's Market by those who price orders."""

    def __init__(self, bound: Bound) -> None:
        self._prices: PriceBook = bound.get(PriceBook)  # type: ignore[type-abstract]  # a port
        self._now = bound.get(Clock).now  # type: ignore[type-abstract]  # a port

    async def offers(
        self, order: ReadyOrder, wanted: Sequence[VariantId]
    ) -> Mapping[VariantId, Offer]:
        """Quotes for the order's shopper, from the order's location."""
        basket = Basket(
            lines=tuple(Wanted(1, variant_id) for variant_id in wanted),
            customer_id=order.customer_id,
            location_id=order.location_id,
            at=self._now(),
        )
        (quotes,) = await self._prices.quotes([basket])
        found = {one: quotes[one] for one in wanted if one in quotes}
        return {
            key: Offer(
                variant_id=one.variant_id,
                sku=one.sku,
                title=one.title,
                unit=one.unit,
                price_per=one.price_per,
                price_micros=one.price_micros,
                step=one.step,
                on_sale=one.on_sale,
            )
            for key, one in found.items()
        }


class CourierPurse:
    """Answers delivery's Purse from payments."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound

    async def owed(self, courier_id: CourierId) -> list[Collected]:
        """Payments at the door that the courier holds."""
        return await collected_by(self._bound.work, courier_id)

    async def settle(self, payment_ids: Sequence[PaymentId], missing: int, at: datetime) -> UUID:
        """Settled payments."""
        wish = SettlePayments(tuple(payment_ids), missing=missing, at=at)
        (made,) = await self._bound.grant(self._bound.scope.allowed("payments.record"), wish)
        settlement_id: UUID = made.settlement_id
        return settlement_id


class CourierSignIns:
    """Answers delivery's SignIns by identity's own commands, in the same work."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._now = bound.get(Clock).now  # type: ignore[type-abstract]  # a port

    async def open(
        self, courier_id: CourierId, email: str | None, phone: str | None, secret_hash: str
    ) -> None:
        """An account for a courier."""
        wish = OpenCourierAccount(courier_id, email, phone, secret_hash, at=self._now())
        await self._bound.grant(self._bound.scope, wish)

    async def bar(self, courier_id: CourierId, *, barred: bool) -> None:
        """The account shut, or open again."""
        await self._bound.grant(self._bound.scope, BarCourier(courier_id, barred, at=self._now()))


def _rules(bound: Bound) -> Rules:
    profile = bound.get(TenantProfile)
    return Rules(
        currency=profile.default_currency,
        time_zone=profile.time_zone,
        locations=bound.get(Places).ids_of(bound.scope.tenant_id),
        weight_tolerance_percent=profile.settings.pick_weight_tolerance_percent,
        assigns_by_itself=profile.settings.couriers_assigned_automatically,
    )


HANDLERS = commands.HANDLERS
REACTIONS = reactions.REACTIONS
BINDINGS: dict[Any, Callable[[Bound], Any]] = {
    Rules: _rules,
    ports.Zones: lambda bound: SqlZones(bound.work),
    ports.Slots: lambda bound: SqlSlots(bound.work),
    ports.PickTasks: lambda bound: SqlPickTasks(bound.work),
    ports.Deliveries: lambda bound: SqlDeliveries(bound.work),
    ports.Couriers: lambda bound: SqlCouriers(bound.work),
    ports.HandIns: lambda bound: SqlHandIns(bound.work),
    ports.Book: OrderBook,
    ports.Destinations: lambda bound: OrderDestinations(bound.work),
    ports.KnownOrders: lambda bound: KnownOrders(bound.work),
    ports.Trade: SpineTrade,
    ports.Market: ShopMarket,
    ports.Purse: CourierPurse,
    ports.SignIns: CourierSignIns,
}
