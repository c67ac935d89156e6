"""Payouts, their statements, and the files that go to the bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import PayoutExportId, PayoutId, PayoutRunId, VendorId
from tradepost.mall.domain import Payout, PayoutRun, PayoutState, Vendor
from tradepost.mall.ports import EntryView, Terms, VendorBooks
from tradepost.mall.storage.payouts import SELECT
from tradepost.mall.storage.tables import PAYOUT_ROWS, RUN_ROWS, VENDORS, payout_runs, payouts
from tradepost.platform.db import statement as sql
from tradepost.platform.db.statement import param, scoped
from tradepost.platform.db.work import Reader

_ONE = sql.Statement(SELECT.where(payouts.c.id == param("id")))
_EXPORT = sql.Statement(
    SELECT.where(payouts.c.export_id == param("export_id")).order_by(payouts.c.id)
)
_RUNS = sql.Statement(
    scoped(payout_runs, *RUN_ROWS.columns)
    .order_by(payout_runs.c.until.desc())
    .limit(param("limit"))
)
_place = tuple_(payouts.c.until, payouts.c.id)
_IS: dict[str, Any] = {
    "vendor_id": payouts.c.vendor_id == param("vendor_id"),
    "state": payouts.c.state == param("state"),
}


@dataclass(frozen=True, slots=True)
class PayoutView:
    """A payout; ``amount`` in minor units of ``currency``."""

    id: PayoutId
    run_id: PayoutRunId
    vendor_id: VendorId
    state: str
    currency: str
    amount: int
    entries: int
    since: date | None
    until: date
    export_id: PayoutExportId | None
    reference: str
    created_at: datetime
    exported_at: datetime | None
    paid_at: datetime | None
    cancelled_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class RunView:
    """A payout run."""

    id: PayoutRunId
    until: date
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Statement:
    """What a vendor is told of a payout: every entry of it, which together are its amount."""

    shop: str
    vendor_code: str
    vendor_name: str
    payout: PayoutView
    lines: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class ExportFile:
    """What goes to the bank: payouts, each with its vendor as of now."""

    export_id: PayoutExportId
    items: tuple[tuple[PayoutView, Vendor], ...]


async def payout_page(
    db: Reader, payout_id: PayoutId, vendor_id: VendorId | None = None
) -> PayoutView:
    """A payout, of this vendor if one is named; refuses with ``Unknown``."""
    return _view(await _payout(db, payout_id, vendor_id))


async def payout_rows(
    db: Reader,
    vendor_id: VendorId | None,
    state: PayoutState | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[PayoutView]:
    """Payouts, those of the latest day first."""
    given = {"vendor_id": vendor_id, "state": state}
    wanted: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    statement = _listing(tuple(sorted(wanted)), after is not None)
    if after is not None:
        wanted |= {"after_day": date.fromisoformat(after[0]), "after_id": UUID(after[1])}
    return [_view(PAYOUT_ROWS.load(row)) for row in await db.all(statement, **wanted, limit=limit)]


async def runs_page(db: Reader, limit: int) -> list[RunView]:
    """Runs, the latest first."""
    found: Sequence[PayoutRun] = [RUN_ROWS.load(row) for row in await db.all(_RUNS, limit=limit)]
    return [RunView(one.id, one.until, one.made_at) for one in found]


async def statement_of(
    db: Reader,
    payout_id: PayoutId,
    vendor_id: VendorId | None,
    books: VendorBooks,
    terms: Terms,
) -> Statement:
    """The statement of a payout, of this vendor if one is named."""
    payout = await _payout(db, payout_id, vendor_id)
    vendor = await VENDORS.get(db, payout.vendor_id)
    lines = await books.entries(payout)
    return Statement(terms.shop, vendor.code, vendor.name, _view(payout), tuple(lines))


async def export_file(db: Reader, export_id: PayoutExportId) -> ExportFile:
    """What an export put together; refuses with ``Unknown``."""
    found = [PAYOUT_ROWS.load(row) for row in await db.all(_EXPORT, export_id=export_id)]
    if not found:
        raise Unknown("export", str(export_id))
    known = {one.id: one for one in await VENDORS.get_many(db, {one.vendor_id for one in found})}
    return ExportFile(export_id, tuple((_view(one), known[one.vendor_id]) for one in found))


@cache
def _listing(names: tuple[str, ...], further: bool) -> sql.Statement:
    chosen = SELECT.where(*(_IS[name] for name in names))
    if further:
        place = tuple_(
            param("after_day", like=payouts.c.until), param("after_id", like=payouts.c.id)
        )
        chosen = chosen.where(_place < place)
    ordered = chosen.order_by(payouts.c.until.desc(), payouts.c.id.desc())
    return sql.Statement(ordered.limit(param("limit")))


async def _payout(db: Reader, payout_id: PayoutId, vendor_id: VendorId | None) -> Payout:
    row = await db.one(_ONE, id=payout_id)
    found = None if row is None else PAYOUT_ROWS.load(row)
    if found is None or vendor_id not in (None, found.vendor_id):
        raise Unknown("payout", str(payout_id))
    return found


def _view(one: Payout) -> PayoutView:
    return PayoutView(
        id=one.id,
        run_id=one.run_id,
        vendor_id=one.vendor_id,
        state=one.state.value,
        currency=one.currency.code,
        amount=one.amount.amount,
        entries=one.entries,
        since=one.since,
        until=one.until,
        export_id=one.export_id,
        reference=one.reference,
        created_at=one.created_at,
        exported_at=one.exported_at,
        paid_at=one.paid_at,
        cancelled_at=one.cancelled_at,
        version=one.version,
    )
