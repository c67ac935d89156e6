"""Laws of the counter: receipts, tenders, drawers, shifts."""

from __future__ import annotations

from tradepost.ledger.domain import Account
from tradepost.wiring.doctor.law import law

_AT_THE_END = "('difference', 'emptied')"
_DRAWER = f"{Account.CASH.value}:"
_PARTS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
_WRITTEN = {
    "postgresql": "CAST(register_id AS text)",
    "sqlite": " || '-' || ".join(
        f"substr(lower(hex(register_id)), {start}, {length})" for start, length in _PARTS
    ),
}
"""A register's identifier as it is written in the name of its drawer's account."""

GAPLESS = law(
    "counter.receipts",
    "The receipts of a register are numbered from 1 to its last without a gap.",
    over="registers till_receipts",
    keys="register_id",
    query="""
    SELECT r.id AS register_id, r.receipts AS expected,
           count(t.id) || ' up to ' || coalesce(max(t.number), 0) AS found
      FROM registers AS r
      LEFT JOIN till_receipts AS t ON t.tenant_id = r.tenant_id AND t.register_id = r.id
     WHERE r.tenant_id = :tenant
     GROUP BY r.id, r.receipts
    HAVING count(t.id) <> r.receipts OR coalesce(max(t.number), 0) <> r.receipts""",
)
TENDERED = law(
    "counter.tendered",
    "What was given for a sale less its change is what its order came to.",
    over="sales tenders orders",
    keys="sale_id",
    query="""
    SELECT sale_id, sum(total) AS expected, sum(given) AS found
      FROM (SELECT s.id AS sale_id, o.total_amount AS total, 0 AS given
              FROM sales AS s
              JOIN orders AS o ON o.tenant_id = s.tenant_id AND o.id = s.order_id
             WHERE s.tenant_id = :tenant
             UNION ALL
            SELECT sale_id, 0, amount_amount - change_amount FROM tenders
             WHERE tenant_id = :tenant) AS sides
     GROUP BY sale_id HAVING sum(total) <> sum(given)""",
)


def _drawers(written: str) -> str:
    return f"""
    SELECT drawer, sum(moved) AS expected, sum(posted) AS found
      FROM (SELECT '{_DRAWER}' || {written} AS drawer, amount_amount AS moved, 0 AS posted
              FROM drawer_movements WHERE tenant_id = :tenant
             UNION ALL
            SELECT debit, 0, amount_amount FROM transfers
             WHERE tenant_id = :tenant AND debit LIKE '{_DRAWER}%'
             UNION ALL
            SELECT credit, 0, -amount_amount FROM transfers
             WHERE tenant_id = :tenant AND credit LIKE '{_DRAWER}%') AS sides
     GROUP BY drawer HAVING sum(moved) <> sum(posted)"""  # noqa: S608  texts of this file


DRAWERS = law(
    "counter.drawers",
    "What was posted to a drawer's account is what the drawer's movements add up to.",
    over="drawer_movements transfers",
    keys="drawer",
    query={dialect: _drawers(written) for dialect, written in _WRITTEN.items()},
)
SHIFTS = law(
    "counter.shifts",
    "A closed shift expected its float and what moved, and left nothing in the drawer.",
    over="shifts drawer_movements",
    keys="shift_id",
    query=f"""
    SELECT s.id AS shift_id,
           sum(CASE WHEN m.kind IN {_AT_THE_END} THEN 0 ELSE m.amount_amount END) || ', '
               || (s.counted_amount - s.expected_amount) || ' off, 0 left' AS expected,
           s.expected_amount || ', '
               || coalesce(sum(CASE WHEN m.kind = 'difference' THEN m.amount_amount ELSE 0 END), 0)
               || ' off, ' || coalesce(sum(m.amount_amount), 0) || ' left' AS found
      FROM shifts AS s
      LEFT JOIN drawer_movements AS m ON m.tenant_id = s.tenant_id AND m.shift_id = s.id
     WHERE s.tenant_id = :tenant AND s.state = 'closed'
     GROUP BY s.id, s.expected_amount, s.counted_amount
    HAVING coalesce(sum(CASE WHEN m.kind IN {_AT_THE_END} THEN 0 ELSE m.amount_amount END), 0)
               <> s.expected_amount
        OR coalesce(sum(m.amount_amount), 0) <> 0
        OR coalesce(sum(CASE WHEN m.kind = 'difference' THEN m.amount_amount ELSE 0 END), 0)
               <> s.counted_amount - s.expected_amount""",  # noqa: S608  texts of this file
)
LAWS = (GAPLESS, TENDERED, DRAWERS, SHIFTS)
