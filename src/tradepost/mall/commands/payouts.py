"""Payouts: a run takes what is owed together, a file goes to the bank, a person says: paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tradepost.events.mall import (
    PayoutCancelled,
    PayoutCreated,
    PayoutExported,
    PayoutPaid,
    PayoutRunMade,
)
from tradepost.kernel.errors import Stale, Unknown
from tradepost.kernel.ids import Ids, PayoutExportId, PayoutId, PayoutRunId, VendorId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.money import Money
from tradepost.mall.domain import Payout, PayoutRun, PayoutState, Vendor, VendorStatus
from tradepost.mall.domain.payout import check_period
from tradepost.mall.errors import BankMissing, NothingToExport
from tradepost.mall.ports import Owed, Payouts, Terms, VendorBooks, Vendors


@dataclass(frozen=True, slots=True)
class RunPayouts(Command):
    """Make payouts of all that was posted to vendors up to a business day, that day included."""

    until: date


@dataclass(frozen=True, slots=True)
class Carried:
    """What a run left with a vendor: below zero, less than their least, or they are suspended."""

    vendor_id: VendorId
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class RunAnswer:
    """What came of a run."""

    run_id: PayoutRunId
    until: date
    payout_ids: tuple[PayoutId, ...]
    carried: tuple[Carried, ...]


@dataclass(frozen=True, slots=True)
class ExportPayouts(Command):
    """Put open payouts into a file for the bank: those named, or all."""

    payout_ids: tuple[PayoutId, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportAnswer:
    """The export whose file can be taken from now on."""

    export_id: PayoutExportId
    payout_ids: tuple[PayoutId, ...]


@dataclass(frozen=True, slots=True)
class PayPayout(Command):
    """Note that the bank paid; ``reference`` is what its paper calls it."""

    payout_id: PayoutId
    reference: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CancelPayout(Command):
    """Give a payout up that was not paid; the next run finds its entries again."""

    payout_id: PayoutId
    version: int | None = None


async def run_payouts(
    wish: RunPayouts,
    vendors: Vendors,
    payouts: Payouts,
    books: VendorBooks,
    terms: Terms,
    ids: Ids,
    facts: Facts,
) -> RunAnswer:
    """One payout for each vendor who is owed enough; the rest is carried to the next run.

    :raises PeriodPaidOut: if an earlier run went over that day; PeriodOpen: for days to come.
    """
    known = {one.id: one for one in await vendors.hold_all()}
    last = await payouts.last_day()
    check_period(wish.until, terms.day_of(wish.at), last)
    run = PayoutRun(PayoutRunId(ids.new()), wish.until, wish.at, 1)
    owed = await books.owed(wish.until)
    made: list[Payout] = []
    for one in owed:
        if _is_enough(one, known):
            made += await _claimed(_payout(one, run, last, ids), one, known, payouts, books)
    payouts.add(run, made)
    for payout in made:
        facts.tell(_created(payout), payout.version, wish.at)
    facts.tell(PayoutRunMade(run.id, run.until, len(made)), run.version, wish.at)
    return _answer(run, made, owed)


async def _claimed(
    draft: Payout,
    owed: Owed,
    known: Mapping[VendorId, Vendor],
    payouts: Payouts,
    books: VendorBooks,
) -> list[Payout]:
    """The payout of what it claims; none if by now that is too little."""
    claimed = await books.claim(draft.id, owed, draft.until)
    if _is_enough(claimed, known):
        amount = Money(claimed.amount, claimed.currency)
        return [replace(draft, amount=amount, entries=claimed.entries)]
    await payouts.let_go(draft.id)
    return []


def _is_enough(owed: Owed, known: Mapping[VendorId, Vendor]) -> bool:
    vendor = known.get(owed.vendor_id)
    if vendor is None or vendor.status is VendorStatus.SUSPENDED:
        return False
    return owed.amount > 0 and owed.amount >= vendor.payout_least


def _payout(owed: Owed, run: PayoutRun, last: date | None, ids: Ids) -> Payout:
    return Payout(
        id=PayoutId(ids.new()),
        run_id=run.id,
        vendor_id=owed.vendor_id,
        state=PayoutState.OPEN,
        currency=owed.currency,
        amount=Money(owed.amount, owed.currency),
        entries=owed.entries,
        since=last + timedelta(days=1) if last else None,
        until=run.until,
        export_id=None,
        reference="",
        created_at=run.made_at,
        exported_at=None,
        paid_at=None,
        cancelled_at=None,
        version=1,
    )


def _created(one: Payout) -> PayoutCreated:
    return PayoutCreated(one.id, one.vendor_id, one.currency.code, one.amount.amount, one.until)


def _answer(run: PayoutRun, made: Sequence[Payout], owed: Sequence[Owed]) -> RunAnswer:
    paid = {(one.vendor_id, one.currency) for one in made}
    carried = tuple(
        Carried(one.vendor_id, one.currency.code, one.amount)
        for one in owed
        if (one.vendor_id, one.currency) not in paid and one.amount
    )
    return RunAnswer(run.id, run.until, tuple(one.id for one in made), carried)


async def export_payouts(
    wish: ExportPayouts, payouts: Payouts, vendors: Vendors, ids: Ids, facts: Facts
) -> ExportAnswer:
    """Mark payouts as exported.

    :raises BankMissing: if it is not known where the money of one should go.
    """
    wanted = sorted(set(wish.payout_ids))
    found = await payouts.lock(wanted) if wanted else await payouts.lock_open()
    for missing in set(wanted) - {one.id for one in found}:
        raise Unknown("payout", str(missing))
    if not found:
        raise NothingToExport
    export_id = PayoutExportId(ids.new())
    exported = [one.exported(export_id, wish.at) for one in found]
    await _check_banks(found, vendors)
    await _keep(exported, payouts)
    for one in exported:
        facts.tell(PayoutExported(one.id, export_id), one.version + 1, wish.at)
    return ExportAnswer(export_id, tuple(one.id for one in exported))


async def _check_banks(found: Sequence[Payout], vendors: Vendors) -> None:
    known = await vendors.several({one.vendor_id for one in found})
    without = sorted(one.code for one in known if one.bank is None)
    if without:
        raise BankMissing(", ".join(without))


async def pay_payout(
    wish: PayPayout, payouts: Payouts, books: VendorBooks, facts: Facts
) -> PayoutId:
    """Post that the money left, once."""
    paid = (await _locked(wish, payouts)).paid(wish.reference, wish.at)
    await _keep([paid], payouts)
    books.paid(paid, wish.at)
    told = PayoutPaid(paid.id, paid.vendor_id, paid.currency.code, paid.amount.amount)
    facts.tell(told, paid.version + 1, wish.at)
    return paid.id


async def cancel_payout(wish: CancelPayout, payouts: Payouts, facts: Facts) -> PayoutId:
    """Let go of its entries."""
    gone = (await _locked(wish, payouts)).cancelled(wish.at)
    await _keep([gone], payouts)
    await payouts.let_go(gone.id)
    facts.tell(PayoutCancelled(gone.id), gone.version + 1, wish.at)
    return gone.id


async def _locked(wish: PayPayout | CancelPayout, payouts: Payouts) -> Payout:
    found = await payouts.lock([wish.payout_id])
    if not found:
        raise Unknown("payout", str(wish.payout_id))
    if wish.version is not None and wish.version != found[0].version:
        raise Stale("payout", wish.version, found[0].version)
    return found[0]


async def _keep(changed: Sequence[Payout], payouts: Payouts) -> None:
    await payouts.save([replace(one, version=one.version + 1) for one in changed])


HANDLERS = {
    RunPayouts: run_payouts,
    ExportPayouts: export_payouts,
    PayPayout: pay_payout,
    CancelPayout: cancel_payout,
}
