"""Fulfillment in the house: orders, shelves, catalogue and money answer its ports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tradepost.catalog.storage import Articles
from tradepost.catalog.storage import articles as catalogue
from tradepost.fulfillment import commands, ports, reactions
from tradepost.fulfillment.domain import OpenLine, OpenOrder, Return, ReturnLine
from tradepost.fulfillment.domain.giveback import Disposition
from tradepost.fulfillment.domain.sold import SoldLine, SoldOrder
from tradepost.fulfillment.errors import NowhereToPut
from tradepost.fulfillment.ports import Article, FileLimits, LinkTerms, Parcel, Terms
from tradepost.fulfillment.storage.digital import SqlDigitalFiles, SqlDownloads
from tradepost.fulfillment.storage.returns import SqlReturns
from tradepost.fulfillment.storage.shipments import SqlShipments
from tradepost.inventory.commands.storeroom import Storeroom
from tradepost.inventory.domain.dispatch import Dispatch, DispatchLine, PutBack, PutBackLine
from tradepost.kernel.errors import Refusal, Unknown
from tradepost.kernel.ids import LocationId, OrderId, OrderLineId, VariantId
from tradepost.kernel.messages import Facts
from tradepost.ordering.commands.progress import Step, take_back, take_steps
from tradepost.ordering.domain import Order, OrderLine
from tradepost.ordering.storage.orders import SqlOrders
from tradepost.payments.commands.cashier import Cashier
from tradepost.payments.domain.credit import Part, PartKind
from tradepost.payments.domain.payback import GivenBack
from tradepost.payments.domain.payment import Method
from tradepost.payments.ports import Terms as PaymentTerms
from tradepost.platform.bus import Bound
from tradepost.platform.db.work import Reader
from tradepost.tenancy.domain import TenantProfile
from tradepost.wiring.digital import OrdersOfLinks, file_limits, link_terms
from tradepost.wiring.known_orders import KnownOrders
from tradepost.wiring.places import Places


class Orders:
    """Answers fulfillment's OrderBook from ordering."""

    def __init__(self, orders: SqlOrders, facts: Facts) -> None:
        self._orders = orders
        self._facts = facts

    async def to_ship(self, ids: Sequence[OrderId]) -> dict[OrderId, OpenOrder]:
        """The orders, locked, with what of them is still to ship."""
        found = await self._orders.lock(ids)
        lines = await self._orders.lines(list(found))
        return {order.id: _open(order, lines.get(order.id, [])) for order in found.values()}

    async def shipped(self, parcels: Sequence[Parcel]) -> None:
        """Tell that units left."""
        steps = [
            Step(one.order_id, one.at, shipped=tuple((id, units) for id, _, units in one.lines))
            for one in parcels
        ]
        await take_steps(steps, self._orders, self._facts)

    async def sold(self, order_id: OrderId) -> SoldOrder:
        """The order as it was sold."""
        found = await self._orders.lock([order_id])
        if order_id not in found:
            raise Unknown("order", str(order_id))
        lines = (await self._orders.lines([order_id]))[order_id]
        return _sold(found[order_id], lines)

    async def returned(self, order_id: OrderId, units: Sequence[tuple[OrderLineId, int]]) -> None:
        """Tell that units came back."""
        await take_back(order_id, units, self._orders)


def _open(order: Order, lines: Sequence[OrderLine]) -> OpenOrder:
    still = tuple(
        OpenLine(line.id, line.variant_id, line.to_ship, line.stocked, line.vendor_id)
        for line in lines
    )
    words = order.status.value
    return OpenOrder(order.id, order.number, words, order.may_ship, order.version, still)


def _sold(order: Order, lines: Sequence[OrderLine]) -> SoldOrder:
    return SoldOrder(
        id=order.id,
        number=order.number,
        customer_id=order.customer_id,
        currency=order.currency,
        country=order.ship_to.country,
        placed_on=order.business_date,
        location_id=order.location_id,
        lines=tuple(
            SoldLine(
                line_id=line.id,
                variant_id=line.variant_id,
                sku=line.sku,
                title=line.title,
                fulfillment_type=line.fulfillment_type,
                unit_price_micros=line.unit_price.micros,
                price_per=line.price_per,
                quantity=line.quantity - line.cancelled,
                amount=line.net.amount,
                tax=line.tax.amount,
                tax_included=order.tax_included,
                returnable=line.shipped if line.ships else line.quantity - line.cancelled,
                returned=line.returned,
                stocked=line.stocked,
            )
            for line in lines
        ),
    )


class Stockroom:
    """Answers fulfillment's Shelves from inventory."""

    def __init__(self, storeroom: Storeroom, locations: tuple[LocationId, ...]) -> None:
        self._storeroom = storeroom
        self._locations = locations

    async def ship(self, parcels: Sequence[Parcel]) -> None:
        """Take promised units off the shelf, wherever they were promised."""
        dispatches = [
            Dispatch(
                one.order_id,
                one.shipment_id,
                tuple(
                    DispatchLine(id, units)
                    for id, _, units in one.lines
                    if id not in one.made_to_order
                ),
                one.at,
            )
            for one in parcels
            if any(id not in one.made_to_order for id, _, _ in one.lines)
        ]
        for refusal in await self._storeroom.ship(dispatches) if dispatches else ():
            if refusal is not None:
                raise refusal

    async def put_back(
        self, made: Sequence[tuple[Return, Sequence[ReturnLine]]], location_id: LocationId | None
    ) -> list[Refusal | None]:
        """Put goods that came back onto the shelf, or book them in and throw them away."""
        place = location_id or next(iter(self._locations), None)
        if place is None:
            return [
                NowhereToPut() if any(one.lies_on_shelves for one in lines) else None
                for _, lines in made
            ]
        goods = {one.id: _goods(lines, place) for one, lines in made}
        returns = [
            PutBack(one.id, goods[one.id], one.requested_at, one.version)
            for one, _ in made
            if goods[one.id]
        ]
        answers = iter(await self._storeroom.put_back(returns) if returns else ())
        return [next(answers) if goods[one.id] else None for one, _ in made]


def _goods(lines: Sequence[ReturnLine], place: LocationId) -> tuple[PutBackLine, ...]:
    return tuple(
        PutBackLine(line.variant_id, place, line.quantity, line.disposition is Disposition.RESTOCK)
        for line in lines
        if line.lies_on_shelves
    )


class Catalogue:
    """Answers fulfillment's Catalogue from the catalogue."""

    def __init__(self, db: Reader) -> None:
        self._articles = Articles(db)

    async def by_sku(self, sku_keys: Sequence[str]) -> dict[str, Article]:
        """Articles by their folded SKU."""
        found = await self._articles.by_sku_keys(sku_keys)
        return {key: _article(one) for key, one in found.items()}

    async def one(self, variant_id: VariantId) -> Article:
        """The article of a variant."""
        found = await self._articles.by_ids([variant_id])
        if variant_id not in found:
            raise Unknown("variant", str(variant_id))
        return _article(found[variant_id])


def _article(one: catalogue.Article) -> Article:
    return Article(
        one.variant_id,
        one.product_id,
        one.sku,
        one.title,
        one.fulfillment_type.value,
        one.sales_unit.price_per,
        one.stocked,
    )


class ReturnTill:
    """Answers fulfillment's Till: the cashier credits what came back and pays for it."""

    def __init__(self, cashier: Cashier, terms: PaymentTerms) -> None:
        self._cashier = cashier
        self._terms = terms

    def check_method(self, method: str) -> None:
        """Refuse what is no method, or wants a gateway."""
        Method.on_the_spot(method)

    async def give_back(
        self, made: Sequence[tuple[Return, Sequence[ReturnLine]]], method: str
    ) -> None:
        """Credit what came back without a receipt, and pay for it at once."""
        way = Method.on_the_spot(method)
        await self._cashier.give_back([self._wish(one, lines, way) for one, lines in made])

    async def refund(self, made: Return, lines: Sequence[ReturnLine], method: str | None) -> None:
        """Credit what came back on an order, and refund it from the order's payments."""
        way = Method.on_the_spot(method) if method else None
        await self._cashier.give_back([self._wish(made, lines, way)])

    def _wish(self, made: Return, lines: Sequence[ReturnLine], method: Method | None) -> GivenBack:
        at = made.closed_at or made.requested_at
        return GivenBack(
            return_id=made.id,
            order_id=made.order_id,
            customer_id=made.customer_id,
            currency=made.currency,
            lines=tuple(_part(line) for line in lines),
            method=method,
            reason=next((line.reason for line in lines if line.reason), ""),
            at=at,
            business_date=self._terms.day_of(at),
        )


def _part(line: ReturnLine) -> Part:
    kind = PartKind.GOODS if line.is_goods else PartKind.SERVICE
    return Part(line.order_line_id, kind, line.title, line.amount.amount, line.tax.amount)


def _terms(bound: Bound) -> Terms:
    profile = bound.get(TenantProfile)
    settings = profile.settings
    places = bound.get(Places).ids_of(bound.scope.tenant_id)
    return Terms(
        currency=profile.default_currency,
        time_zone=profile.time_zone,
        cutoff_hour=settings.business_day_cutoff_hour,
        rounding=settings.rounding,
        location_id=places[0] if places else None,
        limit_without_receipt=settings.return_without_receipt_amount_max,
        return_days=settings.return_days,
    )


HANDLERS = commands.HANDLERS
REACTIONS = reactions.REACTIONS
BINDINGS: dict[Any, Callable[[Bound], Any]] = {
    Terms: _terms,
    ports.Shipments: lambda bound: SqlShipments(bound.work),
    ports.Parcels: lambda bound: SqlShipments(bound.work),
    ports.Returns: lambda bound: SqlReturns(bound.work),
    ports.OrderBook: lambda bound: Orders(SqlOrders(bound.work), bound.facts),
    ports.KnownOrders: lambda bound: KnownOrders(bound.work),
    ports.Shelves: lambda bound: Stockroom(
        bound.get(Storeroom), bound.get(Places).ids_of(bound.scope.tenant_id)
    ),
    ports.Catalogue: lambda bound: Catalogue(bound.work),
    FileLimits: file_limits,
    LinkTerms: link_terms,
    ports.DigitalFiles: lambda bound: SqlDigitalFiles(bound.work),
    ports.Downloads: lambda bound: SqlDownloads(bound.work),
    ports.DigitalOrders: OrdersOfLinks,
    ports.Till: lambda bound: ReturnTill(bound.get(Cashier), bound.get(PaymentTerms)),
}
