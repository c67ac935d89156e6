"""What staff may ask of the catalogue."""

from __future__ import annotations

from uuid import UUID

from tradepost.catalog.domain.product import ProductStatus
from tradepost.catalog.graph.shapes import CategoryShape, ProductCardShape, StaffProductShape
from tradepost.catalog.queries import (
    NEWEST,
    TITLE,
    all_categories,
    staff_product_page,
    staff_products,
)
from tradepost.kernel.errors import BadValue
from tradepost.kernel.ids import CategoryId, ProductId
from tradepost.kernel.permissions import Permission
from tradepost.platform.web.graphql.asking import Asked, GraphPage, chosen, page_of, reads, shown

READ = Permission.CATALOG_READ


@reads(READ)
async def products(
    info: Asked,
    first: int = 20,
    after: str | None = None,
    status: str | None = None,
    category_id: UUID | None = None,
    sort: str = TITLE,
) -> GraphPage[ProductCardShape] | None:
    """All products, drafts and archived ones too, or those of one status or category."""
    if sort not in (TITLE, NEWEST):
        raise BadValue("sort", f"must be one of: {TITLE}, {NEWEST}")
    wanted = chosen(ProductStatus, status, "status")
    filters = {"status": wanted, "category_id": category_id, "sort": sort}
    paging = info.context.paging("products", first, after, **filters)
    rows = await info.context.ask(
        staff_products,
        sort=sort,
        statuses=[wanted] if wanted else tuple(ProductStatus),
        category_id=CategoryId(category_id) if category_id else None,
        after=paging.after,
        limit=paging.limit + 1,
    )
    return shown(GraphPage[ProductCardShape], page_of(paging, rows, lambda row: row.position(sort)))


@reads(READ)
async def product(info: Asked, id: UUID) -> StaffProductShape | None:
    """A product with everything, whatever its status."""
    return shown(StaffProductShape, await info.context.ask(staff_product_page, ProductId(id)))


@reads(READ)
async def categories(info: Asked) -> list[CategoryShape] | None:
    """Every category, archived ones too; siblings in the order in which they are shown."""
    return [shown(CategoryShape, one) for one in await info.context.ask(all_categories)]


FIELDS = (products, product, categories)
