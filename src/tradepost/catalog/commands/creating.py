"""New products, one or thousands: imports and replays bring many in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tradepost.catalog.domain.claims import Claims, admitted
from tradepost.catalog.domain.product import (
    Product,
    ProductDetails,
    ProductStatus,
    new_product,
)
from tradepost.catalog.domain.variant import VariantDraft
from tradepost.catalog.ports import Products, Vendors
from tradepost.events.catalog import ProductCreated
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import Ids, ProductId, VariantId, VendorId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.money import Currency


@dataclass(frozen=True, slots=True)
class CreateProduct(Command):
    """Take a product with its variants into the catalogue; its base prices are in ``currency``."""

    details: ProductDetails
    currency: str
    variants: tuple[VariantDraft, ...] = ()
    status: ProductStatus = ProductStatus.DRAFT


@dataclass(frozen=True, slots=True)
class CreatedVariant:
    """A variant that has come to be."""

    variant_id: VariantId
    sku: str


@dataclass(frozen=True, slots=True)
class CreatedProduct:
    """A product that has come to be."""

    product_id: ProductId
    slug: str
    version: int
    variants: tuple[CreatedVariant, ...]


async def create_products(
    wishes: list[CreateProduct], products: Products, vendors: Vendors, facts: Facts, ids: Ids
) -> list[CreatedProduct | Refusal]:
    """Take them in, in order; one that cannot be is answered with why."""
    named = {one.details.vendor_id for one in wishes if one.details.vendor_id}
    unfit = await vendors.unfit(named)
    wished = [_product(wish, unfit, ids) for wish in wishes]
    answers: list[CreatedProduct | Refusal] = []
    claims = Claims.of(*(one for one in wished if isinstance(one, Product)))
    for one in admitted(wished, await products.found(claims)):
        if isinstance(one, Refusal):
            answers.append(one)
            continue
        products.add(one)
        facts.tell(ProductCreated(one.id, one.version, one.face()), one.version, one.created_at)
        answers.append(_created(one))
    return answers


def _product(wish: CreateProduct, unfit: Mapping[VendorId, Refusal], ids: Ids) -> Product | Refusal:
    vendor_id = wish.details.vendor_id
    if vendor_id is not None and vendor_id in unfit:
        return unfit[vendor_id]
    try:
        currency = Currency.parse(wish.currency)
        return new_product(wish.details, wish.variants, currency, wish.status, ids, wish.at)
    except Refusal as refusal:
        return refusal


def _created(product: Product) -> CreatedProduct:
    variants = tuple(CreatedVariant(one.id, one.sku) for one in product.variants)
    return CreatedProduct(product.id, product.slug, product.version, variants)
