"""What staff do with the category tree."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post, put

from tradepost.catalog.commands import (
    ArchiveCategory,
    CreateCategory,
    CreatedCategory,
    MoveCategory,
    RenameCategory,
    RestoreCategory,
)
from tradepost.catalog.domain.category import CategoryStatus
from tradepost.catalog.http.bodies import (
    CategoryBody,
    CategoryNameBody,
    CategoryStatusBody,
    ParentBody,
)
from tradepost.catalog.queries import CategoryView, all_categories, category_page
from tradepost.kernel.ids import CategoryId
from tradepost.platform.web import Caller, FromCaller, FromPath, JSONBody, door, versioned

TAGS = ["Categories"]
READ, WRITE = "catalog.read", "catalog.write"
One = Response[CategoryView]


@get("/api/v1/categories", opt=door(READ), tags=TAGS)
async def list_categories(caller: FromCaller) -> list[CategoryView]:
    """Every category, archived ones too, with its version."""
    return await caller.ask(all_categories)


@get("/api/v1/categories/{category_id:uuid}", opt=door(READ), tags=TAGS)
async def read_category(category_id: FromPath[UUID], caller: FromCaller) -> One:
    """One category."""
    return await _one(caller, category_id)


@post("/api/v1/categories", opt=door(WRITE), tags=TAGS)
async def create_category(
    data: JSONBody[CategoryBody], caller: FromCaller
) -> Response[CreatedCategory]:
    """Make a category, at the root or below another one."""
    parent = CategoryId(data.parent_id) if data.parent_id else None
    made: CreatedCategory = await caller.send(
        CreateCategory(data.name, parent, data.slug, data.position)
    )
    place = f"/api/v1/categories/{made.category_id}"
    return versioned(made, made.version, status=201, location=place)


@put("/api/v1/categories/{category_id:uuid}", opt=door(WRITE, if_match=True), tags=TAGS)
async def rename_category(
    category_id: FromPath[UUID], data: JSONBody[CategoryNameBody], caller: FromCaller
) -> One:
    """Give a category another name and place; without a slug it keeps its own."""
    id = CategoryId(category_id)
    await caller.send(RenameCategory(id, data.name, data.slug, data.position, caller.matched))
    return await _one(caller, category_id)


@put("/api/v1/categories/{category_id:uuid}/parent", opt=door(WRITE, if_match=True), tags=TAGS)
async def move_category(
    category_id: FromPath[UUID], data: JSONBody[ParentBody], caller: FromCaller
) -> One:
    """Put a category with all below it under another one, or at the root."""
    parent = CategoryId(data.parent_id) if data.parent_id else None
    await caller.send(MoveCategory(CategoryId(category_id), parent, caller.matched))
    return await _one(caller, category_id)


@put("/api/v1/categories/{category_id:uuid}/status", opt=door(WRITE, if_match=True), tags=TAGS)
async def set_category_status(
    category_id: FromPath[UUID], data: JSONBody[CategoryStatusBody], caller: FromCaller
) -> One:
    """Archive a category or restore it."""
    step = RestoreCategory if data.status is CategoryStatus.ACTIVE else ArchiveCategory
    await caller.send(step(CategoryId(category_id), caller.matched))
    return await _one(caller, category_id)


async def _one(caller: Caller, category_id: UUID) -> One:
    view = await caller.ask(category_page, CategoryId(category_id))
    return versioned(view, view.version)


ROUTES = (
    list_categories,
    read_category,
    create_category,
    rename_category,
    move_category,
    set_category_status,
)
