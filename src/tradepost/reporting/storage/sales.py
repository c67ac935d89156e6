"""Sales by business day: what each order counts for, and the sums.

Orders of one day come from many documents at once, so sums grow by what an order adds or takes
away; they are never read and written back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tradepost.events.ordering import OrderCancelled, OrderChanged, OrderPlaced
from tradepost.kernel.ids import OrderId
from tradepost.kernel.messages import Told
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, any_of, insert, param, scoped, tenant_param
from tradepost.platform.db.work import Work
from tradepost.platform.projections import Projection
from tradepost.reporting.domain import OrderFigures, SalesDay

order_figures = tenant_table("order_figures", OrderFigures, key=("order_id",))
sales_by_day = tenant_table("sales_by_day", SalesDay, key=("day", "currency"))
SALES_ROWS = Mapper(SalesDay, sales_by_day)
_FIGURES = Mapper(OrderFigures, order_figures)
_KNOWN = Statement(
    scoped(order_figures, *_FIGURES.columns).where(any_of(order_figures.c.order_id, "order_ids"))
)
_SUMS = ("orders", "units", "amount")
_grown = insert(sales_by_day).values(
    tenant_id=tenant_param(sales_by_day),
    **{c.name: param(c.name, c) for c in sales_by_day.c if c.name != "tenant_id"},
)
_GROW = Statement(
    _grown.on_conflict_do_update(
        index_elements=["tenant_id", "day", "currency"],
        set_={name: sales_by_day.c[name] + _grown.excluded[name] for name in _SUMS},
    )
)


def after(told: Told[Any], known: OrderFigures | None) -> OrderFigures | None:
    """What the order counts for after a fact; nobody counts an order that was never placed."""
    match told.fact:
        case OrderPlaced() as fact:
            units = sum(line.quantity for line in fact.lines)
            day, currency = fact.business_date, fact.currency
            return OrderFigures(fact.order_id, day, currency, 1, units, fact.total)
        case OrderChanged() as fact if known is not None:
            units = sum(line.quantity for line in fact.lines)
            return replace(known, units=units, amount=fact.total)
        case OrderCancelled() if known is not None:
            return replace(known, orders=0, units=0, amount=0)
    return known


async def _apply(work: Work, told: Sequence[Told[Any]]) -> None:
    order_ids = list({one.fact.order_id for one in told})
    rows = await work.all(_KNOWN, order_ids=order_ids)
    before: dict[OrderId, OrderFigures] = {row[0]: _FIGURES.load(row) for row in rows}
    now: dict[OrderId, OrderFigures] = dict(before)
    for one in told:
        figures = after(one, now.get(one.fact.order_id))
        if figures is not None:
            now[figures.order_id] = figures
    changed = [one for order_id, one in now.items() if one != before.get(order_id)]
    work.add(order_figures, *(_FIGURES.dump(one) for one in changed if one.order_id not in before))
    moved = [_FIGURES.dump(one) for one in changed if one.order_id in before]
    await work.update_rows(order_figures, ("order_id",), moved)
    await _grow(work, before, changed)


async def _grow(
    work: Work, before: dict[OrderId, OrderFigures], changed: Sequence[OrderFigures]
) -> None:
    sums: defaultdict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in changed:
        was = before.get(one.order_id)
        for index, name in enumerate(_SUMS):
            grown = getattr(one, name) - (getattr(was, name) if was else 0)
            sums[one.day, one.currency][index] += grown
    rows = [
        {"day": day, "currency": currency, **dict(zip(_SUMS, grown, strict=True))}
        for (day, currency), grown in sorted(sums.items())
    ]
    await work.run_many(_GROW, rows)


SALES_BY_DAY = Projection(
    "reporting.sales_by_day",
    frozenset(fact.name for fact in (OrderPlaced, OrderChanged, OrderCancelled)),
    (order_figures, sales_by_day),
    _apply,
)
