"""Laws of parcels and returns, and of what they move."""

from __future__ import annotations

from tradepost.wiring.doctor.law import law

_AWAY = "('shipped', 'delivered', 'returned')"
_BACK = "('received', 'refunded')"

SHIPPED = law(
    "shipping.shipped",
    "What left of a line is what lies in its order's parcels.",
    over="order_lines shipment_lines",
    keys="line_id",
    query=f"""
    SELECT line_id, sum(packed) AS expected, sum(said) AS found
      FROM (SELECT l.order_line_id AS line_id, l.quantity AS packed, 0 AS said
              FROM shipment_lines AS l
              JOIN shipments AS s ON s.tenant_id = l.tenant_id AND s.id = l.shipment_id
             WHERE l.tenant_id = :tenant AND s.state IN {_AWAY}
             UNION ALL
            SELECT id, 0, shipped FROM order_lines
             WHERE tenant_id = :tenant AND shipped <> 0) AS sides
     GROUP BY line_id HAVING sum(packed) <> sum(said)""",  # noqa: S608  texts of this file
)
RETURNED = law(
    "shipping.returned",
    "What came back of a line is what lies in its order's returns.",
    over="order_lines return_lines",
    keys="line_id",
    query=f"""
    SELECT line_id, sum(back) AS expected, sum(said) AS found
      FROM (SELECT l.order_line_id AS line_id, l.quantity AS back, 0 AS said
              FROM return_lines AS l
              JOIN returns AS r ON r.tenant_id = l.tenant_id AND r.id = l.return_id
             WHERE l.tenant_id = :tenant AND l.order_line_id IS NOT NULL AND r.state IN {_BACK}
             UNION ALL
            SELECT id, 0, returned FROM order_lines
             WHERE tenant_id = :tenant AND returned <> 0) AS sides
     GROUP BY line_id HAVING sum(back) <> sum(said)""",  # noqa: S608  texts of this file
)
RETURN_TOTAL = law(
    "shipping.return_total",
    "A return's total is the sum of its lines.",
    over="returns return_lines",
    keys="return_id",
    query="""
    SELECT return_id, sum(amount) AS expected, sum(said) AS found
      FROM (SELECT return_id, amount_amount AS amount, 0 AS said
              FROM return_lines WHERE tenant_id = :tenant
             UNION ALL
            SELECT id, 0, total_amount FROM returns WHERE tenant_id = :tenant) AS sides
     GROUP BY return_id HAVING sum(amount) <> sum(said)""",
)
MOVED = law(
    "shipping.moved",
    "Parcels and returns move just the goods that are in them.",
    over="shipment_lines return_lines stock_movements",
    keys="document_id variant_id",
    query=f"""
    SELECT document_id, variant_id, sum(listed) AS expected, sum(moved) AS found
      FROM (SELECT l.shipment_id AS document_id, l.variant_id,
                   -l.quantity AS listed, 0 AS moved
              FROM shipment_lines AS l
              JOIN shipments AS s ON s.tenant_id = l.tenant_id AND s.id = l.shipment_id
              JOIN order_lines AS o ON o.tenant_id = l.tenant_id AND o.id = l.order_line_id
             WHERE l.tenant_id = :tenant AND s.state IN {_AWAY} AND o.stocked = 1
             UNION ALL
            SELECT l.return_id, l.variant_id,
                   CASE WHEN l.disposition = 'restock' THEN l.quantity ELSE 0 END, 0
              FROM return_lines AS l
              JOIN returns AS r ON r.tenant_id = l.tenant_id AND r.id = l.return_id
             WHERE l.tenant_id = :tenant AND r.state IN {_BACK}
               AND l.fulfillment_type IN ('physical', 'prepared') AND l.stocked = 1
             UNION ALL
            SELECT cause_id, variant_id, 0, delta FROM stock_movements
             WHERE tenant_id = :tenant AND cause_kind IN ('shipment', 'return')) AS sides
     GROUP BY document_id, variant_id HAVING sum(listed) <> sum(moved)""",  # noqa: S608  texts of this file
)
LAWS = (SHIPPED, RETURNED, RETURN_TOTAL, MOVED)
