"""What placing orders will look at, said beforehand: a store without rivals asks it all at once."""

from __future__ import annotations

from collections.abc import Sequence

from tradepost.catalog.storage import Articles
from tradepost.customers.storage import CUSTOMERS
from tradepost.inventory.storage import SqlStocks
from tradepost.kernel.codes import folded
from tradepost.kernel.ids import VariantId
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.domain.terms import Policy
from tradepost.platform.db.work import Look
from tradepost.pricing.storage import TaxBook
from tradepost.tenancy.domain.settings import TenantSettings
from tradepost.wiring.tax_places import taxed_at


def looks_of(baskets: Sequence[Basket], policy: Policy, settings: TenantSettings) -> list[Look]:
    """Articles, their stock, who buys, and the rates of tax."""
    ids, keys = named_in(baskets)
    buyers = {basket.customer_id for basket in baskets if basket.customer_id}
    looks = []
    if ids:
        looks.append(Articles.look(ids))
    if keys:
        looks.append(Articles.look_for_skus(keys))
    if ids and not keys:  # else it is not known yet whose stock will be wanted
        looks.append(SqlStocks.look(policy.locations, ids))
    if buyers:
        looks.append(CUSTOMERS.look(buyers))
    if settings.charges_tax:
        looks.append(TaxBook.look(taxed_at(one, policy, settings)[0] for one in baskets))
    return looks


def named_in(baskets: Sequence[Basket]) -> tuple[set[VariantId], set[str]]:
    """What baskets name by identifier, and what by SKU alone, folded."""
    wanted = [line for basket in baskets for line in basket.lines]
    ids = {line.variant_id for line in wanted if line.variant_id}
    return ids, {folded(line.sku) for line in wanted if line.sku and not line.variant_id}
