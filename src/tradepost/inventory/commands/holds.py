"""Carts hold stock: requests filed as goods are put in, taken by a worker in small batches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from tradepost.inventory.commands.expiry import Expiry
from tradepost.inventory.commands.telling import Telling, tell_answer, tell_filed, tell_withdrawn
from tradepost.inventory.domain.holds import (
    CartHold,
    Grant,
    HoldLine,
    RequestState,
    ReservationRequest,
    differing,
    grant_all,
)
from tradepost.inventory.domain.reservations import Reservation, ReservationState, by_place
from tradepost.inventory.domain.stock import Cause, CauseKind, Shelf
from tradepost.inventory.errors import TooMuchHeld
from tradepost.inventory.ports import Holders, Requests, Reservations, Stocks
from tradepost.kernel.ids import CartId, Ids, ReservationRequestId
from tradepost.kernel.messages import Facts


class Holds:
    """Files, grants and drops the holds of carts; bound to one work."""

    def __init__(
        self,
        stocks: Stocks,
        reservations: Reservations,
        requests: Requests,
        holders: Holders,
        expiry: Expiry,
        facts: Facts,
        ids: Ids,
    ) -> None:
        self._stocks = stocks
        self._reservations = reservations
        self._requests = requests
        self._holders = holders
        self._expiry = expiry
        self._facts = facts
        self._ids = ids

    async def request(self, wish: CartHold) -> None:
        """File what a cart wants and does not hold, and prolong what it holds already.

        What it asked for before and no worker has taken is given up for it, so that a cart never
        waits twice in a lane. Hot goods are filed apart from the rest, for a lane of their own.

        :raises TooMuchHeld: if the cart's person would hold more than their quota.
        """
        await self._check_quota(wish)
        pending = await self._requests.lock_pending_of({wish.cart_id})
        mine = await self._reservations.lock_of({wish.cart_id})
        await self._prolong(mine, wish)
        lines = differing(wish, mine)
        if set(lines) == {line for request in pending for line in request.lines}:
            return
        await self.give_up(pending, wish.at)
        hot = await self._stocks.hot_of({line.variant_id for line in lines})
        for is_hot in (True, False):
            part = tuple(line for line in lines if (line.variant_id in hot) == is_hot)
            if part:
                self._file(wish, part, is_hot=is_hot)

    async def _check_quota(self, wish: CartHold) -> None:
        """Refuse more than a person's quota; whoever wants less than they had may always."""
        quota = wish.quota
        if quota is None or not wish.lines:
            return
        holder = await self._holders.lock(quota.person, wish.at)
        units = await self._holders.units_of({*holder.carts, wish.cart_id}, wish.at)
        others = sum(units.get(one, 0) for one in holder.others(wish.cart_id))
        wanted = wish.units()
        if wanted > units.get(wish.cart_id, 0) and wanted + others > quota.units_max:
            raise TooMuchHeld(quota.units_max, wanted, others, wish.terms.seconds_max)
        await self._holders.save(holder.with_cart(wish.cart_id, units, wish.at))

    async def grant(self, most: int, at: datetime, *, is_hot: bool) -> int:
        """Grant or reject the requests that have waited longest in a lane; how many."""
        waiting = await self._requests.lock_pending(most, is_hot=is_hot)
        if not waiting:
            return 0
        grants = await self._hold([request.as_wish(at) for request in waiting])
        answered = [one.answered(grant) for one, grant in zip(waiting, grants, strict=True)]
        await self._requests.save(answered)
        for request, grant in zip(answered, grants, strict=True):
            tell_answer(self._facts, request, grant, at)
        return len(waiting)

    async def hold(self, wish: CartHold) -> None:
        """Hold what a cart wants at once, all of it.

        :raises Shortage: if something of it is not free.
        """
        await self.withdraw({wish.cart_id}, wish.at)
        (grant,) = await self._hold([wish])
        for _, shortage in grant.rejected:
            raise shortage
        telling = Telling(self._facts, Cause(CauseKind.CART, wish.cart_id, wish.version), wish.at)
        telling.reserved(grant.more)
        telling.released(grant.less)
        telling.updated(list(grant.levels.values()))

    async def pending_of(self, carts: Collection[CartId]) -> list[ReservationRequest]:
        """What carts have asked for and no worker has taken yet, kept from being taken."""
        return await self._requests.lock_pending_of(carts)

    async def withdraw(self, carts: Collection[CartId], at: datetime) -> None:
        """Give up what carts have asked for and no worker has taken yet."""
        await self.give_up(await self.pending_of(carts), at)

    async def give_up(self, pending: Sequence[ReservationRequest], at: datetime) -> None:
        """Withdraw requests; nothing for none."""
        withdrawn = [request.after("withdraw") for request in pending]
        await self._requests.save(withdrawn)
        for request in withdrawn:
            tell_withdrawn(self._facts, request, at)

    async def drop(self, cart_id: CartId, at: datetime, version: int | None = None) -> int:
        """Let go of all that a cart holds and asked for; how many units were held.

        ``version`` is the version that the cart reaches by this; where it is not known, the
        release counts as a document of its own.
        """
        await self.withdraw({cart_id}, at)
        mine = await self._reservations.lock_of({cart_id})
        if not mine:
            return 0
        shelf = await self._shelf_of(mine)
        shares = by_place((hold, hold.quantity) for hold in mine)
        levels = shelf.change_all(shares, held=-1)
        await self._reservations.close([hold.id for hold in mine], ReservationState.RELEASED)
        await self._stocks.save(shelf)
        cause = Cause(CauseKind.RELEASE, self._ids.new())
        if version is not None:
            cause = Cause(CauseKind.CART, cart_id, version)
        telling = Telling(self._facts, cause, at)
        telling.released(shares)
        telling.updated(levels)
        return sum(shares.values())

    async def _hold(self, wishes: Sequence[CartHold]) -> list[Grant]:
        mine = await self._reservations.lock_of({wish.cart_id for wish in wishes})
        shelf = await self._stocks.lock(
            {place for wish in wishes for place in wish.locations} | {h.location_id for h in mine},
            {line.variant_id for wish in wishes for line in wish.lines}
            | {h.variant_id for h in mine},
        )
        grants = grant_all(wishes, shelf, mine, self._ids)
        short = {line.variant_id for grant in grants for line, _ in grant.rejected}
        spared = {hold.id for hold in mine}
        at = max(wish.at for wish in wishes)
        if short and await self._expiry.free(short, at, shelf, spared):
            grants = grant_all(wishes, shelf, mine, self._ids)
        ended = [hold.id for grant in grants for hold in grant.ended]
        await self._reservations.close(ended, ReservationState.RELEASED)
        self._reservations.add([hold for grant in grants for hold in grant.made])
        await self._stocks.save(shelf)
        return grants

    async def _shelf_of(self, mine: Sequence[Reservation]) -> Shelf:
        return await self._stocks.lock(
            {hold.location_id for hold in mine}, {hold.variant_id for hold in mine}
        )

    async def _prolong(self, mine: Sequence[Reservation], wish: CartHold) -> None:
        later = [
            (hold.id, until)
            for hold in mine
            if hold.expires_at
            and hold.expires_at > wish.at
            and (until := wish.terms.until(wish.at, hold.made_at)) > hold.expires_at
        ]
        await self._reservations.prolong(later)

    def _file(self, wish: CartHold, lines: tuple[HoldLine, ...], *, is_hot: bool) -> None:
        request = ReservationRequest(
            ReservationRequestId(self._ids.new()),
            wish.cart_id,
            is_hot,
            lines,
            wish.locations,
            wish.terms,
            RequestState.PENDING,
            wish.at,
            wish.version,
        )
        self._requests.add(request)
        tell_filed(self._facts, request)
