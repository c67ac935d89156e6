"""The books read: every account's balance, its statement page by page, what a day came to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.payments.till import LATER, LONG_AGO, Till, open_till
from tradepost.kernel.ids import TenantId
from tradepost.ledger.commands import PostAdjustment
from tradepost.ledger.domain import CHART, Account
from tradepost.ledger.errors import AccountUnknown
from tradepost.ledger.queries import account_statement, balances, postings_of, trial_balance
from tradepost.payments.commands import RecordPayment, RefundPayment
from tradepost.payments.domain.payment import Share
from tradepost.platform.db.work import Store


@pytest.fixture
async def till(store: Store, tenant_id: TenantId) -> Till:
    return await open_till(store)


def test_every_account_is_in_the_chart() -> None:
    assert set(CHART) == set(Account)


async def test_balances_are_counted_the_way_accounts_grow(till: Till) -> None:
    order_id = await till.order(10)
    await till.send(RecordPayment((Share(order_id),), amount=1200))
    await till.send(RefundPayment(order_id, amount=300))
    found = {one.account: one for one in await till.bus.ask(till.scope, balances, LATER)}
    assert {name: one.balance for name, one in found.items()} == {
        "bank": 900,
        "customer_credit": 200,
        "allowances": 300,
        "receivable": 0,
        "revenue.service": 1000,
    }
    assert found["customer_credit"].kind == "liability"
    assert found["receivable"].debits == found["receivable"].credits == 1300
    assert await till.bus.ask(till.scope, balances, LONG_AGO) == []


async def test_a_statement_goes_on_where_a_page_ended(till: Till) -> None:
    at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    amounts = [5, -3, 7, 7, 2, -9, 4]
    for place, amount in enumerate(amounts):
        wish = PostAdjustment(amount, "counted", debit="cash", at=at + timedelta(hours=place // 3))
        await till.send(wish)
    seen: list[int] = []
    after = None
    while True:
        page = await till.bus.ask(till.scope, account_statement, "cash", LONG_AGO, LATER, after, 2)
        seen += [row.amount for row in page]
        if len(page) < 2:
            break
        last = page[-1]
        after = (last.business_date, last.posted_at, last.transfer_id)
    assert sorted(seen) == sorted(amounts)
    assert {sum(seen[:3]), sum(seen[3:6]), sum(seen[6:])} == {9, 0, 4}
    first_day = await till.bus.ask(
        till.scope, account_statement, "cash", date(2026, 3, 1), date(2026, 3, 1), None, 50
    )
    assert sum(row.amount for row in first_day) == 9
    assert {row.other_account for row in first_day} == {"bad_debt"}
    with pytest.raises(AccountUnknown):
        await till.bus.ask(till.scope, account_statement, "gold", LONG_AGO, LATER, None, 1)


async def test_what_a_document_posted_can_be_looked_up(till: Till) -> None:
    order_id = await till.order(10)
    paid = await till.send(RecordPayment((Share(order_id),), amount=1200))
    lines = await till.bus.ask(till.scope, postings_of, paid.payment_id)
    assert sorted((one.code, one.debit, one.credit, one.amount) for one in lines) == [
        ("payment", "bank", "customer_credit", 200),
        ("payment", "bank", "receivable", 1000),
    ]
    rows = await till.bus.ask(till.scope, trial_balance, LONG_AGO, LATER)
    assert sum(row.debits for row in rows) == sum(row.credits for row in rows) == 2200
