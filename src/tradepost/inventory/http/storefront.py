"""What shoppers may know of stock: whether there is any, and how little is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import QueryParameter

from tradepost.inventory.queries import FreeStock, availability
from tradepost.kernel.ids import VariantId
from tradepost.platform.web import PUBLIC, FromCaller, Shared, door

FEW = 10
"""Of more than so many units nobody is told how many there are."""
VARIANTS_MAX = 100
Variants = Annotated[
    list[UUID] | None,
    QueryParameter(max_items=VARIANTS_MAX, description="The variants, as often as there are some."),
]


@dataclass(frozen=True, slots=True)
class ShownStock:
    """Stock of a variant over all locations; ``left`` is told of a few units only."""

    variant_id: VariantId
    available: bool
    left: int | None


@dataclass(frozen=True, slots=True)
class StockOnShow:
    """Stock as it was ``fresh_within_ms`` before this was sent, at most; caches add their Age."""

    items: list[ShownStock]
    fresh_within_ms: int


@get(
    "/api/v1/availability",
    opt=door(PUBLIC, cache=Shared(1, 0), keeps=("inventory", "tenancy")),
    tags=["Catalogue"],
)
async def show_stock(caller: FromCaller, variant_id: Variants = None) -> StockOnShow:
    """Whether variants can be had, and how little is left; what is not kept in stock is not told.

    It promises nothing: a checkout takes what it takes.
    """
    found = await caller.ask(availability, [VariantId(one) for one in variant_id or ()])
    return StockOnShow(_by_variant(found), caller.fresh_within_ms)


def _by_variant(found: Iterable[FreeStock]) -> list[ShownStock]:
    rows: dict[VariantId, list[FreeStock]] = defaultdict(list)
    for one in found:
        rows[one.variant_id].append(one)
    return [_shown(variant_id, places) for variant_id, places in rows.items()]


def _shown(variant_id: VariantId, places: list[FreeStock]) -> ShownStock:
    free = sum(max(0, one.available) for one in places)
    more = any(one.allows_backorder for one in places)
    return ShownStock(variant_id, free > 0 or more, free if free <= FEW and not more else None)


ROUTES = (show_stock,)
