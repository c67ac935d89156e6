"""What the books owe to vendors: every transfer on their accounts, in a payout or not yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_

from tradepost.kernel.ids import PayoutId, VendorId
from tradepost.kernel.money import Currency
from tradepost.ledger.commands import Journal
from tradepost.ledger.domain import Code, Document, paid_out, vendor_account
from tradepost.ledger.storage import VENDORS_PREFIX, of_vendors, transfers
from tradepost.mall.domain import Payout, PayoutState
from tradepost.mall.ports import Balance, EntryView, Owed, Terms
from tradepost.mall.storage.tables import payout_entries, payouts
from tradepost.ordering.domain import OrderState
from tradepost.ordering.storage.orders import orders
from tradepost.payments.storage.refunds import credit_notes
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    insert,
    param,
    same_tenant,
    scoped,
    scoped_join,
)
from tradepost.platform.db.work import Work

_t, _e, _p, _o, _n = transfers.c, payout_entries.c, payouts.c, orders.c, credit_notes.c
_sum: Any = func.sum(_t.amount_amount)
_count: Any = func.count()
_claimed = scoped(payout_entries, _e.transfer_id).where(_e.transfer_id == _t.id)


_owes = and_(
    _o.state != OrderState.CANCELLED,
    _o.paid_amount - _o.refunded_amount < _o.total_amount - _o.credited_amount,
)
_owing = scoped(orders, _o.id).where(_o.id == _t.document_id, _owes)
_NOTE = or_(_n.id == _t.document_id, _n.return_id == _t.document_id)
_noted = scoped_join(credit_notes, orders, columns=(_n.id,)).where(
    _NOTE, _o.id == _n.order_id, _owes
)
_later: Any = transfers.alias("later")
_changed = (
    scoped(_later, _later.c.id)
    .where(_later.c.document_id == _t.document_id)
    .where(_t.document_kind == "order", _later.c.document_kind == "order")
    .where(_later.c.business_date > param("until"))
)
_UNPAID = and_(
    _t.business_date <= param("until"),
    _t.code != Code.PAYOUT,
    ~_claimed.exists(),
    ~_owing.exists(),
    ~_noted.exists(),
    ~_changed.exists(),
)
"""Up to a day, in no payout yet, and of no order that its customer still owes something for.

An order that was changed or called off after that day waits for the run that goes over both: what
was sold on it at first was never paid.
"""


def _owed(side: Any) -> Statement:
    """Sums of what no payout pays, by the accounts on one side."""
    sums = scoped(transfers, side, _t.currency, _sum, _count)
    return Statement(sums.where(of_vendors(side), _UNPAID).group_by(side, _t.currency))


def _balances(side: Any) -> Statement:
    sums = scoped(transfers, side, _t.currency, _sum)
    chosen = sums.where(of_vendors(side), any_of(side, "accounts"))
    return Statement(chosen.group_by(side, _t.currency))


def _on(side: Any) -> ColumnElement[bool]:
    return and_(of_vendors(side), side == param("account"))


_CREDITED, _DEBITED = _owed(_t.credit), _owed(_t.debit)
_GOT, _GAVE = _balances(_t.credit), _balances(_t.debit)
_WAITING = Statement(
    scoped(payouts, _p.vendor_id, _p.currency, func.sum(_p.amount_amount))
    .where(any_of(_p.vendor_id, "ids"))
    .where(or_(_p.state == PayoutState.OPEN, _p.state == PayoutState.EXPORTED))
    .group_by(_p.vendor_id, _p.currency)
)
_got: Any = case((of_vendors(_t.credit), _t.amount_amount), else_=-_t.amount_amount)
_CLAIMED = Statement(
    scoped_join(transfers, payout_entries, columns=(func.sum(_got), _count))
    .where(_t.id == _e.transfer_id)
    .where(_e.payout_id == param("payout_id"))
)
_CLAIM = Statement(
    insert(payout_entries).from_select(
        ["tenant_id", "transfer_id", "payout_id"],
        scoped(transfers, _t.tenant_id, _t.id, param("payout_id", like=_e.payout_id))
        .where(or_(_on(_t.credit), _on(_t.debit)))
        .where(_t.currency == param("currency"), _UNPAID),
    )
)
_ENTRIES = Statement(
    scoped(
        transfers,
        *(_t.business_date, _t.code, _t.document_kind, _t.document_id),
        *(func.coalesce(_o.number, _n.number), _t.amount_amount, _t.credit),
    )
    .select_from(
        transfers.join(
            payout_entries, same_tenant(transfers, payout_entries) & (_e.transfer_id == _t.id)
        )
        .outerjoin(orders, same_tenant(transfers, orders) & (_o.id == _t.document_id))
        .outerjoin(credit_notes, and_(same_tenant(transfers, credit_notes), _NOTE))
    )
    .where(_e.payout_id == param("payout_id"))
    .order_by(_t.business_date, _t.posted_at, _t.id)
)


class LedgerOfVendors:
    """Answers the mall's VendorBooks from the ledger."""

    def __init__(self, work: Work, journal: Journal, terms: Terms) -> None:
        self._work = work
        self._journal = journal
        self._terms = terms

    async def owed(self, until: date) -> list[Owed]:
        """What no payout pays, by vendor and currency."""
        sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for statement, sign in ((_CREDITED, 1), (_DEBITED, -1)):
            for account, code, amount, count in await self._work.all(statement, until=until):
                sums[account, code][0] += sign * int(amount)
                sums[account, code][1] += int(count)
        return [
            Owed(_vendor(account), Currency(code), amount, count)
            for (account, code), (amount, count) in sorted(sums.items())
        ]

    async def claim(self, payout_id: PayoutId, owed: Owed, until: date) -> Owed:
        """Two statements, which no entry passes through."""
        await self._work.run(
            _CLAIM,
            payout_id=payout_id,
            account=vendor_account(owed.vendor_id),
            currency=owed.currency.code,
            until=until,
        )
        row = await self._work.one(_CLAIMED, payout_id=payout_id)
        amount, count = row or (0, 0)
        return replace(owed, amount=int(amount or 0), entries=int(count))

    async def balances(self, ids: Collection[VendorId]) -> list[Balance]:
        """How accounts stand."""
        sums: dict[tuple[VendorId, str], list[int]] = defaultdict(lambda: [0, 0])
        accounts = [vendor_account(one) for one in sorted(ids)]
        for statement, sign in ((_GOT, 1), (_GAVE, -1)):
            for account, code, amount in await self._work.all(statement, accounts=accounts):
                sums[_vendor(account), code][0] += sign * int(amount)
        for vendor_id, code, amount in await self._work.all(_WAITING, ids=sorted(ids)):
            sums[vendor_id, str(code)][1] += int(amount)
        return [Balance(*key, *pair) for key, pair in sorted(sums.items())]

    async def entries(self, payout: Payout) -> list[EntryView]:
        """What a payout pays."""
        mine = vendor_account(payout.vendor_id)
        return [
            EntryView(day, code.value, kind, id, number, amount if credit == mine else -amount)
            for day, code, kind, id, number, amount, credit in await self._work.all(
                _ENTRIES, payout_id=payout.id
            )
        ]

    def paid(self, payout: Payout, at: datetime) -> None:
        """The money left the bank."""
        document = Document("payout", payout.id, payout.currency, self._terms.day_of(at), at)
        self._journal.post(document, list(paid_out(payout.vendor_id, payout.amount.amount)))


def _vendor(account: str) -> VendorId:
    return VendorId(UUID(account.removeprefix(VENDORS_PREFIX)))
