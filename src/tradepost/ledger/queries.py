"""The books read: trial balance by day, totals by code, what one account saw."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, tuple_

from tradepost.kernel.ids import JournalId, TransferId
from tradepost.ledger.domain import CHART, Account, AccountKind, Transfer, charted
from tradepost.ledger.storage import TRANSFER_ROWS, transfers
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader

_t = transfers.c
_sum: Any = func.sum(_t.amount_amount)


def _sums(*columns: Any) -> Statement:
    return Statement(
        scoped(transfers, *columns, _sum)
        .where(_t.business_date.between(param("first"), param("last")))
        .group_by(*columns)
        .order_by(*columns)
    )


_BY_DAY = _sums(_t.business_date, _t.currency, _t.debit, _t.credit)
_BY_CODE = _sums(_t.code, _t.currency, _t.debit, _t.credit)
_mine = or_(_t.debit == param("account"), _t.credit == param("account"))
_day_position = (_t.business_date, _t.posted_at, _t.id)
_OF_ACCOUNT = (
    scoped(transfers, *TRANSFER_ROWS.columns)
    .where(_mine, _t.business_date.between(param("first"), param("last")))
    .order_by(*_day_position)
    .limit(param("limit"))
)
_FIRST_PAGE = Statement(_OF_ACCOUNT)
_NEXT_PAGE = Statement(
    _OF_ACCOUNT.where(
        tuple_(*_day_position)
        > tuple_(
            param("after_day", like=_t.business_date),
            param("after_at", like=_t.posted_at),
            param("after_id", like=_t.id),
        )
    )
)
_BALANCES = Statement(
    scoped(transfers, _t.currency, _t.debit, _t.credit, _sum)
    .where(_t.business_date <= param("last"))
    .group_by(_t.currency, _t.debit, _t.credit)
)
_OF_DOCUMENT = Statement(
    scoped(transfers, _t.code, _t.debit, _t.credit, _t.currency, _t.amount_amount)
    .where(_t.document_id == param("document_id"))
    .order_by(_t.posted_at, _t.id)
)


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What an account saw on a day; minor units. Over all accounts debits equal credits."""

    business_date: date
    account: str
    currency: str
    debits: int
    credits: int


@dataclass(frozen=True, slots=True)
class CodeTotal:
    """What was posted under a code between two accounts, in minor units."""

    code: str
    currency: str
    debit: str
    credit: str
    amount: int


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """An account of the chart up to a day; ``balance`` is counted the way the account grows."""

    account: str
    kind: str
    title: str
    currency: str
    debits: int
    credits: int
    balance: int


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A transfer as one of its accounts sees it; ``amount`` is above zero where it was debited."""

    transfer_id: TransferId
    journal_id: JournalId
    code: str
    other_account: str
    currency: str
    amount: int
    document_kind: str
    document_id: UUID
    business_date: date
    posted_at: datetime


Position = tuple[date, datetime, TransferId]
"""Where a page of a statement ended."""


@dataclass(frozen=True, slots=True)
class PostedLine:
    """A transfer of one document."""

    code: str
    debit: str
    credit: str
    currency: str
    amount: int


async def trial_balance(db: Reader, first: date, last: date) -> list[BalanceRow]:
    """Debits and credits of every account, by business day."""
    sums: dict[tuple[date, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for day, currency, debit, credit, amount in await db.all(_BY_DAY, first=first, last=last):
        sums[day, debit, currency][0] += int(amount)
        sums[day, credit, currency][1] += int(amount)
    return [
        BalanceRow(day, account, currency, debits, credits)
        for (day, account, currency), (debits, credits) in sorted(sums.items())
    ]


async def totals_by_code(db: Reader, first: date, last: date) -> list[CodeTotal]:
    """What was posted under each code, by the accounts it ran between."""
    rows = await db.all(_BY_CODE, first=first, last=last)
    return [CodeTotal(code.value, cur, dr, cr, int(n)) for code, cur, dr, cr, n in rows]


async def postings_of(db: Reader, document_id: UUID) -> list[PostedLine]:
    """The transfers that one document caused."""
    rows = await db.all(_OF_DOCUMENT, document_id=document_id)
    return [PostedLine(code.value, dr, cr, cur, int(n)) for code, dr, cr, cur, n in rows]


async def balances(db: Reader, last: date) -> list[AccountBalance]:
    """What every account that was ever used stands at, at the end of a business day."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for currency, debit, credit, amount in await db.all(_BALANCES, last=last):
        sums[debit, currency][0] += int(amount)
        sums[credit, currency][1] += int(amount)
    return [
        _balance(account, currency, *pair) for (account, currency), pair in sorted(sums.items())
    ]


async def account_statement(
    db: Reader, account: str, first: date, last: date, after: Position | None, limit: int
) -> list[StatementRow]:
    """The transfers of one account, the oldest first; :class:`AccountUnknown` if it is none."""
    given: dict[str, Any] = {"account": charted(account), "first": first, "last": last}
    if after is None:
        rows = await db.all(_FIRST_PAGE, **given, limit=limit)
    else:
        given |= {"after_day": after[0], "after_at": after[1], "after_id": after[2]}
        rows = await db.all(_NEXT_PAGE, **given, limit=limit)
    return [_row(account, TRANSFER_ROWS.load(row)) for row in rows]


def _balance(account: str, currency: str, debits: int, credits: int) -> AccountBalance:
    kind, title = CHART[Account(account.split(":", 1)[0])]
    grows_by_debits = kind in (AccountKind.ASSET, AccountKind.EXPENSE, AccountKind.CONTRA_INCOME)
    balance = debits - credits if grows_by_debits else credits - debits
    return AccountBalance(account, kind.value, title, currency, debits, credits, balance)


def _row(account: str, one: Transfer) -> StatementRow:
    debited = one.debit == account
    return StatementRow(
        transfer_id=one.id,
        journal_id=one.journal_id,
        code=one.code.value,
        other_account=one.credit if debited else one.debit,
        currency=one.currency.code,
        amount=one.amount.amount if debited else -one.amount.amount,
        document_kind=one.document_kind,
        document_id=one.document_id,
        business_date=one.business_date,
        posted_at=one.posted_at,
    )
