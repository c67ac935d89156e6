"""Changes of one product, all under the product's version, and what is told of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tradepost.catalog.domain.claims import Claims, must_fit
from tradepost.catalog.domain.product import Product, ProductDetails, described, prices_changed
from tradepost.catalog.domain.variant import VariantDraft
from tradepost.catalog.ports import Products, Vendors
from tradepost.events.catalog import PriceUpdated, ProductArchived, ProductUpdated
from tradepost.kernel.ids import Ids, ProductId, RevisionId, VariantId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.money import UnitPrice


@dataclass(frozen=True, slots=True)
class UpdateProduct(Command):
    """Say something else about a product: these details replace those before."""

    product_id: ProductId
    details: ProductDetails
    version: int


@dataclass(frozen=True, slots=True)
class ActivateProduct(Command):
    """Show a draft to shoppers."""

    product_id: ProductId
    version: int


@dataclass(frozen=True, slots=True)
class WithdrawProduct(Command):
    """Take a product back to draft."""

    product_id: ProductId
    version: int


@dataclass(frozen=True, slots=True)
class ArchiveProduct(Command):
    """Take a product out of the catalogue; what was sold stays as it is."""

    product_id: ProductId
    version: int


@dataclass(frozen=True, slots=True)
class RestoreProduct(Command):
    """Bring an archived product back as a draft."""

    product_id: ProductId
    version: int


@dataclass(frozen=True, slots=True)
class AddVariant(Command):
    """Add a variant to a product."""

    product_id: ProductId
    draft: VariantDraft
    version: int


@dataclass(frozen=True, slots=True)
class UpdateVariant(Command):
    """Make a variant what the draft says; ``version`` is its product's."""

    variant_id: VariantId
    draft: VariantDraft
    version: int


@dataclass(frozen=True, slots=True)
class SetPrice(Command):
    """Give a variant another base price, in millionths; ``version`` is its product's."""

    variant_id: VariantId
    price_micros: int
    compare_at_micros: int | None
    version: int


@dataclass(frozen=True, slots=True)
class ArchiveVariant(Command):
    """Offer a variant no longer; ``version`` is its product's."""

    variant_id: VariantId
    version: int


@dataclass(frozen=True, slots=True)
class RestoreVariant(Command):
    """Offer an archived variant again; ``version`` is its product's."""

    variant_id: VariantId
    version: int


@dataclass(frozen=True, slots=True)
class AddedVariant:
    """A variant that was added, and the version that its product reached."""

    variant_id: VariantId
    version: int


class Shelf:
    """Writes a changed product and tells it; the way that all changes of one product go."""

    def __init__(self, products: Products, vendors: Vendors, facts: Facts, ids: Ids) -> None:
        self.products = products
        self._vendors = vendors
        self._facts = facts
        self._ids = ids

    async def change(self, before: Product, after: Product, wish: Command, version: int) -> int:
        """Write the change over a version; the version that the product reached.

        :raises Refusal: if it is moved to a vendor who gets no products, or breaks another rule.
        """
        if after.vendor_id is not None and after.vendor_id != before.vendor_id:
            for refusal in (await self._vendors.unfit({after.vendor_id})).values():
                raise refusal
        fresh = Claims.of(after).without(Claims.of(before))
        must_fit(before, after, await self.products.found(fresh))
        reached = await self.products.save(before, replace(after, updated_at=wish.at), version)
        archived = after.is_archived and not before.is_archived
        fact = ProductArchived if archived else ProductUpdated
        self._facts.tell(fact(after.id, reached, after.face()), reached, wish.at)
        priced = prices_changed(before, after, reached)
        if priced is not None:
            revision_id = RevisionId(self._ids.new())
            self._facts.tell(PriceUpdated(revision_id, (priced,)), 1, wish.at)
        return reached


async def update_product(wish: UpdateProduct, shelf: Shelf) -> int:
    """Change the details; the new version."""
    before = await shelf.products.get(wish.product_id)
    return await shelf.change(before, described(before, wish.details), wish, wish.version)


async def activate_product(wish: ActivateProduct, shelf: Shelf) -> int:
    """Show it; the new version."""
    before = await shelf.products.get(wish.product_id)
    return await shelf.change(before, before.after("activate"), wish, wish.version)


async def withdraw_product(wish: WithdrawProduct, shelf: Shelf) -> int:
    """Take it back to draft; the new version."""
    before = await shelf.products.get(wish.product_id)
    return await shelf.change(before, before.after("withdraw"), wish, wish.version)


async def archive_product(wish: ArchiveProduct, shelf: Shelf) -> int:
    """Take it out; the new version."""
    before = await shelf.products.get(wish.product_id)
    return await shelf.change(before, before.after("archive"), wish, wish.version)


async def restore_product(wish: RestoreProduct, shelf: Shelf) -> int:
    """Bring it back as a draft; the new version."""
    before = await shelf.products.get(wish.product_id)
    return await shelf.change(before, before.after("restore"), wish, wish.version)


async def add_variant(wish: AddVariant, shelf: Shelf, ids: Ids) -> AddedVariant:
    """Add a variant."""
    before = await shelf.products.get(wish.product_id)
    variant_id = VariantId(ids.new())
    after = before.with_draft(wish.draft, variant_id)
    return AddedVariant(variant_id, await shelf.change(before, after, wish, wish.version))


async def update_variant(wish: UpdateVariant, shelf: Shelf) -> int:
    """Change a variant; the product's new version."""
    before = await shelf.products.of_variant(wish.variant_id)
    after = before.with_draft(wish.draft, wish.variant_id)
    return await shelf.change(before, after, wish, wish.version)


async def set_price(wish: SetPrice, shelf: Shelf) -> int:
    """Change a base price; the product's new version."""
    before = await shelf.products.of_variant(wish.variant_id)
    price = UnitPrice(wish.price_micros, before.currency)
    crossed = wish.compare_at_micros
    compare_at = None if crossed is None else UnitPrice(crossed, before.currency)
    variant = before.variant(wish.variant_id).repriced(price, compare_at)
    return await shelf.change(before, before.with_variant(variant), wish, wish.version)


async def archive_variant(wish: ArchiveVariant, shelf: Shelf) -> int:
    """Offer it no longer; the product's new version."""
    before = await shelf.products.of_variant(wish.variant_id)
    after = before.with_variant(before.variant(wish.variant_id).after("archive"))
    return await shelf.change(before, after.must_have_something(), wish, wish.version)


async def restore_variant(wish: RestoreVariant, shelf: Shelf) -> int:
    """Offer it again; the product's new version."""
    before = await shelf.products.of_variant(wish.variant_id)
    after = before.with_variant(before.variant(wish.variant_id).after("restore"))
    return await shelf.change(before, after, wish, wish.version)


PRODUCT_HANDLERS: dict[type, Callable[..., Any]] = {
    UpdateProduct: update_product,
    ActivateProduct: activate_product,
    WithdrawProduct: withdraw_product,
    ArchiveProduct: archive_product,
    RestoreProduct: restore_product,
    AddVariant: add_variant,
    UpdateVariant: update_variant,
    SetPrice: set_price,
    ArchiveVariant: archive_variant,
    RestoreVariant: restore_variant,
}
