"""What a product claims for itself alone: SKUs, barcodes, its address; and who has it already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tradepost.catalog.domain.product import Product, with_ending
from tradepost.catalog.errors import BarcodeTaken, SkuTaken, SlugTaken
from tradepost.kernel.errors import Refusal, Unknown
from tradepost.kernel.ids import CategoryId


@dataclass(slots=True)
class Claims:
    """Codes and addresses that nobody else may have, and categories that must be there.

    As an answer of the store: those that are taken, and the categories that there are.
    """

    sku_keys: set[str] = field(default_factory=set)
    barcode_keys: set[str] = field(default_factory=set)
    slugs: set[str] = field(default_factory=set)
    category_ids: set[CategoryId] = field(default_factory=set)

    @classmethod
    def of(cls, *products: Product) -> Claims:
        """All claims of some products."""
        claims = cls()
        for one in products:
            claims.take(one)
        return claims

    def take(self, product: Product) -> None:
        """Add what a product claims."""
        self.sku_keys.update(one.sku_key for one in product.variants)
        self.barcode_keys.update(one.barcode_key for one in product.variants if one.barcode_key)
        self.slugs.add(product.slug)
        self.category_ids.update(product.category_ids)

    def without(self, other: Claims) -> Claims:
        """Those that the other does not make."""
        return Claims(
            self.sku_keys - other.sku_keys,
            self.barcode_keys - other.barcode_keys,
            self.slugs - other.slugs,
            self.category_ids - other.category_ids,
        )

    def refusal(self, product: Product) -> Refusal | None:
        """Why a product cannot stand beside those who have these."""
        if product.slug in self.slugs:
            return SlugTaken("product", product.slug)
        for variant in product.variants:
            if variant.sku_key in self.sku_keys:
                return SkuTaken(variant.sku)
            if variant.barcode and variant.barcode_key in self.barcode_keys:
                return BarcodeTaken(variant.barcode)
        return None


def admitted(wished: Iterable[Product | Refusal], found: Claims) -> list[Product | Refusal]:
    """Each product in order as it can enter the shop, or why it cannot.

    One that comes first takes its codes from those that follow. A slug that was made from a title
    and is taken gets an ending of its own.
    """
    taken = Claims(set(found.sku_keys), set(found.barcode_keys), set(found.slugs))
    answers: list[Product | Refusal] = []
    for one in wished:
        answer = one
        if isinstance(one, Product):
            answer = _apart(one, taken.slugs)
            refusal = taken.refusal(answer) or _lost(one.category_ids, found.category_ids)
            if refusal is None:
                taken.take(answer)
            else:
                answer = refusal
        answers.append(answer)
    return answers


def _apart(product: Product, slugs: set[str]) -> Product:
    if product.slug_is_made and product.slug in slugs:
        return replace(product, slug=with_ending(product.slug, product.id))
    return product


def must_fit(before: Product, after: Product, found: Claims) -> None:
    """Refuse a change that claims what is taken, or names a category that is not there.

    ``found`` answers for what the product did not claim before.
    """
    fresh = Claims.of(after).without(Claims.of(before))
    refusal = found.refusal(after) or _lost(fresh.category_ids, found.category_ids)
    if refusal is not None:
        raise refusal


def _lost(wanted: Iterable[CategoryId], there: Iterable[CategoryId]) -> Refusal | None:
    known = set(there)
    lost = next((one for one in wanted if one not in known), None)
    return Unknown("category", str(lost)) if lost else None
