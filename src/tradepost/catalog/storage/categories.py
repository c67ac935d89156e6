"""The category tree in rows."""

from __future__ import annotations

from collections.abc import Sequence

from tradepost.catalog.domain.category import LEVELS_MAX, Category, CategoryStatus
from tradepost.catalog.storage.tables import CATEGORIES, categories
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CategoryId
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Work

_c = categories.c
_LOCKED = Statement(CATEGORIES.select.where(_c.id == param("id")).with_for_update())
_HOLD = Statement(
    scoped(categories, _c.id).where(any_of(_c.id, "ids")).order_by(_c.id).with_for_update()
)
_BELOW = Statement(scoped(categories, _c.id, _c.status).where(any_of(_c.parent_id, "parents")))
_OF_SLUG = Statement(scoped(categories, _c.id).where(_c.slug == param("slug")))


class SqlCategories:
    """Answers the port of categories."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, category_id: CategoryId) -> Category:
        return await CATEGORIES.get(self._work, category_id)

    async def hold(self, *category_ids: CategoryId | None) -> None:
        await self._work.all(_HOLD, ids=[one for one in category_ids if one is not None])

    async def path(self, category_id: CategoryId | None) -> list[Category]:
        found: list[Category] = []
        while category_id is not None:
            # Locked on the way up: two moves at once could otherwise close a circle.
            category = await CATEGORIES.first(self._work, _LOCKED, id=category_id)
            if category is None:
                raise Unknown("category", str(category_id))
            found.insert(0, category)
            category_id = category.parent_id
        return found

    async def levels_below(self, category_id: CategoryId) -> int:
        parents: Sequence[CategoryId] = [category_id]
        for levels in range(LEVELS_MAX):
            parents = [row[0] for row in await self._work.all(_BELOW, parents=parents)]
            if not parents:
                return levels
        return LEVELS_MAX

    async def has_active_children(self, category_id: CategoryId) -> bool:
        rows = await self._work.all(_BELOW, parents=[category_id])
        return any(row[1] is CategoryStatus.ACTIVE for row in rows)

    async def slug_is_taken(self, slug: str, by_other_than: CategoryId) -> bool:
        return await self._work.value(_OF_SLUG, slug=slug) not in (None, by_other_than)

    def add(self, category: Category) -> None:
        CATEGORIES.add(self._work, category)

    async def save(self, category: Category, version: int) -> int:
        return await CATEGORIES.save(self._work, category, version)
