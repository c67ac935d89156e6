"""What is said at the doors of tabs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from tradepost.floor.commands.tabs import GUESTS_MAX
from tradepost.floor.domain.rounds import (
    COURSES_MAX,
    MODIFIERS_MAX,
    WantedArticle,
    WantedDish,
)
from tradepost.floor.errors import NamedTwice
from tradepost.kernel.ids import VariantId
from tradepost.platform.web import Body
from tradepost.platform.web.body import Code, Line, Units, Version

LINES_MAX = 1000
Guests = Annotated[int, Meta(ge=1, le=GUESTS_MAX)]


class OpenBody(Body, frozen=True):
    """Guests at a table, or a tab by a name."""

    unit_id: UUID
    table_id: UUID | None = None
    name: Line = ""
    guests: Guests = 1


class BasedBody(Body, frozen=True):
    """The version of the tab that a change is based on."""

    version: Version


class TabBody(BasedBody, frozen=True, kw_only=True):
    """Name and number of guests."""

    name: Line = ""
    guests: Guests


class MoveBody(BasedBody, frozen=True, kw_only=True):
    """Another table; without one the tab needs a name."""

    table_id: UUID | None = None
    name: Line = ""


class MergeBody(BasedBody, frozen=True, kw_only=True):
    """The tab that is taken over, and its version."""

    from_id: UUID
    from_version: Version


class ReasonBody(BasedBody, frozen=True, kw_only=True):
    """Why something is voided."""

    reason: Line


class VoidLineBody(ReasonBody, frozen=True, kw_only=True):
    """So many units; without a quantity all of them."""

    quantity: Units | None = None


class ArticleBody(Body, frozen=True):
    """Units of an article, by SKU or variant."""

    quantity: Units = 1
    sku: Code | None = None
    variant_id: UUID | None = None

    def parsed(self) -> WantedArticle:
        """The article, named one way."""
        if (self.sku is None) == (self.variant_id is None):
            raise NamedTwice
        variant_id = None if self.variant_id is None else VariantId(self.variant_id)
        return WantedArticle(self.quantity, self.sku, variant_id)


class DishBody(ArticleBody, frozen=True, kw_only=True):
    """A dish; each unit of it comes with so many units of its modifiers."""

    modifiers: Annotated[tuple[ArticleBody, ...], Meta(max_length=MODIFIERS_MAX)] = ()
    course: Annotated[int, Meta(ge=1, le=COURSES_MAX)] = 1
    note: Line = ""

    def dish(self) -> WantedDish:
        """The dish with what goes with it."""
        chosen = tuple(one.parsed() for one in self.modifiers)
        return WantedDish(self.parsed(), chosen, self.course, self.note)


class RoundBody(BasedBody, frozen=True, kw_only=True):
    """The lines of a round that is written down."""

    lines: Annotated[tuple[DishBody, ...], Meta(min_length=1, max_length=LINES_MAX)]

    def dishes(self) -> tuple[WantedDish, ...]:
        """The lines as they are wished for."""
        return tuple(one.dish() for one in self.lines)


class NewRoundBody(RoundBody, frozen=True, kw_only=True):
    """A round; with ``send`` it goes to the kitchen at once."""

    send: bool = False
