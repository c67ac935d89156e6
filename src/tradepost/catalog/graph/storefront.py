"""What shoppers may ask of the catalogue."""

from __future__ import annotations

from tradepost.catalog.graph.shapes import CategoryNodeShape, ProductCardShape, ProductShape
from tradepost.catalog.queries import NEWEST, TITLE, category_tree, product_page, shelf
from tradepost.kernel.errors import BadValue
from tradepost.platform.web.door import PUBLIC
from tradepost.platform.web.graphql.asking import Asked, GraphPage, page_of, reads, shown


@reads(PUBLIC)
async def products(
    info: Asked,
    first: int = 20,
    after: str | None = None,
    category: str | None = None,
    sort: str = TITLE,
) -> GraphPage[ProductCardShape] | None:
    """Products on offer, by `title` or the `newest` first; of a category (slug or id) and
    below."""
    if sort not in (TITLE, NEWEST):
        raise BadValue("sort", f"must be one of: {TITLE}, {NEWEST}")
    paging = info.context.paging("products", first, after, category=category, sort=sort)
    rows = await info.context.ask(
        shelf, sort=sort, category=category, after=paging.after, limit=paging.limit + 1
    )
    return shown(GraphPage[ProductCardShape], page_of(paging, rows, lambda row: row.position(sort)))


@reads(PUBLIC)
async def product(info: Asked, named: str) -> ProductShape | None:
    """A product on offer, by slug or id."""
    return shown(ProductShape, await info.context.ask(product_page, named))


@reads(PUBLIC)
async def categories(info: Asked) -> list[CategoryNodeShape] | None:
    """The category tree."""
    return [shown(CategoryNodeShape, one) for one in await info.context.ask(category_tree)]


FIELDS = (products, product, categories)
