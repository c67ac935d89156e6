"""Every context's routers, by the app that serves them. Add a router here, and it is served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litestar.types import ControllerRouterHandler

from tradepost.catalog.http import staff as catalog_staff
from tradepost.catalog.http import storefront as catalog_storefront
from tradepost.catalog.http import tree as catalog_tree
from tradepost.counter import http as counter_http
from tradepost.customers.http import groups as customers_groups
from tradepost.customers.http import staff as customers_staff
from tradepost.customers.http import storefront as customers_storefront
from tradepost.delivery.http import courier as delivery_courier
from tradepost.delivery.http import couriers as delivery_couriers
from tradepost.delivery.http import deliveries as delivery_deliveries
from tradepost.delivery.http import picking as delivery_picking
from tradepost.delivery.http import zones as delivery_zones
from tradepost.floor import http as floor_http
from tradepost.fulfillment.http import digital as fulfillment_digital
from tradepost.fulfillment.http import staff as fulfillment_staff
from tradepost.fulfillment.http import storefront as fulfillment_storefront
from tradepost.identity.http import courier as identity_courier
from tradepost.identity.http import desk as identity_desk
from tradepost.identity.http import inviting as identity_inviting
from tradepost.identity.http import pins as identity_pins
from tradepost.identity.http import staff as identity_staff
from tradepost.identity.http import storefront as identity_storefront
from tradepost.inventory import http as inventory_http
from tradepost.inventory.http import storefront as inventory_storefront
from tradepost.ledger.http import staff as ledger_staff
from tradepost.mall.http import staff as mall_staff
from tradepost.mall.http import vendor as mall_vendor
from tradepost.ordering.http import changes as ordering_changes
from tradepost.ordering.http import staff as ordering_staff
from tradepost.ordering.http import storefront as ordering_storefront
from tradepost.payments.http import staff as payments_staff
from tradepost.payments.http import storefront as payments_storefront
from tradepost.platform.web import history, letters
from tradepost.platform.web.door import PUBLIC
from tradepost.platform.web.door import STAFF as STAFF_ONLY
from tradepost.platform.web.graphql.endpoint import graph_route
from tradepost.pricing.http import lists as pricing_lists
from tradepost.pricing.http import tax as pricing_tax
from tradepost.search.http import storefront as search_storefront
from tradepost.tenancy.http import places as tenancy_places
from tradepost.tenancy.http import staff as tenancy_staff
from tradepost.tenancy.http import storefront as tenancy_storefront

if TYPE_CHECKING:
    from tradepost.platform.web.graphql.schema import GraphSchema


def _public_schema() -> GraphSchema:
    from tradepost.wiring.graphql import PUBLIC_SCHEMA

    return PUBLIC_SCHEMA


def _staff_schema() -> GraphSchema:
    from tradepost.wiring.graphql import STAFF_SCHEMA

    return STAFF_SCHEMA


STOREFRONT: tuple[ControllerRouterHandler, ...] = (
    *catalog_storefront.ROUTES,
    *customers_storefront.ROUTES,
    *delivery_courier.ROUTES,
    *delivery_deliveries.ROUTES,
    *delivery_zones.ROUTES,
    *identity_courier.ROUTES,
    *fulfillment_storefront.ROUTES,
    *identity_storefront.ROUTES,
    *inventory_storefront.ROUTES,
    *ordering_storefront.ROUTES,
    *payments_storefront.ROUTES,
    *search_storefront.ROUTES,
    *tenancy_storefront.ROUTES,
    graph_route(_public_schema, PUBLIC),
)
"""What shoppers may do: the public API."""

STAFF: tuple[ControllerRouterHandler, ...] = (
    *catalog_staff.ROUTES,
    *catalog_tree.ROUTES,
    *inventory_http.STAFF_ROUTES,
    *counter_http.ROUTES,
    *customers_groups.ROUTES,
    *customers_staff.ROUTES,
    *delivery_couriers.STAFF_ROUTES,
    *delivery_deliveries.STAFF_ROUTES,
    *delivery_picking.STAFF_ROUTES,
    *delivery_zones.STAFF_ROUTES,
    *identity_desk.ROUTES,
    *identity_inviting.ROUTES,
    *identity_pins.ROUTES,
    *identity_staff.ROUTES,
    *floor_http.STAFF_ROUTES,
    *fulfillment_digital.ROUTES,
    *fulfillment_staff.ROUTES,
    *ledger_staff.ROUTES,
    *mall_staff.ROUTES,
    *mall_vendor.ROUTES,
    *ordering_changes.ROUTES,
    *ordering_staff.ROUTES,
    *payments_staff.ROUTES,
    *pricing_lists.ROUTES,
    *pricing_tax.ROUTES,
    *tenancy_places.ROUTES,
    *tenancy_staff.ROUTES,
    *history.ROUTES,
    *letters.ROUTES,
    graph_route(_staff_schema, STAFF_ONLY),
)
"""What those who work here may do: the admin API."""
