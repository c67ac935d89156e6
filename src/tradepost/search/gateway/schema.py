"""The index's fields, and how a product becomes an entry of it and comes back.

Every term and filter value begins with its tenant, so a term of one tenant is no other's; every
order of a list is a column of its own whose values are unique, so that a page can go on exactly
after the last product of the page before.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import blake2b
from typing import Final

import msgspec
from tantivy import Document, Schema, SchemaBuilder

from tradepost.kernel.ids import ProductId, TenantId
from tradepost.search.domain import SearchDocument, Sort
from tradepost.search.gateway.text import code, fold, plain, terms

FORMAT: Final = 1
"""Raised with every change of fields or terms: an index of another format is built anew."""

ORDER_FIELDS: Final = {
    Sort.RELEVANCE: "by_rank",
    Sort.PRICE: "by_price",
    Sort.PRICE_DESCENDING: "by_price_down",
    Sort.TITLE: "by_title",
    Sort.NEWEST: "by_newest",
}
POSITION_KEY: Final = "position"
LARGEST: Final = 2**63 - 1
_TITLE_BYTES: Final = 60

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(SearchDocument).decode


def _build_schema() -> Schema:
    """The fields; ``basic`` postings, because neither positions nor frequencies rank anything."""
    builder = SchemaBuilder()
    for name in ("key", "scope", "code", "category_key", "vendor_key"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("name", "body"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("category", "vendor", *ORDER_FIELDS.values()):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("price", fast=True)
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
    _add_words(entry, product, own)
    for category in product.categories:
        entry.add_text("category", f"{category.id.hex}/{category.slug}")
        entry.add_text("category_key", own(str(category.id)))
        entry.add_text("category_key", own(category.slug))
    if product.vendor:
        entry.add_text("vendor", product.vendor)
        entry.add_text("vendor_key", own(product.vendor))
    if product.price_min is not None:
        entry.add_integer("price", product.price_min)
    entry.add_integer("seq", product.seq)
    entry.add_boolean("available", product.available)
    entry.add_bytes("stored", _encode(product))
    for sort, field in ORDER_FIELDS.items():
        entry.add_text(field, order_key(product, sort))
    return entry


def _add_words(entry: Document, product: SearchDocument, own: TenantTerms) -> None:
    entry.add_text(
        "name", own.joined(terms(" ".join((product.title, product.vendor, *product.skus))))
    )
    categories = (category.name for category in product.categories)
    entry.add_text("body", own.joined(terms(" ".join((plain(product.description), *categories)))))
    for each in {code(each) for each in (*product.skus, *product.barcodes)} - {""}:
        entry.add_text("code", own(each))


def from_stored(stored: bytes) -> SearchDocument:
    """The product that an entry keeps, as it was handed over."""
    return _decode(stored)


def order_key(product: SearchDocument, sort: Sort) -> str:
    """Where a product stands in an order: hexadecimal, ascending, unique by its last 16 digits.

    Of equally good matches the one with the shorter title says less that was not asked for. A
    product without a price comes last, whichever way prices run.
    """
    unique = blake2b(product.product_id.bytes, digest_size=8).hexdigest()
    match sort:
        case Sort.RELEVANCE:
            place = f"{min(len(product.title), 255):02x}"
        case Sort.PRICE:
            place = _number(LARGEST if product.price_min is None else product.price_min)
        case Sort.PRICE_DESCENDING:
            place = _number(LARGEST if product.price_min is None else -product.price_min)
        case Sort.NEWEST:
            place = _number(-product.created_seq)
        case Sort.TITLE:
            # A byte 00 ends the title, so that the shorter of two with one beginning comes first.
            place = fold(product.title).strip().encode()[:_TITLE_BYTES].hex() + "00"
    return place + unique


def _number(value: int) -> str:
    """A signed number of 64 bits as digits that sort like it."""
    return f"{value + 2**63:016x}"


def position_entry(position: int) -> Document:
    """The entry that tells how far the log has been read; no tenant's query reaches it."""
    entry = Document()
    entry.add_text("key", POSITION_KEY)
    entry.add_integer("seq", position)
    return entry
