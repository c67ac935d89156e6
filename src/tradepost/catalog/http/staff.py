"""What staff do with products and variants. ETag and If-Match are the product's version."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post, put

from tradepost.catalog.commands import (
    ActivateProduct,
    AddVariant,
    ArchiveProduct,
    ArchiveVariant,
    ArticlesRevised,
    CreatedProduct,
    CreateProduct,
    RestoreProduct,
    RestoreVariant,
    ReviseArticles,
    SetPrice,
    UpdateProduct,
    UpdateVariant,
    WithdrawProduct,
)
from tradepost.catalog.domain.product import ProductStatus
from tradepost.catalog.domain.variant import VariantStatus
from tradepost.catalog.http.bodies import (
    DetailsBody,
    PriceBody,
    ProductBody,
    ProductStatusBody,
    RevisionBody,
    VariantBody,
    VariantStatusBody,
    micros,
)
from tradepost.catalog.http.storefront import ShelfSort
from tradepost.catalog.queries import (
    ProductCard,
    StaffProductView,
    product_of_variant,
    staff_product_page,
    staff_products,
)
from tradepost.kernel.ids import CategoryId, ProductId, VariantId
from tradepost.platform.web import (
    Caller,
    FromCaller,
    FromPaging,
    FromPath,
    FromQuery,
    JSONBody,
    Page,
    door,
    versioned,
)

TAGS = ["Products"]
READ, WRITE, PRICES = "catalog.read", "catalog.write", "prices.write"
Whole = Response[StaffProductView]


@get("/api/v1/products", opt=door(READ), tags=TAGS)
async def list_products(
    caller: FromCaller,
    paging: FromPaging,
    status: FromQuery[ProductStatus | None] = None,
    category_id: FromQuery[UUID | None] = None,
    sort: FromQuery[ShelfSort] = ShelfSort.TITLE,
) -> Page[ProductCard]:
    """All products, drafts and archived ones too, or those of one status or category."""
    rows = await caller.ask(
        staff_products,
        sort=sort,
        statuses=[status] if status else tuple(ProductStatus),
        category_id=CategoryId(category_id) if category_id else None,
        after=paging.after,
        limit=paging.limit + 1,
    )
    return paging.page(rows, lambda row: row.position(sort))


@post("/api/v1/products", opt=door(WRITE), tags=TAGS)
async def create_product(
    data: JSONBody[ProductBody], caller: FromCaller
) -> Response[CreatedProduct]:
    """Take a product with its variants into the catalogue."""
    drafts = tuple(one.draft() for one in data.variants)
    wish = CreateProduct(data.details(), data.currency, drafts, data.status)
    made: CreatedProduct = await caller.send(wish)
    place = f"/api/v1/products/{made.product_id}"
    return versioned(made, made.version, status=201, location=place)


@get("/api/v1/products/{product_id:uuid}", opt=door(READ), tags=TAGS)
async def read_product(product_id: FromPath[UUID], caller: FromCaller) -> Whole:
    """A product with everything, whatever its status."""
    return await _whole(caller, product_id)


@put("/api/v1/products/{product_id:uuid}", opt=door(WRITE, if_match=True), tags=TAGS)
async def update_product(
    product_id: FromPath[UUID], data: JSONBody[DetailsBody], caller: FromCaller
) -> Whole:
    """Say something else about a product; what is left out is emptied, but not the slug."""
    await caller.send(UpdateProduct(ProductId(product_id), data.details(), caller.matched))
    return await _whole(caller, product_id)


@put("/api/v1/products/{product_id:uuid}/status", opt=door(WRITE, if_match=True), tags=TAGS)
async def set_status(
    product_id: FromPath[UUID], data: JSONBody[ProductStatusBody], caller: FromCaller
) -> Whole:
    """Activate a product, take it back to draft, archive it, or restore it as a draft."""
    id = ProductId(product_id)
    if data.status is ProductStatus.ACTIVE:
        await caller.send(ActivateProduct(id, caller.matched))
    elif data.status is ProductStatus.ARCHIVED:
        await caller.send(ArchiveProduct(id, caller.matched))
    elif (await caller.ask(staff_product_page, id)).status is ProductStatus.ARCHIVED:
        await caller.send(RestoreProduct(id, caller.matched))
    else:
        await caller.send(WithdrawProduct(id, caller.matched))
    return await _whole(caller, product_id)


@post("/api/v1/products/{product_id:uuid}/variants", opt=door(WRITE, if_match=True), tags=TAGS)
async def add_variant(
    product_id: FromPath[UUID], data: JSONBody[VariantBody], caller: FromCaller
) -> Whole:
    """Add a variant to a product."""
    await caller.send(AddVariant(ProductId(product_id), data.draft(), caller.matched))
    return await _whole(caller, product_id, status=201)


@put("/api/v1/variants/{variant_id:uuid}", opt=door(WRITE, if_match=True), tags=TAGS)
async def update_variant(
    variant_id: FromPath[UUID], data: JSONBody[VariantBody], caller: FromCaller
) -> Whole:
    """Make a variant what the body says; If-Match names its product's version."""
    await caller.send(UpdateVariant(VariantId(variant_id), data.draft(), caller.matched))
    return await _of_variant(caller, variant_id)


@put("/api/v1/variants/{variant_id:uuid}/price", opt=door(PRICES, if_match=True), tags=TAGS)
async def set_price(
    variant_id: FromPath[UUID], data: JSONBody[PriceBody], caller: FromCaller
) -> Whole:
    """Give a variant another base price; If-Match names its product's version."""
    crossed = None if data.compare_at is None else micros(data.compare_at, "compare_at")
    wish = SetPrice(VariantId(variant_id), micros(data.price), crossed, caller.matched)
    await caller.send(wish)
    return await _of_variant(caller, variant_id)


@put("/api/v1/variants/{variant_id:uuid}/status", opt=door(WRITE, if_match=True), tags=TAGS)
async def set_variant_status(
    variant_id: FromPath[UUID], data: JSONBody[VariantStatusBody], caller: FromCaller
) -> Whole:
    """Archive a variant or restore it; If-Match names its product's version."""
    step = RestoreVariant if data.status is VariantStatus.ACTIVE else ArchiveVariant
    await caller.send(step(VariantId(variant_id), caller.matched))
    return await _of_variant(caller, variant_id)


@post("/api/v1/article-revisions", opt=door(WRITE), tags=TAGS, status_code=200)
async def revise(data: JSONBody[RevisionBody], caller: FromCaller) -> ArticlesRevised:
    """Take over titles and base prices of many articles at once; unknown SKUs are told."""
    caller.actor.must(PRICES)
    lines = tuple(one.line(f"lines[{place}]") for place, one in enumerate(data.lines))
    answer: ArticlesRevised = await caller.send(ReviseArticles(lines, data.currency))
    return answer


async def _whole(caller: Caller, product_id: UUID, *, status: int = 200) -> Whole:
    view = await caller.ask(staff_product_page, ProductId(product_id))
    return versioned(view, view.version, status=status)


async def _of_variant(caller: Caller, variant_id: UUID) -> Whole:
    view = await caller.ask(product_of_variant, VariantId(variant_id))
    return versioned(view, view.version)


ROUTES = (
    list_products,
    create_product,
    read_product,
    update_product,
    set_status,
    add_variant,
    update_variant,
    set_price,
    set_variant_status,
    revise,
)
