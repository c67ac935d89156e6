"""Price lists are made, changed, priced and put away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tradepost.events.pricing import (
    ListedPrice,
    ListPricesSet,
    PriceListCreated,
    PriceListUpdated,
)
from tradepost.kernel.ids import Ids, PriceListId
from tradepost.kernel.messages import Command, Facts
from tradepost.pricing.domain.lists import (
    ListPriceLine,
    PriceList,
    PriceListDraft,
    new_list,
)
from tradepost.pricing.ports import CustomerGroups, ListedVariants, PriceLists


@dataclass(frozen=True, slots=True)
class CreatePriceList(Command):
    """Make a price list, still without prices."""

    draft: PriceListDraft


@dataclass(frozen=True, slots=True)
class UpdatePriceList(Command):
    """Give a list another name, other conditions or another priority; its currency stays."""

    price_list_id: PriceListId
    draft: PriceListDraft
    version: int


@dataclass(frozen=True, slots=True)
class ArchivePriceList(Command):
    """Use a list no longer."""

    price_list_id: PriceListId
    version: int


@dataclass(frozen=True, slots=True)
class RestorePriceList(Command):
    """Use an archived list again."""

    price_list_id: PriceListId
    version: int


@dataclass(frozen=True, slots=True)
class SetListPrices(Command):
    """Set prices on a list, in millionths; ``None`` takes a variant off. Others stay."""

    price_list_id: PriceListId
    prices: tuple[ListPriceLine, ...]
    version: int


@dataclass(frozen=True, slots=True)
class CreatedPriceList:
    """A list that has come to be."""

    price_list_id: PriceListId
    version: int


async def create_price_list(
    wish: CreatePriceList, lists: PriceLists, groups: CustomerGroups, facts: Facts, ids: Ids
) -> CreatedPriceList:
    """Make a price list; :class:`Unknown` if it is for a group that is not there."""
    await _check_group(wish.draft, groups)
    made = new_list(wish.draft, PriceListId(ids.new()), wish.at)
    lists.add(made)
    facts.tell(PriceListCreated(made.id, 1, **_told(made)), 1, wish.at)
    return CreatedPriceList(made.id, 1)


async def update_price_list(
    wish: UpdatePriceList, lists: PriceLists, groups: CustomerGroups, facts: Facts
) -> int:
    """Change what a list says of itself; its new version."""
    await _check_group(wish.draft, groups)
    changed = (await lists.get(wish.price_list_id)).as_drafted(wish.draft, wish.at)
    return await _saved(changed, wish, lists, facts)


async def archive_price_list(wish: ArchivePriceList, lists: PriceLists, facts: Facts) -> int:
    """Put a list away; its new version."""
    changed = (await lists.get(wish.price_list_id)).after("archive", wish.at)
    return await _saved(changed, wish, lists, facts)


async def restore_price_list(wish: RestorePriceList, lists: PriceLists, facts: Facts) -> int:
    """Take a list out again; its new version."""
    changed = (await lists.get(wish.price_list_id)).after("restore", wish.at)
    return await _saved(changed, wish, lists, facts)


async def set_list_prices(
    wish: SetListPrices, lists: PriceLists, listed: ListedVariants, facts: Facts
) -> int:
    """Set prices on a list; its new version."""
    price_list = await lists.get(wish.price_list_id)
    prices = price_list.settable(wish.prices)
    version = await lists.save(price_list, wish.version)
    await listed.mark([one.variant_id for one in prices])
    await lists.set_prices(price_list.id, prices)
    told = tuple(ListedPrice(one.variant_id, one.price_micros) for one in prices)
    fact = ListPricesSet(price_list.id, version, price_list.currency.code, told)
    facts.tell(fact, version, wish.at)
    return version


async def _check_group(draft: PriceListDraft, groups: CustomerGroups) -> None:
    if draft.customer_group_id is not None:
        await groups.check(draft.customer_group_id)


async def _saved(
    changed: PriceList,
    wish: UpdatePriceList | ArchivePriceList | RestorePriceList,
    lists: PriceLists,
    facts: Facts,
) -> int:
    version = await lists.save(changed, wish.version)
    facts.tell(PriceListUpdated(changed.id, version, **_told(changed)), version, wish.at)
    return version


def _told(one: PriceList) -> dict[str, Any]:
    return {
        "title": one.name,
        "status": one.status.value,
        "currency": one.currency.code,
        "channel": one.channel,
        "location_id": one.location_id,
        "customer_group_id": one.customer_group_id,
        "valid_from": _day(one.valid_from),
        "valid_to": _day(one.valid_to),
        "priority": one.priority,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


LIST_HANDLERS: dict[type, Callable[..., Any]] = {
    CreatePriceList: create_price_list,
    UpdatePriceList: update_price_list,
    ArchivePriceList: archive_price_list,
    RestorePriceList: restore_price_list,
    SetListPrices: set_list_prices,
}
