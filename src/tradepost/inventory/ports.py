"""What the stock room needs: where its records are kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tradepost.inventory.domain.counts import CountLine, StockCount
from tradepost.inventory.domain.holds import ReservationRequest
from tradepost.inventory.domain.hot import DemandMark
from tradepost.inventory.domain.known import Known
from tradepost.inventory.domain.quota import Holder
from tradepost.inventory.domain.reservations import Parting, Reservation, ReservationState
from tradepost.inventory.domain.shortfalls import Shortfall
from tradepost.inventory.domain.stock import Place, Shelf, Stock, StockMovement
from tradepost.inventory.domain.transfers import TransferOrder
from tradepost.kernel.ids import (
    CartId,
    CountId,
    LocationId,
    ReservationId,
    ShortfallId,
    TransferOrderId,
    VariantId,
)


class Stocks(Protocol):
    """Stock and its movements. Lock reservations before stock, and stock in one go."""

    async def lock(
        self, locations: Collection[LocationId], variants: Collection[VariantId]
    ) -> Shelf:
        """The stock of these variants at these locations, locked in the order of its places."""
        ...

    async def lock_or_open(self, places: Collection[Place]) -> Shelf:
        """The stock at these places, locked; a place that is new begins with nothing."""
        ...

    async def open(self, shelf: Shelf, places: Iterable[Place]) -> None:
        """Put stock at further places on the shelf, locked; a new one begins with nothing."""
        ...

    async def lock_everywhere(self, variant: VariantId) -> list[Stock]:
        """The stock of one variant wherever it lies, locked."""
        ...

    async def save_policies(self, stocks: Sequence[Stock]) -> None:
        """Keep how locked stock is treated, and its version."""
        ...

    async def hot_of(self, variants: Collection[VariantId]) -> Collection[VariantId]:
        """Those of the variants that are hot somewhere."""
        ...

    async def save(self, shelf: Shelf) -> None:
        """Keep what was changed on the shelf."""
        ...

    def record(self, movements: Sequence[StockMovement]) -> None:
        """Add movements to the books."""
        ...


class Reservations(Protocol):
    """Reservations of carts and orders."""

    async def lock_of(self, owner_ids: Collection[UUID]) -> list[Reservation]:
        """The active reservations of some owners, locked in the order of owner and id."""
        ...

    async def lock_expired(
        self, variants: Collection[VariantId], at: datetime
    ) -> list[Reservation]:
        """Active holds on these variants that ran out; those somebody else works on are left."""
        ...

    async def lock_first_expired(self, at: datetime, most: int) -> list[Reservation]:
        """Active holds that ran out first; those somebody else works on are left."""
        ...

    async def prolong(self, until: Sequence[tuple[ReservationId, datetime]]) -> None:
        """Let locked active holds run out later."""
        ...

    async def of_orders_at(self, places: Collection[Place]) -> list[Reservation]:
        """The active reservations of orders at some places; the stock there is locked already."""
        ...

    def add(self, reservations: Sequence[Reservation]) -> None:
        """Add fresh reservations."""
        ...

    async def close(self, ids: Collection[ReservationId], state: ReservationState) -> None:
        """End locked active reservations in a final state."""
        ...

    async def part(self, parting: Parting) -> None:
        """Close, shrink and split off what a parting says."""
        ...


class Requests(Protocol):
    """Requests of carts that wait for a worker; locked before any reservation is."""

    def add(self, request: ReservationRequest) -> None:
        """Add a fresh one."""
        ...

    async def lock_pending(self, most: int, *, is_hot: bool) -> list[ReservationRequest]:
        """Those that have waited longest in a lane; those somebody else works on are left."""
        ...

    async def lock_pending_of(self, carts: Collection[CartId]) -> list[ReservationRequest]:
        """What some carts have asked for and nobody has taken."""
        ...

    async def save(self, requests: Sequence[ReservationRequest]) -> None:
        """Keep the state and version of locked requests."""
        ...


class Holders(Protocol):
    """Who holds in which carts; a person is locked before requests are."""

    async def lock(self, person: str, at: datetime) -> Holder:
        """The person, locked; one who is new begins with no carts."""
        ...

    async def save(self, holder: Holder) -> None:
        """Write a locked one back."""
        ...

    async def drop_before(self, at: datetime) -> int:
        """Forget those whose carts have not changed since an instant; how many."""
        ...

    async def units_of(self, carts: Collection[CartId], at: datetime) -> dict[CartId, int]:
        """How many units carts hold or wait for at an instant."""
        ...


class DemandMarks(Protocol):
    """What is hot because many want it; a mark is locked before stock is."""

    async def lock(self, variant_id: VariantId) -> DemandMark | None:
        """The mark of a variant, locked."""
        ...

    async def lock_coldest(self, before: datetime) -> DemandMark | None:
        """The mark whose demand ended first, and before an instant, locked."""
        ...

    def add(self, mark: DemandMark) -> None:
        """Add a fresh one."""
        ...

    async def save(self, mark: DemandMark) -> None:
        """Write a locked one back."""
        ...

    async def drop(self, variant_id: VariantId) -> None:
        """Delete the mark of a variant, if there is one."""
        ...


class Shortfalls(Protocol):
    """Shortfalls that were raised."""

    def add(self, shortfalls: Sequence[Shortfall]) -> None:
        """Add fresh ones."""
        ...

    async def lock(self, id: ShortfallId) -> Shortfall:
        """The shortfall, locked; :class:`Unknown` if there is none."""
        ...

    async def save(self, shortfall: Shortfall) -> None:
        """Write a locked one back."""
        ...


class Counts(Protocol):
    """Stocktakes and what was counted in them."""

    def add(self, count: StockCount) -> None:
        """Add a fresh one."""
        ...

    async def lock(self, id: CountId) -> StockCount:
        """The count, locked; :class:`Unknown` if there is none."""
        ...

    async def save(self, count: StockCount) -> None:
        """Write a locked one back."""
        ...

    async def lines(self, id: CountId) -> list[CountLine]:
        """What was counted."""
        ...

    async def put(self, lines: Sequence[CountLine]) -> None:
        """Keep what was counted, in place of what was counted of the same variant before."""
        ...


class TransferOrders(Protocol):
    """Goods on their way between locations."""

    def add(self, order: TransferOrder) -> None:
        """Add a fresh one."""
        ...

    async def lock(self, id: TransferOrderId) -> TransferOrder:
        """The transfer order, locked; :class:`Unknown` if there is none."""
        ...

    async def save(self, order: TransferOrder) -> None:
        """Write a locked one back."""
        ...


class Assortment(Protocol):
    """What there is to keep stock of and where, asked of the catalogue and of tenancy."""

    async def known(
        self, locations: Collection[LocationId], variants: Collection[VariantId]
    ) -> Known:
        """Those of them that there are."""
        ...
