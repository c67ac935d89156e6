"""What the store holds of a replayed file: read from order lines, return lines, movements, ledger.

Everything is bounded by the business days of the file, so that later trade of the same shop is
not counted.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import case, distinct, func

from tradepost.fulfillment.storage.returns import return_lines, returns
from tradepost.inventory.domain.stock import CauseKind, MovementKind
from tradepost.inventory.storage.stock import stock_movements
from tradepost.ledger.domain import Account, Code
from tradepost.ledger.queries import totals_by_code
from tradepost.ledger.storage import transfers
from tradepost.ordering.storage.orders import order_lines, orders
from tradepost.platform.db.statement import Statement, param, same_tenant, scoped
from tradepost.platform.db.work import Reader
from tradepost.platform.idempotency import idempotency_keys
from tradepost.transfer.retail.kinds import LineKind
from tradepost.transfer.retail.report import MICROS_PER_MINOR, Posted, Report, ReportRow
from tradepost.transfer.retail.tally import Figures, FileTally

_SERVICE = "service"
_CODES = {
    LineKind.SALE: Code.SALE,
    LineKind.SERVICE: Code.SERVICE,
    LineKind.RETURN: Code.RETURN,
    LineKind.SERVICE_RETURN: Code.SERVICE_RETURN,
    LineKind.ADJUSTMENT: Code.ADJUSTMENT,
}


def _figures_of(lines: Any, documents: Any, link: Any, day: Any) -> Statement:
    """Documents, lines, units, exact money and money in minor units, services told apart."""
    c = lines.c
    return Statement(
        scoped(
            lines,
            c.fulfillment_type,
            func.count(distinct(link)),
            func.count(),
            func.sum(c.quantity),
            func.sum(c.quantity * c.unit_price_micros),
            func.sum(c.amount_amount),
        )
        .select_from(
            lines.join(documents, same_tenant(lines, documents) & (documents.c.id == link))
        )
        .where(day.between(param("first"), param("last")))
        .where(documents.c.external_code.is_not(None))
        .group_by(c.fulfillment_type)
    )


_SOLD = _figures_of(order_lines, orders, order_lines.c.order_id, orders.c.business_date)
_BACK = _figures_of(return_lines, returns, return_lines.c.return_id, returns.c.business_date)
_m, _t, _k = stock_movements.c, transfers.c, idempotency_keys.c
_MOVED = Statement(
    scoped(
        stock_movements,
        _m.kind,
        func.count(distinct(_m.cause_id)),
        func.count(),
        func.sum(_m.delta),
    )
    .where(_m.cause_kind == CauseKind.ADJUSTMENT)
    .where(_m.at.between(param("since"), param("until")))
    .group_by(_m.kind)
)
_ADJUSTED = Statement(
    scoped(
        transfers,
        func.count(distinct(_t.journal_id)),
        func.count(),
        func.sum(
            case((_t.debit == Account.RECEIVABLE.value, _t.amount_amount), else_=-_t.amount_amount)
        ),
    )
    .where(_t.code == Code.ADJUSTMENT)
    .where(_t.business_date.between(param("first"), param("last")))
)
_DOCUMENTS = Statement(
    scoped(idempotency_keys, func.count(distinct(_k.key)))
    .where(_k.key.like(param("named")))
    .where(_k.key.not_like(param("nested")))
)


async def replay_report(
    db: Reader, tally: FileTally, first: date, last: date, prefix: str
) -> Report:
    """The table of a file's tally against the store, for business days ``first`` to ``last``."""
    booked = await _booked(db, first, last)
    posted = await _posted(db, first, last)
    rows = tuple(
        ReportRow(kind, tally.figures(kind), figures, posted.get(kind, ()), fraction)
        for kind, (figures, fraction) in ((kind, booked[kind]) for kind in LineKind)
    )
    documents = await db.value(_DOCUMENTS, named=f"{prefix}%", nested=f"{prefix}%/%")
    return Report(rows, tally.documents, int(documents or 0))


async def _booked(db: Reader, first: date, last: date) -> dict[LineKind, tuple[Figures, int]]:
    booked: dict[LineKind, tuple[Figures, int]] = defaultdict(lambda: (Figures(), 0))
    for statement, goods, services, sign in (
        (_SOLD, LineKind.SALE, LineKind.SERVICE, 1),
        (_BACK, LineKind.RETURN, LineKind.SERVICE_RETURN, -1),
    ):
        for fulfillment_type, *sums in await db.all(statement, first=first, last=last):
            documents, lines, units, micros, minor = (int(value) for value in sums)
            figures = Figures(documents, lines, sign * units, sign * micros)
            fraction = sign * (micros - minor * MICROS_PER_MINOR)
            booked[services if fulfillment_type == _SERVICE else goods] = (figures, fraction)
    since = datetime.combine(first, time(), UTC) - timedelta(days=1)
    until = datetime.combine(last, time(), UTC) + timedelta(days=2)
    for how, documents, lines, units in await db.all(_MOVED, since=since, until=until):
        kind = LineKind.WRITE_OFF if how is MovementKind.WASTE else LineKind.FOUND
        booked[kind] = (Figures(int(documents), int(lines), int(units), 0), 0)
    journals, lines, minor = (await db.all(_ADJUSTED, first=first, last=last))[0]
    micros = int(minor or 0) * MICROS_PER_MINOR
    booked[LineKind.ADJUSTMENT] = (Figures(int(journals), int(lines), int(lines), micros), 0)
    return booked


async def _posted(db: Reader, first: date, last: date) -> dict[LineKind, tuple[Posted, ...]]:
    """What the ledger holds under the code of each kind; what the customer owes is above zero."""
    sums: dict[str, int] = defaultdict(int)
    for total in await totals_by_code(db, first, last):
        owed = total.debit == Account.RECEIVABLE.value
        sums[total.code] += total.amount if owed else -total.amount
    return {
        kind: (Posted(code.value, sums[code.value]),) if code.value in sums else ()
        for kind, code in _CODES.items()
    }
