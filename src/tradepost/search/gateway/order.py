"""Where products stand in the orders of lists, as exact keys and as numbers that a column holds.

A key is unique, so a page goes on exactly after the last product of the page before. A column of
numbers is read far faster than one of text, but a number is too short for a whole key: it is the
beginning of one. Two products may share a place; their keys then say who comes first.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from tradepost.search.domain import SearchDocument, Sort
from tradepost.search.gateway.text import fold

LARGEST: Final = 2**63 - 1
ORDER_FIELDS: Final = {
    Sort.RELEVANCE: "by_rank",
    Sort.PRICE: "by_price",
    Sort.PRICE_DESCENDING: "by_price_down",
    Sort.TITLE: "by_title",
    Sort.NEWEST: "by_newest",
}
PLACED: Final = frozenset(Sort) - {Sort.TITLE}
"""The orders whose columns hold places; titles begin alike too often, and stand as keys."""
_TITLE_BYTES: Final = 60
_FAR: Final = 2**39 - 2
"""Prices and ages beyond this, in either direction, share a place."""
_NO_PRICE: Final = 2**40 - 1


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


def place(key: str, sort: Sort) -> int:
    """The number of 64 bits that begins a key: of two keys the smaller never has the larger.

    Of a relevance it is the key but for its last two digits; of a price or an age, both in 40 bits
    of their own, it is all of that and six digits more.
    """
    digits = key[:16]
    if sort is Sort.RELEVANCE:
        return int(digits, 16)
    number, more = int(digits, 16) - 2**63, int((key[16:] + "000000")[:6], 16)
    if number >= LARGEST:
        return _NO_PRICE << 24 | more
    if abs(number) < _FAR:
        return (number + _FAR) << 24 | more
    return 0 if number < 0 else (_NO_PRICE - 1) << 24


def _number(value: int) -> str:
    """A signed number of 64 bits as digits that sort like it."""
    return f"{value + 2**63:016x}"
