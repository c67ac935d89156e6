"""What shoppers may look at: products, one product, the category tree."""

from __future__ import annotations

from enum import StrEnum

from litestar import get

from tradepost.catalog.queries import (
    NEWEST,
    TITLE,
    CategoryNode,
    ProductCard,
    ProductView,
    category_tree,
    product_page,
    shelf,
)
from tradepost.platform.web import (
    PUBLIC,
    FromCaller,
    FromPaging,
    FromPath,
    FromQuery,
    Page,
    Shared,
    door,
)

TAGS = ["Catalogue"]
SHOWN = ("catalog", "pricing", "tenancy")
"""Whose facts change what is shown."""


class ShelfSort(StrEnum):
    """In which order products are listed."""

    TITLE = TITLE
    NEWEST = NEWEST


@get("/api/v1/products", opt=door(PUBLIC, cache=Shared(30, 300), keeps=SHOWN), tags=TAGS)
async def list_products(
    caller: FromCaller,
    paging: FromPaging,
    category: FromQuery[str | None] = None,
    sort: FromQuery[ShelfSort] = ShelfSort.TITLE,
) -> Page[ProductCard]:
    """Products on offer, by title or the newest first; of a category (slug or id) and below."""
    rows = await caller.ask(
        shelf, sort=sort, category=category, after=paging.after, limit=paging.limit + 1
    )
    return paging.page(rows, lambda row: row.position(sort))


@get(
    "/api/v1/products/{product:str}",
    opt=door(PUBLIC, cache=Shared(30, 300), keeps=SHOWN),
    tags=TAGS,
)
async def read_product(product: FromPath[str], caller: FromCaller) -> ProductView:
    """A product on offer, by slug or id, with the variants that can be bought."""
    return await caller.ask(product_page, product)


@get("/api/v1/categories", opt=door(PUBLIC, cache=Shared(60, 600), keeps=SHOWN), tags=TAGS)
async def list_categories(caller: FromCaller) -> list[CategoryNode]:
    """The category tree."""
    return list(await caller.ask(category_tree))


ROUTES = (list_products, read_product, list_categories)
