"""Laws of the floor: every dish is cooked once, and the parts of a tab are the whole."""

from __future__ import annotations

from tradepost.wiring.doctor.law import law

_DUE = "o.total_amount - o.credited_amount - o.paid_amount + o.refunded_amount"
"""What a placed order owes."""

COOKED_ONCE = law(
    "floor.cooked_once",
    "Each line of a round that was sent has one kitchen line, of as many units and voids.",
    over="round_lines kitchen_lines",
    keys="round_line_id",
    query="""
    SELECT round_line_id, sum(sent) || ' less ' || sum(void) AS expected,
           sum(cooked) || ' less ' || sum(left_out) AS found
      FROM (SELECT l.id AS round_line_id, l.quantity AS sent, l.voided AS void,
                   0 AS cooked, 0 AS left_out
              FROM round_lines AS l
              JOIN rounds AS r ON r.tenant_id = l.tenant_id AND r.id = l.round_id
             WHERE l.tenant_id = :tenant AND r.state IN ('sent', 'voided')
             UNION ALL
            SELECT round_line_id, 0, 0, quantity, voided FROM kitchen_lines
             WHERE tenant_id = :tenant) AS sides
     GROUP BY round_line_id
    HAVING sum(sent) <> sum(cooked) OR sum(void) <> sum(left_out)""",
)
BEGUN_ONCE = law(
    "floor.begun_once",
    "A dish that waits was never begun, and one that is further was begun at an instant.",
    over="kitchen_lines",
    keys="kitchen_line_id",
    query="""
    SELECT id, CASE state WHEN 'queued' THEN 'not begun' ELSE 'begun' END AS expected,
           CASE WHEN begun_at IS NULL THEN 'not begun' ELSE 'begun' END AS found
      FROM kitchen_lines
     WHERE tenant_id = :tenant AND state <> 'voided'
       AND (state = 'queued') <> (begun_at IS NULL)""",
)
SOLD = law(
    "floor.sold",
    "Each line that was sent is a line of its round's order, of as many units.",
    over="round_lines rounds order_lines",
    keys="round_line_id",
    query="""
    SELECT l.id, l.quantity AS expected, coalesce(o.quantity, -1) AS found
      FROM round_lines AS l
      JOIN rounds AS r ON r.tenant_id = l.tenant_id AND r.id = l.round_id
      LEFT JOIN order_lines AS o ON o.tenant_id = l.tenant_id AND o.id = l.order_line_id
                                AND o.order_id = r.order_id
     WHERE l.tenant_id = :tenant AND r.state IN ('sent', 'voided')
       AND (o.id IS NULL OR o.quantity <> l.quantity OR o.cancelled < l.voided)""",
)
LINES = law(
    "floor.lines",
    "What the lines of a round come to is what its order comes to.",
    over="round_lines orders",
    keys="round_id",
    query="""
    SELECT round_id, sum(ordered) AS expected, sum(lines) AS found
      FROM (SELECT r.id AS round_id, o.total_amount AS ordered, 0 AS lines
              FROM rounds AS r
              JOIN orders AS o ON o.tenant_id = r.tenant_id AND o.id = r.order_id
             WHERE r.tenant_id = :tenant AND r.state = 'sent' AND r.is_service = 0
             UNION ALL
            SELECT l.round_id, 0, l.gross_amount
              FROM round_lines AS l
              JOIN rounds AS r ON r.tenant_id = l.tenant_id AND r.id = l.round_id
             WHERE l.tenant_id = :tenant AND r.state = 'sent') AS sides
     GROUP BY round_id HAVING sum(ordered) <> sum(lines)""",
)
TOGETHER = law(
    "floor.together",
    "Lines, tickets and payments are at the tab of their round or check.",
    over="round_lines kitchen_tickets check_payments",
    keys="id",
    query="""
    SELECT l.id, r.tab_id AS expected, l.tab_id AS found
      FROM round_lines AS l
      JOIN rounds AS r ON r.tenant_id = l.tenant_id AND r.id = l.round_id
     WHERE l.tenant_id = :tenant AND l.tab_id <> r.tab_id
     UNION ALL
    SELECT t.id, r.tab_id, t.tab_id
      FROM kitchen_tickets AS t
      JOIN rounds AS r ON r.tenant_id = t.tenant_id AND r.id = t.round_id
     WHERE t.tenant_id = :tenant AND t.tab_id <> r.tab_id
     UNION ALL
    SELECT p.id, c.tab_id, p.tab_id
      FROM check_payments AS p
      JOIN checks AS c ON c.tenant_id = p.tenant_id AND c.id = p.check_id
     WHERE p.tenant_id = :tenant AND p.tab_id <> c.tab_id""",
)
CLOSED = law(
    "floor.closed",
    "A tab that is closed owes nothing.",
    over="tabs rounds",
    keys="tab_id",
    query=f"""
    SELECT t.id, 0 AS expected, sum({_DUE}) AS found
      FROM tabs AS t
      JOIN rounds AS r ON r.tenant_id = t.tenant_id AND r.tab_id = t.id AND r.state = 'sent'
      JOIN orders AS o ON o.tenant_id = r.tenant_id AND o.id = r.order_id
     WHERE t.tenant_id = :tenant AND t.state = 'closed'
     GROUP BY t.id HAVING sum({_DUE}) > 0""",  # noqa: S608  texts of this file
)
SHARED = law(
    "floor.shared",
    "The open checks of a tab ask for no more than its orders owe.",
    over="checks",
    keys="tab_id",
    query=f"""
    SELECT tab_id, 'up to ' || sum(owed) AS expected, sum(asked) AS found
      FROM (SELECT tab_id, amount_amount - paid_amount AS asked, 0 AS owed
              FROM checks WHERE tenant_id = :tenant AND state = 'open'
             UNION ALL
            SELECT r.tab_id, 0, {_DUE}
              FROM rounds AS r
              JOIN orders AS o ON o.tenant_id = r.tenant_id AND o.id = r.order_id
             WHERE r.tenant_id = :tenant AND r.state = 'sent') AS sides
     GROUP BY tab_id HAVING sum(asked) > sum(owed) AND sum(asked) > 0""",  # noqa: S608  texts of this file
)
CHECKS = law(
    "floor.checks",
    "What was paid on a check, and its tip, is the sum of its payments.",
    over="checks check_payments",
    keys="check_id",
    query="""
    SELECT check_id, sum(paid) || ' and tips ' || sum(tips) AS expected,
           sum(came) || ' and tips ' || sum(tipped) AS found
      FROM (SELECT id AS check_id, paid_amount AS paid, tip_amount AS tips, 0 AS came, 0 AS tipped
              FROM checks WHERE tenant_id = :tenant
             UNION ALL
            SELECT check_id, 0, 0, amount_amount, tip_amount
              FROM check_payments WHERE tenant_id = :tenant) AS sides
     GROUP BY check_id HAVING sum(paid) <> sum(came) OR sum(tips) <> sum(tipped)""",
)
TENDERS = law(
    "floor.tenders",
    "A payment on a check gave orders just that, and the rest of it is the tip.",
    over="check_payments payments",
    keys="payment_id",
    query="""
    SELECT c.payment_id, c.amount_amount || ' and tip ' || c.tip_amount AS expected,
           coalesce(p.allocated_amount, 0) || ' and tip ' || coalesce(p.tip_amount, 0) AS found
      FROM check_payments AS c
      LEFT JOIN payments AS p ON p.tenant_id = c.tenant_id AND p.id = c.payment_id
     WHERE c.tenant_id = :tenant
       AND (p.id IS NULL OR p.allocated_amount <> c.amount_amount
            OR p.tip_amount <> c.tip_amount
            OR p.captured_amount <> c.amount_amount + c.tip_amount)""",
)
LAWS = (
    COOKED_ONCE,
    BEGUN_ONCE,
    SOLD,
    LINES,
    TOGETHER,
    CLOSED,
    SHARED,
    CHECKS,
    TENDERS,
)
