"""Laws of the mall: commissions, vendors' parts of orders, payouts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from uuid import UUID

from tradepost.kernel.ids import OrderId
from tradepost.ledger.domain import Account, Code
from tradepost.ledger.storage import VENDORS_PREFIX, transfers
from tradepost.ordering.domain import Order, OrderLine, OrderState
from tradepost.ordering.storage.orders import LINE_ROWS, ORDER_ROWS, order_lines, orders
from tradepost.platform.db.statement import Statement, any_of, param, scoped
from tradepost.platform.db.work import Reader, Row
from tradepost.wiring.doctor.books import posted
from tradepost.wiring.doctor.credits import AMOUNTS, NOTE_LINES
from tradepost.wiring.doctor.law import NONE, Found, Law, Sight, law
from tradepost.wiring.sales import sale_of

CHUNK = 200
_VENDORS = f"substr({{0}}, 1, {len(VENDORS_PREFIX)}) = '{VENDORS_PREFIX}'"
_COMMISSION = f"'{Account.COMMISSION_INCOME.value}'"


def _given_back(dialect: str) -> str:
    commission = AMOUNTS[dialect].format("commission")
    return f"""
    SELECT coalesce(n.return_id, n.id) AS id, {commission} AS said
      FROM credit_notes AS n LEFT JOIN {NOTE_LINES[dialect]} ON 1 = 1
     WHERE n.tenant_id = :tenant GROUP BY n.id, n.return_id"""  # noqa: S608  texts of this file


COMMISSION_BACK = posted(
    "mall.commission_back",
    "The commission that a credit note gives back was posted so.",
    _COMMISSION,
    "'credit_note', 'return'",
    {dialect: _given_back(dialect) for dialect in NOTE_LINES},
    over="credit_notes transfers",
)
_UNTOUCHED = {
    "sqlite": f"replace({{0}}, '-', '') = '{VENDORS_PREFIX}' || lower(hex(p.vendor_id))",
    "postgresql": f"{{0}} = '{VENDORS_PREFIX}' || CAST(p.vendor_id AS text)",
}


def _payouts(dialect: str) -> str:
    credited, debited = (_UNTOUCHED[dialect].format(f"t.{side}") for side in ("credit", "debit"))
    return f"""
    SELECT p.id, CASE p.state WHEN 'cancelled' THEN '0 of 0'
                 ELSE p.amount_amount || ' of ' || p.entries END AS expected,
           coalesce(sum(CASE WHEN {credited} THEN t.amount_amount
                             WHEN {debited} THEN -t.amount_amount END), 0)
           || ' of ' || count(t.id) AS found
      FROM payouts AS p
      LEFT JOIN payout_entries AS e ON e.tenant_id = p.tenant_id AND e.payout_id = p.id
      LEFT JOIN transfers AS t ON t.tenant_id = e.tenant_id AND t.id = e.transfer_id
           AND t.currency = p.currency AND t.code <> '{Code.PAYOUT.value}'
           AND ({credited} OR {debited})
     WHERE p.tenant_id = :tenant GROUP BY p.id, p.state, p.amount_amount, p.entries"""  # noqa: S608  texts of this file


PAYOUTS = law(
    "mall.payouts",
    "A payout is the sum of its entries, all of its vendor's account; a cancelled one has none.",
    over="payouts payout_entries transfers",
    keys="payout_id",
    query={
        dialect: f"SELECT * FROM ({_payouts(dialect)}) AS both_sides WHERE expected <> found"  # noqa: S608  texts of this file
        for dialect in _UNTOUCHED
    },
)
PAID_OUT = posted(
    "mall.paid",
    "Money left the bank for a payout once it was paid, and for no other.",
    f"'{Account.BANK.value}'",
    "'payout'",
    """SELECT id, CASE state WHEN 'paid' THEN -amount_amount ELSE 0 END AS said
         FROM payouts WHERE tenant_id = :tenant""",
    over="payouts transfers",
)


def _accounts(dialect: str) -> str:
    named = {
        "sqlite": f"replace(account, '-', '') = '{VENDORS_PREFIX}' || lower(hex(v.id))",
        "postgresql": f"account = '{VENDORS_PREFIX}' || CAST(v.id AS text)",
    }[dialect]
    sides = " UNION ".join(
        f"SELECT {side} AS account FROM transfers WHERE tenant_id = :tenant"  # noqa: S608  texts of this file
        f" AND {_VENDORS.format(side)}"
        for side in ("debit", "credit")
    )
    return f"""
    SELECT account, 'a vendor' AS expected, 'none' AS found FROM ({sides}) AS accounts
      LEFT JOIN vendors AS v ON v.tenant_id = :tenant AND {named}
     WHERE v.id IS NULL"""  # noqa: S608  texts of this file


ACCOUNTS = law(
    "mall.accounts",
    "Whatever is owed to a vendor is owed to one that there is.",
    over="transfers vendors",
    keys="account",
    query={dialect: _accounts(dialect) for dialect in ("sqlite", "postgresql")},
)
_o, _l, _t = orders.c, order_lines.c, transfers.c
_WITH_VENDORS = (
    scoped(order_lines, _l.order_id)
    .where(_l.vendor_id.is_not(None), _l.order_id > param("after", like=_l.order_id))
    .distinct()
    .order_by(_l.order_id)
    .limit(CHUNK)
)
_NEXT = Statement(_WITH_VENDORS)
_ORDERS = Statement(scoped(orders, *ORDER_ROWS.columns).where(any_of(_o.id, "ids")))
_LINES = Statement(
    scoped(order_lines, *LINE_ROWS.columns)
    .where(any_of(_l.order_id, "ids"))
    .order_by(_l.order_id, _l.position)
)
_POSTED = Statement(
    scoped(transfers, _t.document_id, _t.debit, _t.credit, _t.amount_amount).where(
        any_of(_t.document_id, "ids"), _t.document_kind == "order"
    )
)


async def _earned(db: Reader, sight: Sight) -> Found:
    """Compare orders with vendors' lines, some at a time, with what was posted for them."""
    rows: list[Row] = []
    total, after = 0, NONE
    while ids := [row[0] for row in await db.all(_NEXT, after=after)]:
        breaches = await _breaches(db, ids)
        total += len(breaches)
        rows += breaches[: max(0, sight.most - len(rows))]
        after = ids[-1]
    return Found(total, rows)


async def _breaches(db: Reader, ids: list[OrderId]) -> list[Row]:
    found = {one.id: one for one in map(ORDER_ROWS.load, await db.all(_ORDERS, ids=ids))}
    lines: dict[OrderId, list[OrderLine]] = defaultdict(list)
    for row in await db.all(_LINES, ids=list(found)):
        line = LINE_ROWS.load(row, currency=found[row[1]].currency)
        lines[line.order_id].append(line)
    booked: dict[UUID, Counter[str]] = defaultdict(Counter)
    for document_id, debit, credit, amount in await db.all(_POSTED, ids=ids):
        booked[document_id][debit] += amount
        booked[document_id][credit] -= amount
    return [
        (order.id, account, said, was)
        for order in found.values()
        for account, said, was in _differences(order, lines[order.id], booked[order.id])
    ]


def _differences(
    order: Order, lines: list[OrderLine], booked: Counter[str]
) -> Iterator[tuple[str, int, int]]:
    said: Counter[str] = Counter()
    for entry in sale_of(order, lines) if order.state is not OrderState.CANCELLED else ():
        said[entry.debit] += entry.amount
        said[entry.credit] -= entry.amount
    for account in sorted({*said, *booked}):
        ours = account.startswith(VENDORS_PREFIX) or account == Account.COMMISSION_INCOME
        if ours and said[account] != booked[account]:
            yield account, said[account], booked[account]


EARNED = Law(
    "mall.earned",
    "What an order posted to vendors, and as commission, is what its portions come to.",
    ("orders", "order_lines", "transfers"),
    ("order_id", "account"),
    _earned,
)
LAWS = (COMMISSION_BACK, PAYOUTS, PAID_OUT, ACCOUNTS, EARNED)
