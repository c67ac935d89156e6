"""What can be found, what can be asked, and what is answered; no engine in sight."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from tradepost.kernel.ids import CategoryId, ProductId, TenantId
from tradepost.search.errors import (
    PageTooLarge,
    PositionUnknown,
    PriceRangeEmpty,
    QueryTooLong,
)

LONGEST_QUERY_CHARS = 100
LARGEST_PAGE = 100
FOUND_BY_SHOPPERS = ("active",)


@dataclass(frozen=True, slots=True)
class CategoryRef:
    """One category on a product's path from the root down."""

    id: CategoryId
    slug: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """A product as it is found and listed.

    Prices are minor units of ``currency``; ``price_min`` is the price it is listed, filtered and
    sorted by, and None when no variant has one. ``seq`` is the number of the newest fact that it
    tells, so that an older document never replaces it; ``created_seq`` orders by age.
    """

    tenant_id: TenantId
    product_id: ProductId
    title: str
    status: str
    seq: int
    created_seq: int
    description: str = ""
    vendor: str = ""
    skus: tuple[str, ...] = ()
    barcodes: tuple[str, ...] = ()
    categories: tuple[CategoryRef, ...] = ()
    price_min: int | None = None
    price_max: int | None = None
    currency: str = ""
    available: bool = False

    def __post_init__(self) -> None:
        assert (self.price_min is None) == (self.price_max is None), "both prices or neither"
        assert (self.price_min or 0) <= (self.price_max or 0), "lowest price first"


class Sort(StrEnum):
    """The order of a list; ties are settled by the product, so that pages never overlap."""

    RELEVANCE = "relevance"
    PRICE = "price"
    PRICE_DESCENDING = "-price"
    TITLE = "title"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class PriceRange:
    """From ``lowest`` to ``highest`` minor units, both included; None leaves that end open."""

    lowest: int | None = None
    highest: int | None = None

    def __post_init__(self) -> None:
        if self.lowest is not None and self.highest is not None and self.lowest > self.highest:
            raise PriceRangeEmpty(self.lowest, self.highest)


_KEY = re.compile(r"[0-9a-f]{16,256}")


@dataclass(frozen=True, slots=True)
class PagePosition:
    """The last product of a page: its step of relevance and its place in the order."""

    tier: int
    key: str

    def __post_init__(self) -> None:
        if not 0 <= self.tier <= 9 or not _KEY.fullmatch(self.key):
            raise PositionUnknown

    def __str__(self) -> str:
        return f"{self.tier}.{self.key}"

    @classmethod
    def parse(cls, text: str) -> PagePosition:
        """The position that ``str`` wrote; :class:`PositionUnknown` for anything else."""
        tier, dot, key = text.partition(".")
        if not dot or tier not in set("0123456789"):
            raise PositionUnknown
        return cls(int(tier), key)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """A question to one tenant's products; without a tenant there is no question.

    ``categories`` are identifiers or slugs, one of which must be on the product's path; one of
    ``vendors`` and one of ``statuses`` must be the product's. An empty ``text`` lists everything.
    """

    tenant_id: TenantId
    text: str = ""
    categories: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    price: PriceRange = field(default_factory=PriceRange)
    available_only: bool = False
    statuses: tuple[str, ...] = FOUND_BY_SHOPPERS
    sort: Sort = Sort.RELEVANCE
    limit: int = 24
    after: PagePosition | None = None
    with_facets: bool = True

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST_QUERY_CHARS:
            raise QueryTooLong(len(self.text), LONGEST_QUERY_CHARS)
        if not 1 <= self.limit <= LARGEST_PAGE:
            raise PageTooLarge(self.limit, LARGEST_PAGE)


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """How many of the products found are in a category or below it."""

    id: CategoryId
    slug: str
    products: int


@dataclass(frozen=True, slots=True)
class VendorCount:
    """How many of the products found a vendor sells."""

    vendor: str
    products: int


@dataclass(frozen=True, slots=True)
class PriceBucket:
    """How many of the products found cost from ``lowest`` to ``highest`` minor units inclusive."""

    lowest: int
    highest: int
    products: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts to narrow by; each one ignores its own filter, so that its other choices show."""

    categories: tuple[CategoryCount, ...] = ()
    vendors: tuple[VendorCount, ...] = ()
    prices: tuple[PriceBucket, ...] = ()
    available: int = 0
    unavailable: int = 0


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of results; ``next`` is None on the last, ``facets`` when nobody asked."""

    hits: tuple[SearchDocument, ...]
    total: int
    facets: Facets | None = None
    next: PagePosition | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A title that begins, or nearly begins, with what has been typed."""

    title: str
    product_id: ProductId
