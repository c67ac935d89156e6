"""The stock room: its handlers, its repositories, and what it offers to other contexts.

Another context's wiring gets the offers of the same work by ``bound.get(Storeroom)`` for orders
and ``bound.get(Holds)`` for carts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from tradepost.catalog.storage import Article, Articles
from tradepost.inventory.commands import (
    carts,
    counts,
    expiry,
    goods,
    hot,
    policies,
    shortfalls,
    transfers,
)
from tradepost.inventory.commands.books import Books
from tradepost.inventory.commands.expiry import Expiry
from tradepost.inventory.commands.holds import Holds
from tradepost.inventory.commands.storeroom import Storeroom
from tradepost.inventory.domain.hot import HotTerms
from tradepost.inventory.domain.known import Known
from tradepost.inventory.ports import (
    Assortment,
    Counts,
    DemandMarks,
    Holders,
    Shortfalls,
    Stocks,
    TransferOrders,
)
from tradepost.inventory.reactions import serve_hot_request, serve_request
from tradepost.inventory.storage import (
    SqlCounts,
    SqlDemandMarks,
    SqlHolders,
    SqlRequests,
    SqlReservations,
    SqlShortfalls,
    SqlStocks,
    SqlTransferOrders,
)
from tradepost.inventory.storage.reservations import first_end
from tradepost.kernel.ids import LocationId, VariantId
from tradepost.kernel.messages import Facts, Scope
from tradepost.platform.bus import Bound, Bus
from tradepost.platform.db.work import Reader
from tradepost.platform.sweeps import sweeping
from tradepost.tenancy.domain import TenantProfile
from tradepost.tenancy.queries import locations_page

HANDLERS: dict[type, Any] = {}
for _commands in (carts, counts, expiry, goods, hot, policies, shortfalls, transfers):
    HANDLERS.update(_commands.HANDLERS)


class Neighbours:
    """Answers the stock room's Assortment from the catalogue and from tenancy."""

    def __init__(self, db: Reader) -> None:
        self._db = db

    async def known(
        self, locations: Collection[LocationId], variants: Collection[VariantId]
    ) -> Known:
        """Those that there are; one statement for each kind that is asked for."""
        articles = await Articles(self._db).by_ids(variants) if variants else {}
        stocked = frozenset(id for id, one in articles.items() if lies_on_shelves(one))
        places = await locations_page(self._db) if locations else []
        ids = frozenset(place.id for place in places)
        return Known(ids, stocked, frozenset(articles) - stocked)


def lies_on_shelves(article: Article) -> bool:
    """Whether stock is kept of an article."""
    return article.lies_on_shelves


def _facts(bound: Bound) -> Facts:
    return bound.facts


def _expiry(bound: Bound) -> Expiry:
    work = bound.work
    return Expiry(SqlStocks(work), SqlReservations(work), _facts(bound), bound.ids)


def _storeroom(bound: Bound) -> Storeroom:
    work = bound.work
    kept = SqlStocks(work), SqlReservations(work)
    return Storeroom(*kept, bound.get(Expiry), bound.get(Holds), _facts(bound), bound.ids)


def _holds(bound: Bound) -> Holds:
    work = bound.work
    kept = SqlStocks(work), SqlReservations(work), SqlRequests(work), SqlHolders(work)
    return Holds(*kept, bound.get(Expiry), _facts(bound), bound.ids)


def _books(bound: Bound) -> Books:
    work = bound.work
    kept = SqlStocks(work), SqlReservations(work), SqlShortfalls(work)
    return Books(*kept, _facts(bound), bound.ids)


BINDINGS: dict[Any, Callable[[Bound], Any]] = {
    Assortment: lambda bound: Neighbours(bound.work),
    Counts: lambda bound: SqlCounts(bound.work),
    Shortfalls: lambda bound: SqlShortfalls(bound.work),
    TransferOrders: lambda bound: SqlTransferOrders(bound.work),
    DemandMarks: lambda bound: SqlDemandMarks(bound.work),
    Holders: lambda bound: SqlHolders(bound.work),
    HotTerms: lambda bound: HotTerms(bound.get(TenantProfile).settings.hot_minutes_min),
    Stocks: lambda bound: SqlStocks(bound.work),
    Books: _books,
    Expiry: _expiry,
    Holds: _holds,
    Storeroom: _storeroom,
}
REACTIONS = {
    "inventory.requests": (serve_request,),
    "inventory.hot_requests": (serve_hot_request,),
}
EXPIRY_EVERY_S = 30
"""The next buyer frees in passing what ran out; this is for stock that nobody asks for. No hold is
shorter than a minute, so every end is known of half a minute before, and swept when it has come."""


async def _first_end_s(bus: Bus, scope: Scope) -> float | None:
    end = await bus.ask(scope, first_end)
    return None if end is None else (end - bus.clock.now()).total_seconds()


COOLING_EVERY_S = 30
FORGET_EVERY_S = 3600
SWEEPS = {
    "inventory.expiry": sweeping(
        "inventory.expiry", EXPIRY_EVERY_S, expiry.ExpireHolds, _first_end_s
    ),
    "inventory.cooling": sweeping("inventory.cooling", COOLING_EVERY_S, hot.CoolDown),
    "inventory.holders": sweeping("inventory.holders", FORGET_EVERY_S, carts.ForgetHolders),
}
