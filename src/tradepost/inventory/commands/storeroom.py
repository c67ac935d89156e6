"""What the stock room does for orders, inside the work of whoever asks: lists in, answers out.

A refused entry changes nothing for itself and is answered in its place. Every list costs the same
few statements, however long it is: reservations are locked first (where there are any), then the
stock in the order of its places, which is saved once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from tradepost.inventory.commands.expiry import Expiry
from tradepost.inventory.commands.holds import Holds
from tradepost.inventory.commands.telling import Telling
from tradepost.inventory.domain.demand import Admitted, Allocation, Demand, admit_all
from tradepost.inventory.domain.dispatch import Dispatch, PutBack, Release
from tradepost.inventory.domain.holds import ReservationRequest
from tradepost.inventory.domain.reservations import (
    OwnerKind,
    Part,
    Promised,
    Reservation,
    ReservationState,
    by_place,
)
from tradepost.inventory.domain.stock import (
    Cause,
    CauseKind,
    MovementKind,
    Place,
    Shelf,
    moved,
)
from tradepost.inventory.errors import NotAllocated, NotOnHand, Shortage, TooMuchStock
from tradepost.inventory.ports import Reservations, Stocks
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import CartId, Ids, ReservationId
from tradepost.kernel.messages import Facts

CartHolds = Mapping[CartId, Sequence[Reservation]]


class Storeroom:
    """Allocates, releases, ships and puts back the goods of orders; bound to one work."""

    def __init__(
        self,
        stocks: Stocks,
        reservations: Reservations,
        expiry: Expiry,
        holds: Holds,
        facts: Facts,
        ids: Ids,
    ) -> None:
        self._stocks = stocks
        self._reservations = reservations
        self._expiry = expiry
        self._holds = holds
        self._facts = facts
        self._ids = ids

    async def allocate(self, demands: Sequence[Demand]) -> list[Allocation | Shortage]:
        """Promise stock to orders in the order in which they come: all lines of one, or none.

        What the order's cart holds turns into the allocation in the same step, and what it has
        merely asked for is too late then. Holds that ran out are freed in passing when stock looks
        short.
        """
        carts = {one.cart_id for one in demands if one.cart_id}
        pending = await self._holds.pending_of(carts) if carts else []
        holds = await self._holds_of(carts)
        shelf = await self._shelf_for(demands, holds)
        outcomes = admit_all(demands, shelf, holds)
        short = [d for d, said in zip(demands, outcomes, strict=True) if isinstance(said, Shortage)]
        if short and await self._free_expired(short, shelf, holds):
            outcomes = admit_all(demands, shelf, holds)
        admitted = [
            (demand, said)
            for demand, said in zip(demands, outcomes, strict=True)
            if isinstance(said, Admitted)
        ]
        used = [hold.id for _, said in admitted for hold in said.used]
        await self._reservations.close(used, ReservationState.RELEASED)
        await self._stocks.save(shelf)
        for demand, said in admitted:
            self._keep_allocation(demand, said)
        await self._give_up(pending, [demand for demand, _ in admitted])
        return [said.allocation if isinstance(said, Admitted) else said for said in outcomes]

    async def _give_up(
        self, pending: Sequence[ReservationRequest], ordered: Sequence[Demand]
    ) -> None:
        """Withdraw what the carts of these orders asked for, each in the name of its order."""
        by_cart = {one.cart_id: one for one in ordered}
        late = [one for one in pending if one.cart_id in by_cart]
        for one in late:
            self._facts.on_behalf(one.id, by_cart[one.cart_id].by)
        if late:
            await self._holds.give_up(late, max(one.at for one in ordered))

    async def _holds_of(self, carts: Collection[CartId]) -> dict[CartId, list[Reservation]]:
        holds: dict[CartId, list[Reservation]] = {}
        for hold in await self._reservations.lock_of(carts) if carts else ():
            holds.setdefault(CartId(hold.owner_id), []).append(hold)
        return holds

    async def _shelf_for(self, demands: Sequence[Demand], holds: CartHolds) -> Shelf:
        held = [hold for mine in holds.values() for hold in mine]
        shelf = await self._stocks.lock(
            {place for one in demands for place in one.locations} | {h.location_id for h in held},
            {line.variant_id for one in demands for line in one.lines}
            | {h.variant_id for h in held},
        )
        # What may be promised before it arrives needs a place to be promised at.
        later = [
            (allowed[0], line.variant_id)
            for one in demands
            for line in one.lines
            if line.backorder and (allowed := one.allowed(line))
        ]
        await self._stocks.open(shelf, later)
        return shelf

    async def _free_expired(self, short: Sequence[Demand], shelf: Shelf, holds: CartHolds) -> bool:
        variants = {line.variant_id for one in short for line in one.lines}
        own = {hold.id for mine in holds.values() for hold in mine}
        at = max(one.at for one in short)
        return await self._expiry.free(variants, at, shelf, own)

    def _keep_allocation(self, demand: Demand, said: Admitted) -> None:
        self._reservations.add(
            [
                Reservation(
                    ReservationId(self._ids.new()),
                    OwnerKind.ORDER,
                    demand.order_id,
                    line.line_id,
                    line.location_id,
                    line.variant_id,
                    line.quantity,
                    ReservationState.ACTIVE,
                    demand.at,
                )
                for line in said.allocation.lines
            ]
        )
        cause = Cause(CauseKind.ORDER, demand.order_id, demand.version)
        telling = Telling(self._facts, cause, demand.at)
        telling.reserved(said.allocation.by_place())
        telling.updated(said.levels)

    async def release(self, releases: Sequence[Release]) -> list[Refusal | None]:
        """Free what orders no longer want; :class:`NotAllocated` where it is more than they have.

        An order that has nothing allocated is released without a word.
        """
        orders = {one.order_id for one in releases}
        found = await self._reservations.lock_of(orders)
        promised = Promised(found)
        shelf = await self._lock((r.location_id, r.variant_id) for r in found)
        answers: list[Refusal | None] = []
        for one in releases:
            try:
                parts = _parts_to_release(promised, one)
            except NotAllocated as refusal:
                answers.append(refusal)
                continue
            promised.take(parts)
            self._tell_release(one, parts, shelf)
            answers.append(None)
        await self._save_parting(promised, "release", shelf)
        return answers

    def _tell_release(self, one: Release, parts: list[Part], shelf: Shelf) -> None:
        if not parts:
            return
        shares = by_place(parts)
        levels = shelf.change_all(shares, allocated=-1)
        cause = Cause(CauseKind.RELEASE, self._ids.new())
        if one.version is not None:
            cause = Cause(CauseKind.ORDER, one.order_id, one.version)
        telling = Telling(self._facts, cause, one.at)
        telling.released(shares)
        telling.updated(levels)

    async def ship(self, dispatches: Sequence[Dispatch]) -> list[Refusal | None]:
        """Book goods out that leave with shipments; what is shipped in part stays allocated.

        Refused with :class:`NotAllocated` if the order has less there, with :class:`NotOnHand` if
        the goods are not there: a backorder that has not arrived, or a loss.
        """
        found = await self._reservations.lock_of({one.order_id for one in dispatches})
        promised = Promised(found)
        lines = {line.line_id for one in dispatches for line in one.lines}
        shelf = await self._lock((r.location_id, r.variant_id) for r in found if r.line_id in lines)
        answers: list[Refusal | None] = []
        for one in dispatches:
            try:
                parts = _parts_to_ship(promised, one)
                levels = shelf.change_all(by_place(parts), on_hand=-1, allocated=-1)
            except (NotAllocated, NotOnHand) as refusal:
                answers.append(refusal)
                continue
            promised.take(parts)
            cause = Cause(CauseKind.SHIPMENT, one.shipment_id, one.version)
            self._record(MovementKind.SALE, cause, one.at, "", _leaving(parts))
            Telling(self._facts, cause, one.at).updated(levels)
            answers.append(None)
        await self._save_parting(promised, "consume", shelf)
        return answers

    async def put_back(self, returns: Sequence[PutBack]) -> list[Refusal | None]:
        """Book goods in that came back; what is not fit to be sold leaves again as waste."""
        places = {(line.location_id, line.variant_id) for one in returns for line in one.lines}
        shelf = await self._stocks.lock_or_open(places)
        answers: list[Refusal | None] = []
        for one in returns:
            try:
                levels = shelf.change_all(one.restocked(), on_hand=1)
            except TooMuchStock as refusal:
                answers.append(refusal)
                continue
            cause = Cause(CauseKind.RETURN, one.return_id, one.version)
            self._record(MovementKind.RETURN, cause, one.at, one.reason, one.arrived())
            self._record(MovementKind.WASTE, cause, one.at, one.reason, one.wasted())
            Telling(self._facts, cause, one.at).updated(levels)
            answers.append(None)
        await self._stocks.save(shelf)
        return answers

    async def _lock(self, places: Iterable[Place]) -> Shelf:
        wanted = set(places)
        return await self._stocks.lock({p[0] for p in wanted}, {p[1] for p in wanted})

    async def _save_parting(self, promised: Promised, action: str, shelf: Shelf) -> None:
        parting = promised.parting(action, self._ids)
        await self._reservations.part(parting)
        await self._stocks.save(shelf)

    def _record(
        self,
        kind: MovementKind,
        cause: Cause,
        at: datetime,
        reason: str,
        deltas: Iterable[tuple[Place, int]],
    ) -> None:
        self._stocks.record(moved(kind, cause, at, reason, deltas, self._ids))


def _parts_to_release(promised: Promised, one: Release) -> list[Part]:
    if one.quantities is None:
        return promised.all_of(one.order_id)
    return promised.some_of_all(one.order_id, (((line, None), n) for line, n in one.quantities))


def _parts_to_ship(promised: Promised, one: Dispatch) -> list[Part]:
    wanted = (((line.line_id, line.location_id), line.quantity) for line in one.lines)
    return promised.some_of_all(one.order_id, wanted)


def _leaving(parts: list[Part]) -> Iterable[tuple[Place, int]]:
    return (((part.location_id, part.variant_id), -quantity) for part, quantity in parts)
