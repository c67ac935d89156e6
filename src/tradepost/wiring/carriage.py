"""Answers ordering's Carriage: zones and slots for what is delivered around the corner, a location
for what is fetched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tradepost.delivery.domain.slot import Slot
from tradepost.delivery.domain.zone import Zone
from tradepost.delivery.errors import PostcodeMissing, SlotElsewhere, SlotMissing
from tradepost.delivery.queries.zones import zone_of
from tradepost.delivery.storage.zones import SLOTS, SqlSlots
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import LocationId, SlotId
from tradepost.ordering.domain import Basket, Channel, Delivery, Draft, Order
from tradepost.ordering.domain.tariff import Tariff
from tradepost.ordering.ports import Fitted
from tradepost.platform.bus import Bound
from tradepost.wiring.places import Places


class Carriage:
    """Costs nothing for what is shipped."""

    def __init__(self, bound: Bound) -> None:
        self._work = bound.work
        self._slots = SqlSlots(bound.work)
        self._places: tuple[LocationId, ...] = bound.get(Places).ids_of(bound.scope.tenant_id)

    async def fit(self, baskets: Sequence[Basket]) -> list[Fitted]:
        """Each basket with the location and tariff of its zone."""
        return [await self._fit(basket) for basket in baskets]

    async def _fit(self, basket: Basket) -> Fitted:
        if basket.channel is not Channel.WEB:
            return Fitted(basket)
        if basket.delivery is Delivery.LOCAL:
            try:
                return await self._fit_local(basket)
            except Refusal as refusal:
                return Fitted(basket, refusal)
        if basket.slot_id is not None:
            return Fitted(basket, SlotElsewhere(str(basket.slot_id)))
        alone = basket.delivery is Delivery.PICKUP and len(self._places) == 1
        if alone and basket.location_id is None:
            return Fitted(replace(basket, location_id=self._places[0]))
        return Fitted(basket)

    async def _fit_local(self, basket: Basket) -> Fitted:
        place = basket.ship_to
        if place is None:
            raise PostcodeMissing
        zone = await zone_of(self._work, place.country, place.postcode)
        fee, free, least = zone.fee.amount, zone.free_from, zone.minimum.amount
        tariff = Tariff(fee, None if free is None else free.amount, least)
        fitted = replace(basket, location_id=zone.location_id, tariff=tariff)
        try:
            await self._check_slot(fitted, zone)
        except Refusal as refusal:
            return Fitted(fitted, refusal)
        return Fitted(fitted)

    async def _check_slot(self, basket: Basket, zone: Zone) -> None:
        if basket.slot_id is None:
            raise SlotMissing
        slot = await SLOTS.find(self._work, basket.slot_id)
        if slot is None or slot.zone_id != zone.id:
            raise SlotElsewhere(str(basket.slot_id))
        slot.check_open(basket.at)

    async def reserve(self, drafts: Sequence[Draft]) -> list[Refusal | None]:
        """Lock the slots, and see in order of arrival whether there is still a place in each.

        A place counts from here on, also where its order is refused afterwards for want of goods:
        who came behind it may have to ask again.
        """
        wanted = [draft.basket.slot_id for draft in drafts]
        ids = [slot_id for slot_id in wanted if slot_id is not None]
        locked = await self._slots.lock(ids) if ids else {}
        return [
            None if slot_id is None else _reserved(slot_id, draft, locked)
            for slot_id, draft in zip(wanted, drafts, strict=True)
        ]

    async def take(self, orders: Sequence[Order]) -> None:
        """Count the places of orders that were placed."""
        await self._count(orders, 1)

    async def release(self, orders: Sequence[Order]) -> None:
        """Take back the places of orders that were called off."""
        ids = [order.slot_id for order in orders if order.slot_id is not None]
        if ids:
            await self._slots.lock(ids)
            await self._count(orders, -1)

    async def _count(self, orders: Sequence[Order], step: int) -> None:
        places = Counter(order.slot_id for order in orders if order.slot_id is not None)
        if places:
            await self._slots.count({slot_id: step * n for slot_id, n in places.items()})


def _reserved(slot_id: SlotId, draft: Draft, locked: dict[SlotId, Slot]) -> Refusal | None:
    slot = locked[slot_id]
    try:
        slot.check_open(draft.basket.at)
    except Refusal as refusal:
        return refusal
    locked[slot_id] = replace(slot, taken=slot.taken + 1)
    return None
