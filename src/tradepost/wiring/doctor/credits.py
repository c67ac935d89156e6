"""Laws of credit notes: what they say, of what order, for what return."""

from __future__ import annotations

from tradepost.wiring.doctor.law import law

NOTE_LINES = {
    "sqlite": "json_each(n.lines) AS j",
    "postgresql": "LATERAL jsonb_array_elements(n.lines) AS j(value)",
}
AMOUNTS = {
    "sqlite": "coalesce(sum(json_extract(j.value, '$.{0}')), 0)",
    "postgresql": "coalesce(sum(CAST(j.value ->> '{0}' AS bigint)), 0)",
}

_NAMED = {
    "sqlite": "replace(json_extract(j.value, '$.order_line_id'), '-', '') = lower(hex(l.id))",
    "postgresql": "j.value ->> 'order_line_id' = CAST(l.id AS text)",
}
"""Where a line of a note is about an order line."""
_THEN = {"sqlite": "CROSS JOIN", "postgresql": "JOIN"}
"""Keeps SQLite from starting at the order lines, which are many more than credit notes."""


def _notes(dialect: str) -> str:
    amount, tax = (AMOUNTS[dialect].format(name) for name in ("amount", "tax"))
    return f"""
    SELECT n.id, n.number, {amount} || ', tax ' || {tax} AS expected,
           n.total_amount || ', tax ' || n.tax_amount AS found
      FROM credit_notes AS n LEFT JOIN {NOTE_LINES[dialect]} ON 1 = 1
     WHERE n.tenant_id = :tenant GROUP BY n.id, n.number, n.total_amount, n.tax_amount
    HAVING {amount} <> n.total_amount OR {tax} <> n.tax_amount"""  # noqa: S608  texts of this file


NOTES = law(
    "payments.notes",
    "A credit note's total and tax are those of its lines.",
    over="credit_notes",
    keys="credit_note_id number",
    query={dialect: _notes(dialect) for dialect in NOTE_LINES},
)
CREDITED = law(
    "payments.credited",
    "An order is not credited more than it came to.",
    over="orders credit_notes",
    keys="order_id number",
    query="""
    SELECT o.id, o.number, 'up to ' || o.total_amount AS expected, sum(n.total_amount) AS found
      FROM credit_notes AS n
      JOIN orders AS o ON o.tenant_id = n.tenant_id AND o.id = n.order_id
     WHERE n.tenant_id = :tenant GROUP BY o.id, o.number, o.total_amount
    HAVING sum(n.total_amount) > o.total_amount""",
)


def _of_lines(dialect: str) -> str:
    """What was credited on lines; only lines of orders with notes are looked at."""
    amount, tax = (AMOUNTS[dialect].format(name) for name in ("amount", "tax"))
    then = _THEN[dialect]
    return f"""
    SELECT order_id, id, 'up to ' || gross || ', tax ' || tax_amount AS expected,
           credited || ', tax ' || tax AS found
      FROM (SELECT l.order_id, l.id, l.tax_amount, {amount} AS credited, {tax} AS tax,
                   l.amount_amount - l.discount_amount
                   + CASE WHEN o.tax_included = 1 THEN 0 ELSE l.tax_amount END AS gross
              FROM credit_notes AS n
              {then} orders AS o ON o.tenant_id = n.tenant_id AND o.id = n.order_id
              {then} order_lines AS l ON l.tenant_id = n.tenant_id AND l.order_id = n.order_id
              {then} {NOTE_LINES[dialect]} ON {_NAMED[dialect]}
             WHERE n.tenant_id = :tenant
             GROUP BY l.order_id, l.id, l.tax_amount, l.amount_amount, l.discount_amount,
                      o.tax_included) AS both_sides
     WHERE credited > gross OR tax > tax_amount OR credited - tax > gross - tax_amount"""  # noqa: S608  texts of this file


LINES_CREDITED = law(
    "payments.lines_credited",
    "Of no line more is credited than it costs, nor more tax than it bears.",
    over="order_lines credit_notes",
    keys="order_id line_id",
    query={dialect: _of_lines(dialect) for dialect in NOTE_LINES},
)
RETURNS = law(
    "payments.returns",
    "A return that was paid for is credited: as it is, or up to what was left of its order.",
    over="returns credit_notes",
    keys="return_id",
    query="""
    SELECT r.id,
           CASE WHEN r.order_id IS NULL THEN '' ELSE 'up to ' END
           || CASE WHEN r.state = 'refunded' THEN r.total_amount ELSE 0 END AS expected,
           coalesce(sum(n.total_amount), 0) AS found
      FROM returns AS r
      LEFT JOIN credit_notes AS n ON n.tenant_id = r.tenant_id AND n.return_id = r.id
     WHERE r.tenant_id = :tenant GROUP BY r.id, r.order_id, r.state, r.total_amount
    HAVING CASE WHEN r.state <> 'refunded' THEN count(n.id) > 0
                WHEN r.order_id IS NULL THEN coalesce(sum(n.total_amount), 0) <> r.total_amount
                ELSE coalesce(sum(n.total_amount), 0) > r.total_amount END""",
)
LAWS = (NOTES, CREDITED, LINES_CREDITED, RETURNS)
