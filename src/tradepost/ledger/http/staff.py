"""The books, for the accountant."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.params import PathParameter
from msgspec import Meta

from tradepost.kernel.clock import from_micros, to_micros
from tradepost.kernel.errors import BadValue, Unknown
from tradepost.kernel.ids import TransferId
from tradepost.ledger.commands import Adjusted, PostAdjustment
from tradepost.ledger.queries import (
    AccountBalance,
    BalanceRow,
    CodeTotal,
    Position,
    PostedLine,
    StatementRow,
    account_statement,
    balances,
    postings_of,
    totals_by_code,
    trial_balance,
)
from tradepost.platform.web import (
    Body,
    FromCaller,
    FromPaging,
    FromPath,
    FromQuery,
    JSONBody,
    Page,
    door,
)
from tradepost.platform.web.body import Amount, Code, Line

TAGS = ["Ledger"]
PATH = "/api/v1/ledger"
DAYS_MAX = 3660


class AdjustmentBody(Body, frozen=True):
    """An amount in minor units to ``debit`` from ``credit``; below zero the other way."""

    amount: Amount
    note: Annotated[Line, Meta(min_length=1)]
    debit: Code = "receivable"
    credit: Code = "bad_debt"


@get(f"{PATH}/trial-balance", opt=door("ledger.read"), tags=TAGS)
async def read_trial_balance(
    caller: FromCaller, first: FromQuery[date], last: FromQuery[date]
) -> list[BalanceRow]:
    """Debits and credits of every account by business day; over all accounts they are equal."""
    _check(first, last)
    return await caller.ask(trial_balance, first, last)


@get(f"{PATH}/totals", opt=door("ledger.read"), tags=TAGS)
async def read_totals(
    caller: FromCaller, first: FromQuery[date], last: FromQuery[date]
) -> list[CodeTotal]:
    """What was posted under each code, by the accounts it ran between."""
    _check(first, last)
    return await caller.ask(totals_by_code, first, last)


@get(f"{PATH}/balances", opt=door("ledger.read"), tags=TAGS)
async def read_balances(caller: FromCaller, day: FromQuery[date]) -> list[AccountBalance]:
    """What every account that was ever used stands at, at the end of a business day."""
    return await caller.ask(balances, day)


@get(f"{PATH}/accounts/{{account:str}}/transfers", opt=door("ledger.read"), tags=TAGS)
async def read_statement(
    account: Annotated[str, PathParameter(max_length=100)],
    caller: FromCaller,
    paging: FromPaging,
    first: FromQuery[date],
    last: FromQuery[date],
) -> Page[StatementRow]:
    """The transfers of one account, the oldest first; above zero where it was debited."""
    _check(first, last)
    after: Position | None = None
    if paging.after is not None:
        day, micros, id = paging.after
        after = (date.fromisoformat(day), from_micros(micros), TransferId(UUID(id)))
    rows = await caller.ask(account_statement, account, first, last, after, paging.limit + 1)
    return paging.page(rows, _position)


@get(f"{PATH}/documents/{{document_id:uuid}}", opt=door("ledger.read"), tags=TAGS)
async def read_postings(document_id: FromPath[UUID], caller: FromCaller) -> list[PostedLine]:
    """The transfers that an order, a payment or a return caused."""
    posted = await caller.ask(postings_of, document_id)
    if not posted:
        raise Unknown("document", str(document_id))
    return posted


@post(f"{PATH}/adjustments", opt=door("ledger.adjust", key=True), tags=TAGS)
async def adjust(data: JSONBody[AdjustmentBody], caller: FromCaller) -> Adjusted:
    """Correct the books between two accounts, with a note that says why."""
    answer: Adjusted = await caller.send(
        PostAdjustment(data.amount, data.note, data.debit, data.credit)
    )
    return answer


def _check(first: date, last: date) -> None:
    if not 0 <= (last - first).days <= DAYS_MAX:
        raise BadValue("last", f"must be on or after first, and at most {DAYS_MAX} days later")


def _position(row: StatementRow) -> tuple[str, int, str]:
    return row.business_date.isoformat(), to_micros(row.posted_at), str(row.transfer_id)


ROUTES = (
    read_trial_balance,
    read_totals,
    read_balances,
    read_statement,
    read_postings,
    adjust,
)
