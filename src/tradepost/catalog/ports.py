"""What the catalogue needs of a store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from tradepost.catalog.domain.category import Category
from tradepost.catalog.domain.claims import Claims
from tradepost.catalog.domain.product import Product
from tradepost.catalog.domain.revision import PriceRanges, Revision, Standing
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import CategoryId, ProductId, VariantId, VendorId
from tradepost.kernel.money import UnitPrice


class Products(Protocol):
    """The products of the shop, each with its variants."""

    async def get(self, product_id: ProductId) -> Product:
        """The product, nobody else's to change until the work ends; ``Unknown`` if none."""
        ...

    async def of_variant(self, variant_id: VariantId) -> Product:
        """The product that a variant belongs to, in the same way."""
        ...

    def add(self, product: Product) -> None:
        """Take a new product in."""
        ...

    async def save(self, before: Product, after: Product, version: int) -> int:
        """Write what differs over this version; the new one. ``Stale`` if it has moved on."""
        ...

    async def found(self, claims: Claims) -> Claims:
        """Which of the codes and addresses are taken, and which of the categories there are."""
        ...


class Vendors(Protocol):
    """For whom the shop sells, asked of the mall."""

    async def unfit(self, ids: Collection[VendorId]) -> Mapping[VendorId, Refusal]:
        """Those who get no products: unknown, or closed; no statement for none."""
        ...


class ShelfPrices(Protocol):
    """What price lists say to somebody who just looks, asked of pricing."""

    async def of(self, variant_ids: Sequence[VariantId]) -> Mapping[VariantId, UnitPrice]:
        """The prices of those that a list names for all who look; the others have base prices."""
        ...


class Revisions(Protocol):
    """Titles and prices of many articles at once."""

    async def standing(self, sku_keys: Sequence[str]) -> list[Standing]:
        """The articles of these keys as they stand; nobody else changes them meanwhile."""
        ...

    async def revise(self, revision: Revision, at: datetime) -> PriceRanges:
        """Make the changes; the price ranges of the products whose prices changed."""
        ...


class Categories(Protocol):
    """The category tree of the shop."""

    async def get(self, category_id: CategoryId) -> Category:
        """The category; ``Unknown`` if there is none."""
        ...

    async def hold(self, *category_ids: CategoryId | None) -> None:
        """Let nobody else move these until the work ends."""
        ...

    async def path(self, category_id: CategoryId | None) -> list[Category]:
        """From the root to this one, none of which moves until the work ends; empty for none."""
        ...

    async def levels_below(self, category_id: CategoryId) -> int:
        """How many levels stand below it."""
        ...

    async def has_active_children(self, category_id: CategoryId) -> bool:
        """Whether active categories stand right below it."""
        ...

    async def slug_is_taken(self, slug: str, by_other_than: CategoryId) -> bool:
        """Whether another category has this address."""
        ...

    def add(self, category: Category) -> None:
        """Take a new category in."""
        ...

    async def save(self, category: Category, version: int) -> int:
        """Write it over this version; the new one. ``Stale`` if it has moved on."""
        ...
