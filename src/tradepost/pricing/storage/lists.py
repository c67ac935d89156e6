"""Price lists in rows, and the prices that hold for a buyer, read in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_

from tradepost.kernel.ids import PriceListId, VariantId
from tradepost.platform.db.keeper import Keeper
from tradepost.platform.db.schema import tenant_table
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    insert,
    param,
    same_tenant,
    scoped,
    scoped_delete,
    tenant_param,
)
from tradepost.platform.db.work import Reader, Work
from tradepost.pricing.domain.lists import (
    AgreedPrice,
    Buyer,
    Candidate,
    ListPrice,
    ListPriceLine,
    PriceList,
    PriceListStatus,
    best_prices,
)

price_lists = tenant_table("price_lists", PriceList, indexes=[("status", "name", "id")])
list_prices = tenant_table(
    "list_prices",
    ListPrice,
    key=("price_list_id", "variant_id"),
    indexes=[("variant_id", "price_list_id")],
    references={"price_list_id": "price_lists"},
    checks={"price": "price_micros >= 0"},
)
LISTS = Keeper("price list", PriceList, price_lists)

_l, _p = price_lists.c, list_prices.c
_put = insert(list_prices).values(
    tenant_id=tenant_param(list_prices),
    price_list_id=param("price_list_id"),
    variant_id=param("variant_id"),
    price_micros=param("price_micros"),
)
_PUT = Statement(
    _put.on_conflict_do_update(
        index_elements=[_p.tenant_id, _p.price_list_id, _p.variant_id],
        set_={"price_micros": _put.excluded.price_micros},
    )
)
_TAKE_OFF = Statement(
    scoped_delete(list_prices)
    .where(_p.price_list_id == param("price_list_id"))
    .where(any_of(_p.variant_id, "variant_ids"))
)


def _fits(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return or_(column.is_(None), column == param(name))


_HOLDING = Statement(
    scoped(
        list_prices,
        *(_p.variant_id, _p.price_list_id, _p.price_micros, _l.priority),
        *(_l.channel, _l.location_id, _l.customer_group_id),
    )
    .select_from(
        list_prices.join(
            price_lists, same_tenant(list_prices, price_lists) & (_l.id == _p.price_list_id)
        )
    )
    .where(any_of(_p.variant_id, "ids"))
    .where(_l.status == PriceListStatus.ACTIVE)
    .where(_l.currency == param("currency"))
    .where(_fits(_l.channel, "channel"))
    .where(_fits(_l.location_id, "location_id"))
    .where(_fits(_l.customer_group_id, "customer_group_id"))
    .where(or_(_l.valid_from.is_(None), _l.valid_from <= param("day")))
    .where(or_(_l.valid_to.is_(None), _l.valid_to >= param("day")))
)


class SqlPriceLists:
    """Answers the port of price lists."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, list_id: PriceListId) -> PriceList:
        return await LISTS.get(self._work, list_id)

    def add(self, price_list: PriceList) -> None:
        LISTS.add(self._work, price_list)

    async def save(self, price_list: PriceList, version: int) -> int:
        return await LISTS.save(self._work, price_list, version)

    async def set_prices(self, list_id: PriceListId, prices: Sequence[ListPriceLine]) -> None:
        put = [
            {
                "price_list_id": list_id,
                "variant_id": one.variant_id,
                "price_micros": one.price_micros,
            }
            for one in prices
            if one.price_micros is not None
        ]
        gone = [one.variant_id for one in prices if one.price_micros is None]
        if gone:
            await self._work.run(_TAKE_OFF, price_list_id=list_id, variant_ids=gone)
        if put:
            await self._work.run_many(_PUT, put)


class ListPrices:
    """What lists give; works on a query's reader as well as in a command's work."""

    def __init__(self, db: Reader) -> None:
        self._db = db

    async def of(
        self, variant_ids: Iterable[VariantId], buyer: Buyer
    ) -> dict[VariantId, AgreedPrice]:
        """The prices that lists give this buyer; none for what only has its base price.

        Ask for articles that are ``listed`` only; for none there is no statement at all.
        """
        wanted = sorted(set(variant_ids))
        if not wanted:
            return {}
        rows = await self._db.all(
            _HOLDING,
            ids=wanted,
            currency=buyer.currency.code,
            channel=buyer.channel,
            location_id=buyer.location_id,
            customer_group_id=buyer.customer_group_id,
            day=buyer.day,
        )
        candidates = (
            Candidate(key, list_id, price, priority, sum(one is not None for one in conditions))
            for key, list_id, price, priority, *conditions in rows
        )
        return best_prices(candidates, buyer.currency)
