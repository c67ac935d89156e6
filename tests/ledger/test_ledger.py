"""The books: what each business fact posts, and that nothing of it is ever out of balance."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.kernel.errors import MayNot
from tradepost.kernel.ids import RandomIds, TenantId
from tradepost.kernel.messages import GUEST, SYSTEM, Scope
from tradepost.kernel.money import Currency
from tradepost.ledger.commands import PostAdjustment
from tradepost.ledger.domain import (
    Account,
    Document,
    Sold,
    call_off,
    given_back,
    payment,
    refund,
    sale,
    transfers_of,
)
from tradepost.ledger.errors import AccountUnknown, NothingToPost
from tradepost.ledger.queries import totals_by_code, trial_balance
from tradepost.platform.bus import Wish
from tradepost.platform.db.work import Store
from tradepost.tenancy.commands import CreateTenant
from tradepost.wiring.parts import build_bus

GBP = Currency("GBP")
DAY = date(2026, 3, 1)
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
amounts = st.integers(min_value=-10_000, max_value=10_000)


def _balances(*parts: object) -> dict[str, int]:
    document = Document("order", uuid4(), GBP, DAY, AT)
    sums: dict[str, int] = {}
    for entries in parts:
        for one in transfers_of(document, entries, RandomIds()):  # type: ignore[arg-type]
            assert one.amount.amount > 0
            sums[one.debit] = sums.get(one.debit, 0) + one.amount.amount
            sums[one.credit] = sums.get(one.credit, 0) - one.amount.amount
    return {account: amount for account, amount in sums.items() if amount}


@given(amounts, amounts, amounts, amounts, amounts)
def test_a_sale_and_its_calling_off_leave_nothing(
    goods: int, services: int, shipping: int, tax: int, discount: int
) -> None:
    sold = Sold(goods, services, shipping, tax, discount)
    assert sum(_balances(sale(sold)).values()) == 0
    assert _balances(sale(sold), call_off(sold)) == {}


def test_a_paid_order_owes_nothing() -> None:
    sold = Sold(goods=1000, shipping=250, tax=250)
    balances = _balances(sale(sold), payment(Account.BANK, 1500))
    assert balances == {
        "bank": 1500,
        "revenue.goods": -1000,
        "shipping_income": -250,
        "tax_payable": -250,
    }


def test_goods_taken_back_and_paid_for_leave_the_customer_even() -> None:
    back = Sold(goods=500, services=20, tax=104)
    balances = _balances(given_back(back), refund("cash", 624))
    assert "receivable" not in balances
    assert balances["cash"] == -624 and balances["tax_payable"] == 104


async def test_adjustments_are_posted_both_ways_by_permission(
    store: Store, tenant_id: TenantId
) -> None:
    bus = build_bus(store)
    scope = Scope(tenant_id, SYSTEM)
    code = f"t{tenant_id.hex[:12]}"
    await bus.send(scope, CreateTenant(code, "Books", "GBP", opened=True))
    wishes = [PostAdjustment(amount, "bad debt", at=AT) for amount in (1106206, -1106206, -5, 0)]
    answers = await bus.send_all(scope, [Wish(wish) for wish in wishes])
    assert isinstance(answers[3], NothingToPost)
    totals = await bus.ask(scope, totals_by_code, DAY, DAY)
    assert {(one.debit, one.amount) for one in totals} == {
        ("receivable", 1106206),
        ("bad_debt", 1106211),
    }
    rows = await bus.ask(scope, trial_balance, DAY, DAY)
    assert sum(row.debits - row.credits for row in rows) == 0
    with pytest.raises(MayNot):
        await bus.send(Scope(tenant_id, GUEST), PostAdjustment(1, "mine"))
    with pytest.raises(AccountUnknown):
        await bus.send(scope, PostAdjustment(1, "where to", debit="nowhere"))
