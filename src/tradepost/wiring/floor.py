"""The floor in the house: catalogue, orders, payments and parcels answer its ports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from tradepost.catalog.storage import Article, Articles
from tradepost.catalog.storage.tables import categories, product_categories, products
from tradepost.floor import commands, ports
from tradepost.floor.ports import Dish, Owed, Sold, SoldLine, Tender, Terms, Wanted
from tradepost.floor.storage.kitchen import SqlKitchen
from tradepost.floor.storage.plan import SqlFloors
from tradepost.floor.storage.tabs import SqlTabs
from tradepost.fulfillment.commands import ShipOrder
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import (
    CategoryId,
    LocationId,
    OrderId,
    OrderLineId,
    PaymentId,
    ProductId,
    VariantId,
)
from tradepost.kernel.permissions import Permission
from tradepost.ordering.commands import CancelOrder, ChangeOrder, CompleteOrder, PlaceOrder
from tradepost.ordering.commands.progress import Step, take_steps
from tradepost.ordering.domain import Basket, Channel, Delivery, Order, OrderLine, OrderState, Stage
from tradepost.ordering.domain import Wanted as WantedLine
from tradepost.ordering.storage.numbers import next_numbers
from tradepost.ordering.storage.orders import ORDER_ROWS, SqlOrders, orders
from tradepost.payments.commands.record import RecordPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.bus import Bound
from tradepost.platform.db.statement import Statement, any_of, scoped
from tradepost.platform.db.work import Reader, Work
from tradepost.tenancy.domain import TenantProfile
from tradepost.wiring.places import Places

_GRANTED = (
    Permission.ORDERS_PLACE,
    Permission.ORDERS_PRICE_OVERRIDE,
    Permission.ORDERS_CHANGE,
    Permission.ORDERS_CANCEL,
    Permission.PAYMENTS_RECORD,
    Permission.SHIPMENTS_WRITE,
)
"""What the floor answers for when it asks on behalf of a waiter."""
_OWED = Statement(scoped(orders, *ORDER_ROWS.columns).where(any_of(orders.c.id, "ids")))
_STANDS_IN = Statement(
    scoped(product_categories, product_categories.c.product_id, product_categories.c.category_id)
    .where(any_of(product_categories.c.product_id, "ids"))
    .order_by(product_categories.c.product_id, product_categories.c.category_id)
)
_PARENTS = Statement(scoped(categories, categories.c.id, categories.c.parent_id))
_KNOWN_PRODUCTS = Statement(scoped(products, products.c.id).where(any_of(products.c.id, "ids")))


class SpineOrders:
    """Answers the floor's OrderBook: every step is the command that anybody would send."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._by = bound.scope.allowed(*_GRANTED)
        self._orders = SqlOrders(bound.work)

    async def place(
        self, order_id: OrderId, location_id: LocationId, lines: Sequence[Wanted], at: datetime
    ) -> Sold:
        """An order of channel ``table``, from the unit's stock."""
        basket = Basket(
            lines=tuple(
                WantedLine(one.quantity, one.variant_id, None, one.price_micros) for one in lines
            ),
            channel=Channel.TABLE,
            delivery=Delivery.PICKUP,
            payment_method="card_terminal",
            order_id=order_id,
            location_id=location_id,
        )
        await self._bound.grant(self._by, PlaceOrder(basket, at=at))
        return await self._sold(order_id)

    async def _sold(self, order_id: OrderId) -> Sold:
        order = await self._locked(order_id)
        lines = (await self._orders.lines([order_id]))[order_id]
        inside = order.tax_included
        told = tuple(SoldLine(one.id, _gross(one, inside)) for one in lines)
        return Sold(order.id, order.number, order.total.amount, told)

    async def _locked(self, order_id: OrderId) -> Order:
        return (await self._orders.lock([order_id]))[order_id]

    async def call_off(
        self, order_id: OrderId, units: Sequence[tuple[OrderLineId, int]], at: datetime
    ) -> Sold | None:
        """Fewer units, or the whole order where nothing would be left or none are named."""
        order = await self._locked(order_id)
        less = dict(units)
        left = [
            one.id
            for one in (await self._orders.lines([order_id]))[order_id]
            if one.still_wanted > less.get(one.id, 0)
        ]
        if left and units:
            wish = ChangeOrder(order_id, order.version, tuple(units), at=at)
            await self._bound.grant(self._by, wish)
            return await self._sold(order_id)
        await self._bound.grant(self._by, CancelOrder(order_id, at=at))
        return None

    async def owed(self, ids: Sequence[OrderId], *, locked: bool = True) -> Mapping[OrderId, Owed]:
        """In the order in which they are named."""
        if locked:
            found = await self._orders.lock(ids) if ids else {}
        else:
            found = await orders_of(self._bound.work, ids)
        return {id: owed_of(found[id]) for id in ids}

    async def pay(self, tender: Tender) -> PaymentId:
        """One payment, several orders."""
        wish = RecordPayment(
            tuple(Share(*share) for share in tender.shares),
            tender.method,
            sum(amount for _, amount in tender.shares),
            reference=tender.reference,
            tip=tender.tip,
            at=tender.at,
        )
        (answer,) = await self._bound.grant(self._by, wish)
        payment_id: PaymentId = answer.payment_id
        return payment_id

    async def set_stage(self, order_id: OrderId, stage: str, at: datetime) -> None:
        """An order that is over keeps the words it has."""
        order = await self._locked(order_id)
        if order.state is OrderState.PLACED:
            steps = [Step(order_id, at, stage=Stage(stage))]
            await take_steps(steps, self._orders, self._bound.facts)

    async def finish(self, ids: Sequence[OrderId], at: datetime) -> None:
        """Orders that are open and owe nothing are handed over and completed."""
        found = await self._orders.lock(ids) if ids else {}
        over = [one for one in found.values() if one.is_paid and one.state is OrderState.PLACED]
        leaving = [one.id for one in over if one.units_shipped < one.units_to_ship]
        if leaving:
            await self._bound.grant(self._by, *(ShipOrder(id, at=at) for id in leaving))
        if over:
            await self._bound.grant(self._by, *(CompleteOrder(one.id, at=at) for one in over))


async def orders_of(db: Reader, ids: Sequence[OrderId]) -> dict[OrderId, Order]:
    """Orders as they are, without locking them."""
    rows = await db.all(_OWED, ids=sorted(ids)) if ids else []
    return {order.id: order for order in map(ORDER_ROWS.load, rows)}


def owed_of(order: Order) -> Owed:
    """An order as a tab must know it."""
    worth = order.subtotal - order.discount
    called_off = order.state is OrderState.CANCELLED
    paid = (order.paid - order.refunded).amount
    return Owed(order.due.amount, paid, 0 if called_off else worth.amount)


def _gross(line: OrderLine, inside: bool) -> int:
    return line.net.amount + (0 if inside else line.tax.amount)


class Dishes:
    """Answers the floor's Menu from the catalogue; each article is looked up once in a work."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._articles = Articles(work)
        self._known: dict[VariantId | str, Dish] = {}

    async def dishes(
        self, skus: Sequence[str], ids: Sequence[VariantId]
    ) -> dict[VariantId | str, Dish]:
        """Articles by folded SKU and variant, with the categories they stand in."""
        new_ids = [one for one in ids if one not in self._known]
        new_skus = [one for one in skus if one not in self._known]
        found = dict(await self._articles.by_ids(new_ids)) if new_ids else {}
        if new_skus:
            by_sku = await self._articles.by_sku_keys(new_skus)
            found |= {one.variant_id: one for one in by_sku.values()}
        stands = await self._categories({one.product_id for one in found.values()})
        for one in found.values():
            self._known[one.variant_id] = self._known[one.sku_key] = _dish(one, stands)
        return self._known

    async def _categories(self, product_ids: set[ProductId]) -> dict[ProductId, list[CategoryId]]:
        """The categories of products, each followed by those above it."""
        stands: dict[ProductId, list[CategoryId]] = {}
        rows = await self._work.all(_STANDS_IN, ids=sorted(product_ids)) if product_ids else []
        tree = await self._work.all(_PARENTS) if rows else []
        above: dict[CategoryId, CategoryId | None] = {row[0]: row[1] for row in tree}
        for product_id, category_id in rows:
            mine = stands.setdefault(product_id, [])
            here = category_id
            while here is not None and here not in mine:
                mine.append(here)
                here = above.get(here)
        return stands

    async def check_routes(
        self, product_ids: Sequence[ProductId], category_ids: Sequence[CategoryId]
    ) -> None:
        """Refuse products and categories that there are not."""
        wanted = sorted(set(product_ids))
        rows = await self._work.all(_KNOWN_PRODUCTS, ids=wanted) if wanted else []
        for missing in set(wanted) - {row[0] for row in rows}:
            raise Unknown("product", str(missing))
        known = {row[0] for row in await self._work.all(_PARENTS)} if category_ids else set()
        for missing_category in set(category_ids) - known:
            raise Unknown("category", str(missing_category))


def _dish(one: Article, stands: Mapping[ProductId, Sequence[CategoryId]]) -> Dish:
    above = tuple(stands.get(one.product_id, ()))
    kind = one.fulfillment_type.value
    return Dish(one.variant_id, one.product_id, one.sku, one.title, kind, above)


class OpenPlaces:
    """Answers the floor's Locations from tenancy."""

    def __init__(self, ids: tuple[LocationId, ...]) -> None:
        self._ids = ids

    def check(self, location_id: LocationId) -> None:
        """Refuse what is no open location of the shop."""
        if location_id not in self._ids:
            raise Unknown("location", str(location_id))


def _terms(bound: Bound) -> Terms:
    profile = bound.get(TenantProfile)
    settings = profile.settings
    cutoff = settings.business_day_cutoff_hour
    return Terms(profile.default_currency, settings.rounding, profile.time_zone, cutoff)


async def _next_number(work: Work) -> int:
    return (await next_numbers(work, "tab", 1, 1))[0]


HANDLERS = commands.HANDLERS
BINDINGS: dict[Any, Callable[[Bound], Any]] = {
    Terms: _terms,
    ports.Floors: lambda bound: SqlFloors(bound.work),
    ports.Kitchen: lambda bound: SqlKitchen(bound.work),
    ports.Locations: lambda bound: OpenPlaces(bound.get(Places).ids_of(bound.scope.tenant_id)),
    ports.Menu: lambda bound: Dishes(bound.work),
    ports.OrderBook: SpineOrders,
    ports.Tabs: lambda bound: SqlTabs(bound.work, partial(_next_number, bound.work)),
}
