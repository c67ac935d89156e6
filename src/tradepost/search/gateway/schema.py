"""The index's fields, and how a product becomes an entry of it and comes back.

Every term and filter value begins with its tenant, so a term of one tenant is no other's; every
order of a list is a column of its own.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from bisect import bisect_right
from typing import Final

import msgspec
from tantivy import Document, Schema, SchemaBuilder

from tradepost.kernel.ids import ProductId, TenantId
from tradepost.search.domain import FOUND_BY_SHOPPERS, SearchDocument
from tradepost.search.gateway.order import ORDER_FIELDS, PLACED, order_key, place
from tradepost.search.gateway.text import code, endings, plain, terms

FORMAT: Final = 3
"""Raised with every change of fields or terms: an index of another format is built anew."""

POSITION_KEY: Final = "position"
PRICE_STEPS: Final = tuple(step * 10**power for power in range(13) for step in (1, 2, 5))
"""Prices are counted up to 1, 2, 5, 10, 20 … minor units: fine where cheap, coarse where dear."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(SearchDocument).decode


def _build_schema() -> Schema:
    """The fields; ``basic`` postings, because neither positions nor frequencies rank anything."""
    builder = SchemaBuilder()
    for name in ("key", "scope", "hidden", "code", "category_key", "vendor_key"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("name", "ending", "text"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("category", "vendor"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for sort, name in ORDER_FIELDS.items():
        if sort in PLACED:
            builder.add_unsigned_field(name, fast=True)
        else:
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("price", fast=True)
    builder.add_unsigned_field("price_step", fast=True)
    builder.add_integer_field("seq", fast=True)
    builder.add_boolean_field("available", fast=True, indexed=True)
    builder.add_bytes_field("stored", stored=True)
    return builder.build()


SCHEMA: Final = _build_schema()


class TenantTerms:
    """The terms of one tenant; there is no other way to write one."""

    def __init__(self, tenant_id: TenantId) -> None:
        self.tenant = urlsafe_b64encode(tenant_id.bytes).decode().rstrip("=")

    def __call__(self, term: str) -> str:
        return f"{self.tenant}|{term}"

    def joined(self, found: set[str]) -> str:
        """Many terms as the one text that the index splits at blanks."""
        return " ".join(self(term) for term in sorted(found))


def product_key(tenant_id: TenantId, product_id: ProductId) -> str:
    """The term that names one entry, to replace or delete it by."""
    return TenantTerms(tenant_id)(product_id.hex)


def to_entry(product: SearchDocument) -> Document:
    """The product as the index takes it."""
    own = TenantTerms(product.tenant_id)
    entry = Document()
    entry.add_text("key", product_key(product.tenant_id, product.product_id))
    entry.add_text("scope", own.tenant)
    entry.add_text("scope", own(product.status))
    if product.status not in FOUND_BY_SHOPPERS:
        entry.add_text("hidden", own.tenant)
    _add_words(entry, product, own)
    for category in product.categories:
        entry.add_text("category", f"{category.id.hex}/{category.slug}")
        entry.add_text("category_key", own(str(category.id)))
        entry.add_text("category_key", own(category.slug))
    if product.vendor:
        entry.add_text("vendor", product.vendor)
        entry.add_text("vendor_key", own(product.vendor))
    _add_price(entry, product.price_min)
    entry.add_integer("seq", product.seq)
    entry.add_boolean("available", product.available)
    entry.add_bytes("stored", _encode(product))
    _add_orders(entry, product)
    return entry


def _add_price(entry: Document, price: int | None) -> None:
    if price is None:
        return
    entry.add_integer("price", price)
    if 0 <= price < PRICE_STEPS[-1]:
        entry.add_unsigned("price_step", bisect_right(PRICE_STEPS, price))


def _add_orders(entry: Document, product: SearchDocument) -> None:
    for sort, field in ORDER_FIELDS.items():
        key = order_key(product, sort)
        if sort in PLACED:
            entry.add_unsigned(field, place(key, sort))
        else:
            entry.add_text(field, key)


def _add_words(entry: Document, product: SearchDocument, own: TenantTerms) -> None:
    called = " ".join((product.title, product.vendor, *product.skus))
    categories = (category.name for category in product.categories)
    told = " ".join((plain(product.description), *categories))
    name = terms(called)
    entry.add_text("name", own.joined(name))
    entry.add_text("ending", own.joined(endings(called)))
    entry.add_text("text", own.joined(name | terms(told)))
    for each in {code(each) for each in (*product.skus, *product.barcodes)} - {""}:
        entry.add_text("code", own(each))


def from_stored(stored: bytes) -> SearchDocument:
    """The product that an entry keeps, as it was handed over."""
    return _decode(stored)


def position_entry(position: int) -> Document:
    """The entry that tells how far the log has been read; no tenant's query reaches it."""
    entry = Document()
    entry.add_text("key", POSITION_KEY)
    entry.add_integer("seq", position)
    return entry
