"""What a vendor's staff see and do: their part of orders, their parcels, products and payouts.

Whose staff somebody is follows from their sign-in; what is another vendor's is not there.
"""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post
from litestar.status_codes import HTTP_200_OK

from tradepost.kernel.codes import folded
from tradepost.kernel.ids import OrderId, OrderLineId, PayoutId, ProductId, ShipmentId, VendorId
from tradepost.kernel.permissions import Permission
from tradepost.mall.commands import DeliverOwn, ShipOwn
from tradepost.mall.domain import PayoutState
from tradepost.mall.domain.shapes import GoodsView, ParcelView, VendorOrderView
from tradepost.mall.domain.staff import vendor_of
from tradepost.mall.http.bodies import Language, OwnShipBody
from tradepost.mall.http.statement import statement_csv, statement_html
from tradepost.mall.ports import Dispatched
from tradepost.mall.queries import (
    PayoutView,
    VendorView,
    own_order,
    own_orders,
    own_parcel,
    own_parcels,
    own_product,
    own_products,
    payout_page,
    payout_rows,
    statement_of,
    vendor_page,
)
from tradepost.platform.web import (
    Caller,
    FromCaller,
    FromPaging,
    FromPath,
    FromQuery,
    JSONBody,
    Page,
    door,
    versioned,
)

TAGS = ["Vendor"]
ORDERS, PAYOUTS = Permission.VENDOR_ORDERS_READ, Permission.VENDOR_PAYOUTS_READ
PRODUCTS, SHIPS = Permission.VENDOR_PRODUCTS_READ, Permission.VENDOR_SHIPMENTS_WRITE
HOME = "/api/v1/vendor"
ORDER = HOME + "/orders/{order_id:uuid}"
SHIPMENT = HOME + "/shipments/{shipment_id:uuid}"
PAYOUT = HOME + "/payouts/{payout_id:uuid}"
CSV, HTML = "text/csv; charset=utf-8", "text/html; charset=utf-8"


@get(HOME, opt=door(PAYOUTS), tags=TAGS)
async def read_own(caller: FromCaller) -> Response[VendorView]:
    """One's own vendor: the contract, and what is owed."""
    view = await caller.ask(vendor_page, _vendor(caller))
    return versioned(view, view.version)


@get(f"{HOME}/orders", opt=door(ORDERS), tags=TAGS)
async def list_own_orders(caller: FromCaller, paging: FromPaging) -> Page[VendorOrderView]:
    """One's own parts of orders, the newest first."""
    after = paging.after[0] if paging.after else None
    rows = await caller.ask(own_orders, _vendor(caller), after, paging.limit + 1)
    return paging.page(rows, lambda row: (row.number,))


@get(ORDER, opt=door(ORDERS), tags=TAGS)
async def read_own_order(order_id: FromPath[UUID], caller: FromCaller) -> VendorOrderView:
    """One's own part of an order."""
    return await caller.ask(own_order, OrderId(order_id), _vendor(caller))


@get(f"{ORDER}/shipments", opt=door(ORDERS), tags=TAGS)
async def list_own_parcels(order_id: FromPath[UUID], caller: FromCaller) -> list[ParcelView]:
    """One's own parcels of an order."""
    await caller.ask(own_order, OrderId(order_id), _vendor(caller))
    return await caller.ask(own_parcels, OrderId(order_id), _vendor(caller))


@post(f"{ORDER}/shipments", opt=door(SHIPS, key=True), tags=TAGS)
async def ship_own(
    order_id: FromPath[UUID], data: JSONBody[OwnShipBody], caller: FromCaller
) -> Response[Dispatched]:
    """Hand one's own units to a carrier: all that is open, or the lines named."""
    lines = tuple((OrderLineId(one.order_line_id), one.quantity) for one in data.lines)
    wish = ShipOwn(OrderId(order_id), lines, data.carrier, data.tracking_number)
    answer: Dispatched = await caller.send(wish)
    place = f"{HOME}/shipments/{answer.shipment_id}"
    return versioned(answer, answer.version, status=201, location=place)


@get(SHIPMENT, opt=door(ORDERS), tags=TAGS)
async def read_own_parcel(shipment_id: FromPath[UUID], caller: FromCaller) -> Response[ParcelView]:
    """A parcel of one's own and what is in it: the packing slip."""
    view = await caller.ask(own_parcel, ShipmentId(shipment_id), _vendor(caller))
    return versioned(view, view.version)


@post(f"{SHIPMENT}/deliver", opt=door(SHIPS), tags=TAGS, status_code=HTTP_200_OK)
async def deliver_own(shipment_id: FromPath[UUID], caller: FromCaller) -> Response[Dispatched]:
    """Note that a parcel of one's own has arrived."""
    answer: Dispatched = await caller.send(DeliverOwn(ShipmentId(shipment_id)))
    return versioned(answer, answer.version)


@get(f"{HOME}/products", opt=door(PRODUCTS), tags=TAGS)
async def list_own_products(caller: FromCaller, paging: FromPaging) -> Page[GoodsView]:
    """One's own products by title."""
    rows = await caller.ask(own_products, _vendor(caller), paging.after, paging.limit + 1)
    return paging.page(rows, lambda row: (folded(row.title), str(row.id)))


@get(f"{HOME}/products/{{product_id:uuid}}", opt=door(PRODUCTS), tags=TAGS)
async def read_own_product(product_id: FromPath[UUID], caller: FromCaller) -> Response[GoodsView]:
    """A product of one's own."""
    view = await caller.ask(own_product, ProductId(product_id), _vendor(caller))
    return versioned(view, view.version)


@get(f"{HOME}/payouts", opt=door(PAYOUTS), tags=TAGS)
async def list_own_payouts(
    caller: FromCaller, paging: FromPaging, status: FromQuery[PayoutState | None] = None
) -> Page[PayoutView]:
    """One's own payouts, those of the latest day first."""
    rows = await caller.ask(payout_rows, _vendor(caller), status, paging.after, paging.limit + 1)
    return paging.page(rows, lambda row: (row.until.isoformat(), str(row.id)))


@get(PAYOUT, opt=door(PAYOUTS), tags=TAGS)
async def read_own_payout(payout_id: FromPath[UUID], caller: FromCaller) -> Response[PayoutView]:
    """A payout of one's own."""
    view = await caller.ask(payout_page, PayoutId(payout_id), _vendor(caller))
    return versioned(view, view.version)


@get(f"{PAYOUT}/statement", opt=door(PAYOUTS), tags=TAGS, media_type=HTML)
async def read_own_statement(
    payout_id: FromPath[UUID], caller: FromCaller, language: FromQuery[Language] = Language.EN
) -> Response[str]:
    """The statement of a payout of one's own, as a page to print or keep."""
    told = await caller.ask(statement_of, PayoutId(payout_id), _vendor(caller))
    return Response(statement_html(told, language.value), media_type=HTML)


@get(f"{PAYOUT}/statement.csv", opt=door(PAYOUTS), tags=TAGS, media_type=CSV)
async def read_own_statement_csv(payout_id: FromPath[UUID], caller: FromCaller) -> Response[str]:
    """The entries of a statement of one's own as CSV."""
    told = await caller.ask(statement_of, PayoutId(payout_id), _vendor(caller))
    return Response(statement_csv(told), media_type=CSV)


def _vendor(caller: Caller) -> VendorId:
    return vendor_of(caller.actor)


ROUTES = (
    read_own,
    list_own_orders,
    read_own_order,
    list_own_parcels,
    ship_own,
    read_own_parcel,
    deliver_own,
    list_own_products,
    read_own_product,
    list_own_payouts,
    read_own_payout,
    read_own_statement,
    read_own_statement_csv,
)
