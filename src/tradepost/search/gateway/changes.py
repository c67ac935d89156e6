"""Changes on their way into the index, gathered so that many share a commit."""

from __future__ import annotations

from dataclasses import dataclass, field

from tradepost.kernel.ids import ProductId, TenantId
from tradepost.search.domain import SearchDocument

_Key = tuple[TenantId, ProductId]


@dataclass(slots=True)
class Changes:
    """What has been handed over since the last commit; the last word on a product counts."""

    forgotten: set[TenantId] = field(default_factory=set)
    products: dict[_Key, SearchDocument | None] = field(default_factory=dict)
    position: int | None = None

    def __bool__(self) -> bool:
        return bool(self.forgotten or self.products or self.position is not None)

    def put(self, product: SearchDocument) -> None:
        """Take a product in, unless a newer state of it is waiting already."""
        key = (product.tenant_id, product.product_id)
        waiting = self.products.get(key)
        if waiting is None or waiting.seq <= product.seq:
            self.products[key] = product

    def forget(self, tenant_id: TenantId) -> None:
        """Take out all of a tenant: what is waiting here, and what is in the index."""
        self.forgotten.add(tenant_id)
        self.products = {key: kept for key, kept in self.products.items() if key[0] != tenant_id}

    def followed_by(self, later: Changes) -> Changes:
        """Both as one, for a commit that has to be tried again."""
        kept = {
            key: product for key, product in self.products.items() if key[0] not in later.forgotten
        }
        return Changes(
            self.forgotten | later.forgotten,
            {**kept, **later.products},
            self.position if later.position is None else later.position,
        )
