"""The category tree: where a category may stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from tradepost.catalog.domain.parts import TITLE_LONGEST
from tradepost.catalog.domain.product import with_ending
from tradepost.catalog.errors import (
    CategoryHasChildren,
    CategoryInItself,
    CategoryTooDeep,
    ParentArchived,
    SlugTaken,
)
from tradepost.events.catalog import CategoryFace
from tradepost.kernel.codes import Slug
from tradepost.kernel.ids import CategoryId
from tradepost.kernel.states import States
from tradepost.kernel.text import one_line
from tradepost.kernel.whole import whole_number

LEVELS_MAX: Final = 10
POSITION_MAX: Final = 1_000_000


class CategoryStatus(StrEnum):
    """Whether shoppers see a category."""

    ACTIVE = "active"
    ARCHIVED = "archived"


CATEGORY_STATES: Final = States(
    "category",
    {
        CategoryStatus.ACTIVE: {"archive": CategoryStatus.ARCHIVED},
        CategoryStatus.ARCHIVED: {"restore": CategoryStatus.ACTIVE},
    },
)


@dataclass(frozen=True, slots=True)
class Category:
    """A category; those with the same parent stand in order of ``position``, then name."""

    id: CategoryId
    parent_id: CategoryId | None
    slug: str
    name: str
    position: int
    status: CategoryStatus
    updated_at: datetime
    version: int

    def renamed(self, name: str, slug: str | None, position: int) -> Category:
        """The category by another name; its address stays unless another is given."""
        return replace(
            self,
            name=one_line(name, "name", TITLE_LONGEST),
            slug=self.slug if slug is None else Slug.parse(slug).value,
            position=whole_number(position, "position", 0, POSITION_MAX),
        )

    def with_other_slug(self, *, wished: str | None) -> Category:
        """The category with a made slug that nobody has; one that was wished for is refused."""
        if wished is not None:
            raise SlugTaken("category", self.slug)
        return replace(self, slug=with_ending(self.slug, self.id))

    def under(self, path: Sequence[Category], levels_below: int) -> Category:
        """The category below the last of a path from the root, or at the root.

        :raises CategoryInItself: if the path leads through the category.
        :raises CategoryTooDeep: if it or one of the levels below it would stand too deep.
        :raises ParentArchived: if shoppers do not see the one that it is to stand under.
        """
        if any(one.id == self.id for one in path):
            raise CategoryInItself(self.name)
        if len(path) + 1 + levels_below > LEVELS_MAX:
            raise CategoryTooDeep(self.name, LEVELS_MAX)
        if path and path[-1].status is CategoryStatus.ARCHIVED:
            raise ParentArchived(path[-1].name)
        return replace(self, parent_id=path[-1].id if path else None)

    def after(self, action: str, *, has_active_children: bool = False) -> Category:
        """The category in the state that an action leads to."""
        status = CATEGORY_STATES.after(self.status, action)
        if status is CategoryStatus.ARCHIVED and has_active_children:
            raise CategoryHasChildren(self.name)
        return replace(self, status=status)

    def face(self) -> CategoryFace:
        """What others are told of it."""
        return CategoryFace(self.parent_id, self.name, self.slug, self.position, self.status.value)


def new_category(
    category_id: CategoryId, name: str, slug: str | None, position: int, at: datetime
) -> Category:
    """A category at the root; without a slug one is made from the name."""
    blank = Category(category_id, None, "", "", 0, CategoryStatus.ACTIVE, updated_at=at, version=1)
    named = blank.renamed(name, slug, position)
    if slug is not None:
        return named
    made = Slug.from_title(named.name)
    return replace(named, slug=made.value if made else with_ending("category", category_id))
