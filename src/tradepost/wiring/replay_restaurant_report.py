"""What the store holds of a replayed restaurant: from order lines, tabs, tickets and the ledger."""

from __future__ import annotations

from datetime import date

from sqlalchemy import case, func

from tradepost.catalog.storage.tables import categories, product_categories
from tradepost.floor.domain.kitchen import CookState
from tradepost.floor.domain.tab import TabState
from tradepost.floor.storage.kitchen import kitchen_lines
from tradepost.floor.storage.tabs import rounds, tabs
from tradepost.ledger.domain import Code
from tradepost.ledger.queries import totals_by_code
from tradepost.ordering.domain import Channel
from tradepost.ordering.storage.orders import order_lines, orders
from tradepost.platform.db.statement import Statement, param, same_tenant, scoped
from tradepost.platform.db.work import Reader
from tradepost.transfer.restaurant.replay import Tally
from tradepost.transfer.restaurant.report import Counts, Figures, Report

_l, _o, _c, _pc = order_lines.c, orders.c, categories.c, product_categories.c
_BY_CATEGORY = Statement(
    scoped(
        order_lines,
        _c.name,
        func.count(),
        func.sum(_l.quantity),
        func.sum(_l.quantity * _l.unit_price_micros),
    )
    .select_from(
        order_lines.join(orders, same_tenant(order_lines, orders) & (_o.id == _l.order_id))
        .join(
            product_categories,
            same_tenant(order_lines, product_categories) & (_pc.product_id == _l.product_id),
        )
        .join(categories, same_tenant(order_lines, categories) & (_c.id == _pc.category_id))
    )
    .where(_o.channel == Channel.TABLE)
    .where(_o.business_date.between(param("first"), param("last")))
    .group_by(_c.name)
)
_ORDERS = Statement(
    scoped(
        orders,
        func.count(),
        func.coalesce(
            func.sum(_o.total_amount - _o.credited_amount - _o.paid_amount + _o.refunded_amount),
            0,
        ),
    )
    .where(_o.channel == Channel.TABLE)
    .where(_o.business_date.between(param("first"), param("last")))
)
_TABS = Statement(
    scoped(
        tabs,
        func.count(),
        func.coalesce(func.sum(case((tabs.c.state == TabState.CLOSED, 1), else_=0)), 0),
    ).where(tabs.c.business_date.between(param("first"), param("last")))
)
_COOKED = Statement(
    scoped(kitchen_lines, func.count())
    .select_from(
        kitchen_lines.join(
            rounds,
            same_tenant(kitchen_lines, rounds) & (rounds.c.id == kitchen_lines.c.round_id),
        ).join(tabs, same_tenant(kitchen_lines, tabs) & (tabs.c.id == rounds.c.tab_id))
    )
    .where(kitchen_lines.c.state == CookState.SERVED)
    .where(tabs.c.business_date.between(param("first"), param("last")))
)


async def restaurant_report(db: Reader, tally: Tally, first: date, last: date) -> Report:
    """The table of a file's tally against the store, for business days ``first`` to ``last``."""
    days = {"first": first, "last": last}
    booked = {
        name: Figures(int(lines), int(units), int(micros))
        for name, lines, units, micros in await db.all(_BY_CATEGORY, **days)
    }
    made, owed = (await db.all(_ORDERS, **days))[0]
    opened, closed = (await db.all(_TABS, **days))[0]
    cooked = await db.value(_COOKED, **days)
    totals = await totals_by_code(db, first, last)
    dishes = sum(one.lines for one in tally.by_category.values())
    return Report(
        dict(tally.by_category),
        booked,
        Counts(tally.sittings, tally.sittings, tally.orders, dishes),
        Counts(int(opened), int(closed), int(made), int(cooked)),
        tally.nameless,
        sum(one.amount for one in totals if one.code == Code.SALE.value),
        sum(one.amount for one in totals if one.code == Code.PAYMENT.value),
        int(owed),
    )
