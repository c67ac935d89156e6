"""The category tree as it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tradepost.catalog.domain.category import Category, CategoryStatus
from tradepost.catalog.storage.tables import CATEGORIES, categories
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CategoryId
from tradepost.platform.db.statement import Statement
from tradepost.platform.db.work import Reader

_ALL = Statement(CATEGORIES.select.order_by(categories.c.position, categories.c.name))
_Children = dict[CategoryId | None, list[Category]]


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category with those below it, in the order in which they are shown."""

    id: CategoryId
    slug: str
    name: str
    children: tuple[CategoryNode, ...]


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category as staff see it."""

    id: CategoryId
    parent_id: CategoryId | None
    slug: str
    name: str
    position: int
    status: CategoryStatus
    version: int


async def category_tree(db: Reader) -> tuple[CategoryNode, ...]:
    """The tree that shoppers see: what is archived is left out with all below it."""
    return _nodes(_children(await CATEGORIES.all(db, _ALL)), None)


async def all_categories(db: Reader) -> list[CategoryView]:
    """Every category, archived ones too; siblings in the order in which they are shown."""
    return [_view(one) for one in await CATEGORIES.all(db, _ALL)]


async def category_page(db: Reader, category_id: CategoryId) -> CategoryView:
    """One category; ``Unknown`` if there is none."""
    return _view(await CATEGORIES.get(db, category_id))


async def branch(db: Reader, named: str) -> list[CategoryId]:
    """A visible category, by identifier or slug, and all that shoppers see below it.

    :raises Unknown: if shoppers see no such category.
    """
    children = _children(await CATEGORIES.all(db, _ALL))
    waiting = list(_nodes(children, None))
    while waiting:
        node = waiting.pop()
        if named in (node.slug, str(node.id)):
            return [one.id for one in _walk(node)]
        waiting.extend(node.children)
    raise Unknown("category", named)


def _walk(node: CategoryNode) -> Iterable[CategoryNode]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _children(found: Iterable[Category]) -> _Children:
    children: _Children = {}
    for one in found:
        if one.status is CategoryStatus.ACTIVE:
            children.setdefault(one.parent_id, []).append(one)
    return children


def _nodes(children: _Children, parent_id: CategoryId | None) -> tuple[CategoryNode, ...]:
    return tuple(
        CategoryNode(one.id, one.slug, one.name, _nodes(children, one.id))
        for one in children.get(parent_id, ())
    )


def _view(one: Category) -> CategoryView:
    return CategoryView(
        one.id, one.parent_id, one.slug, one.name, one.position, one.status, one.version
    )
