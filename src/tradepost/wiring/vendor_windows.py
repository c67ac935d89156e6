"""What vendors see of the shop: their part of orders, their parcels, their products."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_

from tradepost.catalog.storage.tables import products
from tradepost.fulfillment.queries import ShipmentView, shipment_page, shipments_of
from tradepost.fulfillment.storage.shipments import shipments
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import OrderId, ProductId, ShipmentId, VendorId
from tradepost.mall.domain.shapes import (
    GoodsView,
    LineView,
    ParcelLineView,
    ParcelView,
    ShipTo,
    VendorOrderView,
)
from tradepost.ordering.domain import Order, OrderLine, OrderState
from tradepost.ordering.domain.portions import Portion, portions
from tradepost.ordering.storage.orders import LINE_ROWS, ORDER_ROWS, order_lines, orders
from tradepost.platform.db.statement import Statement, any_of, param, same_tenant, scoped
from tradepost.platform.db.work import Reader, Row
from tradepost.wiring.known_orders import KnownOrders

_o, _l, _p = orders.c, order_lines.c, products.c
_ORDERS = scoped(orders, *ORDER_ROWS.columns)
_SEVERAL = Statement(_ORDERS.where(any_of(_o.id, "ids")).order_by(_o.number.desc()))
_LINES = Statement(
    scoped(order_lines, *LINE_ROWS.columns)
    .where(any_of(_l.order_id, "ids"))
    .order_by(_l.order_id, _l.position)
)
_theirs = (
    scoped(orders, _o.id, _o.number)
    .select_from(
        orders.join(order_lines, same_tenant(orders, order_lines) & (_l.order_id == _o.id))
    )
    .where(_l.vendor_id == param("vendor_id"))
    .distinct()
    .order_by(_o.number.desc())
    .limit(param("limit"))
)
_NEWEST = Statement(_theirs)
_OLDER = Statement(_theirs.where(_o.number < param("after")))
_s = shipments.c
_OF_VENDOR = Statement(scoped(shipments, _s.vendor_id).where(_s.id == param("id")))
_in_order = (_p.title_key, _p.id)
_goods = scoped(products, _p.id, _p.title, _p.slug, _p.status, _p.currency, _p.version).where(
    _p.vendor_id == param("vendor_id")
)
_LIST = Statement(_goods.order_by(*_in_order).limit(param("limit")))
_FURTHER = Statement(
    _goods.where(
        tuple_(*_in_order)
        > tuple_(param("after_title", like=_p.title_key), param("after_id", like=_p.id))
    )
    .order_by(*_in_order)
    .limit(param("limit"))
)
_PRODUCT = Statement(_goods.where(_p.id == param("id")))


class ShopWindows:
    """Answers the mall's Windows from ordering, fulfillment and the catalogue."""

    def __init__(self, db: Reader) -> None:
        self._db = db

    async def portions(self, order_id: OrderId) -> list[VendorOrderView]:
        """An order, vendor by vendor."""
        found = await self._orders([order_id])
        if not found:
            raise Unknown("order", str(order_id))
        return _views(*found[0])

    async def orders_of(
        self, vendor_id: VendorId, after: int | None, limit: int
    ) -> list[VendorOrderView]:
        """A vendor's orders, the newest first."""
        given: dict[str, Any] = {"vendor_id": vendor_id, "limit": limit}
        if after is None:
            rows = await self._db.all(_NEWEST, **given)
        else:
            rows = await self._db.all(_OLDER, **given, after=after)
        found = await self._orders([row[0] for row in rows])
        return [view for pair in found for view in _views(*pair) if view.vendor_id == vendor_id]

    async def parcels(self, order_id: OrderId, vendor_id: VendorId) -> list[ParcelView]:
        """A vendor's parcels of an order."""
        found = await shipments_of(self._db, order_id, KnownOrders(self._db))
        return [_parcel(one) for one in found if one.vendor_id == vendor_id]

    async def parcel(self, shipment_id: ShipmentId, vendor_id: VendorId) -> ParcelView:
        """A parcel of a vendor's."""
        row = await self._db.one(_OF_VENDOR, id=shipment_id)
        if row is None or row[0] != vendor_id:
            raise Unknown("shipment", str(shipment_id))
        return _parcel(await shipment_page(self._db, shipment_id))

    async def goods(
        self, vendor_id: VendorId, after: tuple[str, UUID] | None, limit: int
    ) -> list[GoodsView]:
        """A vendor's products by title."""
        given: dict[str, Any] = {"vendor_id": vendor_id, "limit": limit}
        if after is None:
            rows = await self._db.all(_LIST, **given)
        else:
            rows = await self._db.all(_FURTHER, **given, after_title=after[0], after_id=after[1])
        return [_product(row) for row in rows]

    async def product(self, product_id: ProductId, vendor_id: VendorId) -> GoodsView:
        """A product of a vendor's."""
        row = await self._db.one(_PRODUCT, id=product_id, vendor_id=vendor_id)
        if row is None:
            raise Unknown("product", str(product_id))
        return _product(row)

    async def _orders(self, ids: Sequence[OrderId]) -> list[tuple[Order, list[OrderLine]]]:
        found = [ORDER_ROWS.load(row) for row in await self._db.all(_SEVERAL, ids=list(ids))]
        currencies = {one.id: one.currency for one in found}
        lines: dict[OrderId, list[OrderLine]] = {one.id: [] for one in found}
        for row in await self._db.all(_LINES, ids=list(currencies)):
            line = LINE_ROWS.load(row, currency=currencies[row[1]])
            lines[line.order_id].append(line)
        return [(one, lines[one.id]) for one in found]


def _views(order: Order, lines: Sequence[OrderLine]) -> list[VendorOrderView]:
    by_vendor: dict[VendorId, list[Portion]] = defaultdict(list)
    for one in portions(order, lines):
        if one.contract is not None:
            by_vendor[one.contract.vendor_id].append(one)
    return [_view(order, vendor_id, theirs) for vendor_id, theirs in by_vendor.items()]


def _view(order: Order, vendor_id: VendorId, theirs: Sequence[Portion]) -> VendorOrderView:
    lines = [line for one in theirs for line in one.lines]
    return VendorOrderView(
        order_id=order.id,
        number=order.number,
        vendor_id=vendor_id,
        status=_status(order, lines),
        order_status=order.status.value,
        currency=order.currency.code,
        tax_included=order.tax_included,
        subtotal=sum(line.amount.amount for line in lines),
        discount=sum(one.discount for one in theirs),
        shipping=sum(one.shipping for one in theirs),
        shipping_tax=sum(one.shipping_tax for one in theirs),
        cod_fee=sum(one.cod_fee for one in theirs),
        cod_fee_tax=sum(one.cod_fee_tax for one in theirs),
        tax=sum(one.tax for one in theirs),
        total=sum(one.total(tax_included=order.tax_included) for one in theirs),
        commission=sum(one.commission for one in theirs),
        placed_at=order.placed_at,
        contracts=tuple(one.contract for one in theirs if one.contract is not None),
        ship_to=_address(order),
        lines=tuple(map(_line, lines)),
    )


def _status(order: Order, lines: Sequence[OrderLine]) -> str:
    """How far a vendor's part is: what its own lines say, within what the order allows."""
    if order.state is not OrderState.PLACED:
        return order.state.value
    if not any(line.still_wanted for line in lines):
        return "cancelled"
    left = any(line.to_ship for line in lines)
    if any(line.shipped for line in lines):
        return "partially_shipped" if left else "shipped"
    if order.waits_for_money:
        return "pending_payment"
    return "pending_shipment" if left else "confirmed"


def _address(order: Order) -> ShipTo | None:
    place = order.destination
    if place is None:
        return None
    return ShipTo(
        place.country,
        place.name,
        place.line1,
        place.line2,
        place.postcode,
        place.city,
        place.region,
        place.phone,
    )


def _line(line: OrderLine) -> LineView:
    return LineView(
        id=line.id,
        variant_id=line.variant_id,
        product_id=line.product_id,
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        amount=line.amount.amount,
        discount=line.discount.amount,
        tax=line.tax.amount,
        commission_rate_ppm=line.commission_ppm,
        commission=line.commission.amount,
        shipped=line.shipped,
        returned=line.returned,
        cancelled=line.cancelled,
    )


def _parcel(one: ShipmentView) -> ParcelView:
    lines = tuple(
        ParcelLineView(line.order_line_id, line.variant_id, line.quantity) for line in one.lines
    )
    return ParcelView(
        ShipmentId(one.id),
        OrderId(one.order_id),
        one.state,
        one.carrier,
        one.tracking_number,
        one.shipped_at,
        one.delivered_at,
        one.version,
        lines,
    )


def _product(row: Row) -> GoodsView:
    id, title, slug, status, currency, version = row
    return GoodsView(ProductId(id), title, slug, status.value, currency, version)
