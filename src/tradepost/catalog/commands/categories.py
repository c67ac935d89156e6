"""The category tree grows, is renamed, moved and pruned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tradepost.catalog.domain.category import Category, new_category
from tradepost.catalog.errors import SlugTaken
from tradepost.catalog.ports import Categories
from tradepost.events.catalog import CategoryArchived, CategoryCreated, CategoryUpdated
from tradepost.kernel.ids import CategoryId, Ids
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class CreateCategory(Command):
    """Make a category, at the root or below another one."""

    name: str
    parent_id: CategoryId | None = None
    slug: str | None = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class RenameCategory(Command):
    """Give a category another name and place among its siblings; without a slug it keeps its."""

    category_id: CategoryId
    name: str
    slug: str | None
    position: int
    version: int


@dataclass(frozen=True, slots=True)
class MoveCategory(Command):
    """Put a category with all below it under another one, or at the root."""

    category_id: CategoryId
    parent_id: CategoryId | None
    version: int


@dataclass(frozen=True, slots=True)
class ArchiveCategory(Command):
    """Show a category no longer; its products stay."""

    category_id: CategoryId
    version: int


@dataclass(frozen=True, slots=True)
class RestoreCategory(Command):
    """Show an archived category again."""

    category_id: CategoryId
    version: int


@dataclass(frozen=True, slots=True)
class CreatedCategory:
    """A category that has come to be."""

    category_id: CategoryId
    slug: str
    version: int


async def create_category(
    wish: CreateCategory, categories: Categories, facts: Facts, ids: Ids
) -> CreatedCategory:
    """Make a category; a slug made from the name gets an ending if it is taken."""
    path = await categories.path(wish.parent_id)
    made = new_category(CategoryId(ids.new()), wish.name, wish.slug, wish.position, wish.at)
    made = made.under(path, 0)
    if await categories.slug_is_taken(made.slug, made.id):
        made = made.with_other_slug(wished=wish.slug)
    categories.add(made)
    facts.tell(CategoryCreated(made.id, 1, made.face()), 1, wish.at)
    return CreatedCategory(made.id, made.slug, 1)


async def rename_category(wish: RenameCategory, categories: Categories, facts: Facts) -> int:
    """Rename it; the new version."""
    before = await categories.get(wish.category_id)
    after = before.renamed(wish.name, wish.slug, wish.position)
    if await categories.slug_is_taken(after.slug, after.id):
        raise SlugTaken("category", after.slug)
    return await _saved(after, wish, categories, facts)


async def move_category(wish: MoveCategory, categories: Categories, facts: Facts) -> int:
    """Move its branch; the new version."""
    await categories.hold(wish.category_id, wish.parent_id)
    path = await categories.path(wish.parent_id)
    before = await categories.get(wish.category_id)
    after = before.under(path, await categories.levels_below(before.id))
    return await _saved(after, wish, categories, facts)


async def archive_category(wish: ArchiveCategory, categories: Categories, facts: Facts) -> int:
    """Archive it; the new version."""
    before = await categories.get(wish.category_id)
    busy = await categories.has_active_children(before.id)
    after = before.after("archive", has_active_children=busy)
    return await _saved(after, wish, categories, facts)


async def restore_category(wish: RestoreCategory, categories: Categories, facts: Facts) -> int:
    """Restore it; the new version."""
    before = await categories.get(wish.category_id)
    path = await categories.path(before.parent_id)
    after = before.after("restore").under(path, await categories.levels_below(before.id))
    return await _saved(after, wish, categories, facts)


async def _saved(
    after: Category,
    wish: RenameCategory | MoveCategory | ArchiveCategory | RestoreCategory,
    categories: Categories,
    facts: Facts,
) -> int:
    version = await categories.save(replace(after, updated_at=wish.at), wish.version)
    fact = CategoryArchived if isinstance(wish, ArchiveCategory) else CategoryUpdated
    facts.tell(fact(after.id, version, after.face()), version, wish.at)
    return version


CATEGORY_HANDLERS: dict[type, Callable[..., Any]] = {
    CreateCategory: create_category,
    RenameCategory: rename_category,
    MoveCategory: move_category,
    ArchiveCategory: archive_category,
    RestoreCategory: restore_category,
}
