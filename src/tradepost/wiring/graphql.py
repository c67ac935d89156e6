"""The two graphs, put together from the contexts' parts: the shop's, and the staff's."""

from __future__ import annotations

from tradepost.catalog.graph import staff as catalog_staff
from tradepost.catalog.graph import storefront as catalog_storefront
from tradepost.customers import graph as customers
from tradepost.inventory import graph as inventory
from tradepost.ledger import graph as ledger
from tradepost.ordering.graph import staff as ordering_staff
from tradepost.ordering.graph import storefront as ordering_storefront
from tradepost.platform.web.graphql.limits import LIMITS
from tradepost.platform.web.graphql.schema import build_schema
from tradepost.search import graph as search

PUBLIC_SCHEMA = build_schema(
    (*catalog_storefront.FIELDS, *ordering_storefront.FIELDS, *search.FIELDS), LIMITS
)
STAFF_SCHEMA = build_schema(
    (
        *catalog_staff.FIELDS,
        *customers.FIELDS,
        *inventory.FIELDS,
        *ledger.FIELDS,
        *ordering_staff.FIELDS,
    ),
    LIMITS,
)
