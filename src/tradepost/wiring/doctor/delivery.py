"""Laws of slots, picking, deliveries, and the cash in couriers' hands."""

from __future__ import annotations

from tradepost.wiring.doctor.law import law

_HEX = "lower(hex(held_by))"
_NAMED = {
    "postgresql": "CAST(held_by AS text)",
    "sqlite": " || '-' || ".join(
        f"substr({_HEX}, {first}, {length})"
        for first, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    ),
}
"""A holder's identifier as it stands in the name of an account."""

SLOTS = law(
    "delivery.slots",
    "The places taken of a slot are its living orders, and never more than it has.",
    over="slots orders",
    keys="slot_id",
    query="""
    SELECT s.id AS slot_id, coalesce(o.n, 0) AS expected, s.taken AS found
      FROM slots AS s
      LEFT JOIN (SELECT slot_id, count(*) AS n FROM orders
                  WHERE tenant_id = :tenant AND slot_id IS NOT NULL AND state <> 'cancelled'
                  GROUP BY slot_id) AS o ON o.slot_id = s.id
     WHERE s.tenant_id = :tenant AND (coalesce(o.n, 0) <> s.taken OR s.taken > s.capacity)""",
)
PICKED = law(
    "delivery.picked",
    "Of a line that was picked every unit was picked, is short or was replaced.",
    over="pick_tasks pick_lines",
    keys="pick_line_id",
    query="""
    SELECT l.id AS pick_line_id, l.ordered AS expected, l.picked + l.short + l.replaced AS found
      FROM pick_lines AS l
      JOIN pick_tasks AS t ON t.tenant_id = l.tenant_id AND t.id = l.pick_task_id
     WHERE l.tenant_id = :tenant
       AND (l.picked + l.short + l.replaced > l.ordered
            OR (t.state = 'completed' AND l.picked + l.short + l.replaced < l.ordered)
            OR l.picked < 0 OR l.short < 0 OR l.replaced < 0)""",
)
STAGES = law(
    "delivery.stages",
    "An order says how far its delivery has come.",
    over="deliveries orders",
    keys="delivery_id",
    query="""
    SELECT d.id AS delivery_id, d.state AS expected, o.state || ', ' || o.stage AS found
      FROM deliveries AS d
      JOIN orders AS o ON o.tenant_id = d.tenant_id AND o.id = d.order_id
     WHERE d.tenant_id = :tenant
       AND NOT ((d.state IN ('pending', 'assigned') AND o.state = 'placed' AND o.stage = 'ready')
             OR (d.state IN ('pending', 'assigned', 'cancelled') AND o.state = 'cancelled')
             OR (d.state IN ('picked_up', 'failed') AND o.state = 'placed'
                 AND o.stage = 'out_for_delivery')
             OR (d.state IN ('completed', 'returned') AND o.state = 'completed'))""",
)
CASH = law(
    "delivery.cash",
    "What a courier owes in the books is what they collected less what they handed in.",
    over="payments transfers",
    keys="account",
    query={
        dialect: f"""
    SELECT account, sum(counted) AS expected, sum(said) AS found
      FROM (SELECT 'cod_receivable:' || {holder} AS account, captured_amount AS counted, 0 AS said
              FROM payments
             WHERE tenant_id = :tenant AND held_by IS NOT NULL AND method = 'cod'
               AND settled_at IS NULL
             UNION ALL
            SELECT debit, 0, amount_amount FROM transfers
             WHERE tenant_id = :tenant AND debit LIKE 'cod_receivable:%' AND code <> 'adjustment'
             UNION ALL
            SELECT credit, 0, -amount_amount FROM transfers
             WHERE tenant_id = :tenant AND credit LIKE 'cod_receivable:%'
               AND code <> 'adjustment') AS sides
     GROUP BY account HAVING sum(counted) <> sum(said)"""  # noqa: S608  texts of this file
        for dialect, holder in _NAMED.items()
    },
)
HANDED_IN = law(
    "delivery.handed_in",
    "What couriers handed in, and what was missing of it, is what was settled of their cash.",
    over="hand_ins payments",
    keys="courier_id",
    query="""
    SELECT courier_id, sum(settled) AS expected, sum(told) AS found
      FROM (SELECT held_by AS courier_id, captured_amount AS settled, 0 AS told FROM payments
             WHERE tenant_id = :tenant AND held_by IS NOT NULL AND settled_at IS NOT NULL
             UNION ALL
            SELECT courier_id, 0, counted_amount + missing_amount FROM hand_ins
             WHERE tenant_id = :tenant) AS sides
     GROUP BY courier_id HAVING sum(settled) <> sum(told)""",
)
LAWS = (SLOTS, PICKED, STAGES, CASH, HANDED_IN)
