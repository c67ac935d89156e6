"""Laws of the stock room."""

from __future__ import annotations

from tradepost.wiring.doctor.law import IN_ORDER, Law, law

_PLACE = "location_id variant_id"


def _sum_law(name: str, sentence: str, over: str, column: str, counted: str) -> Law:
    """A column of ``stocks`` is what rows of another table add up to, and no row lacks its stock.

    ``counted`` is the other table's select of place and quantity.
    """
    return law(
        name,
        sentence,
        over=over,
        keys=_PLACE,
        query=f"""
        SELECT location_id, variant_id, sum(counted) AS expected,
               CASE WHEN sum(there) = 0 THEN NULL ELSE sum(kept) END AS found
          FROM (SELECT location_id, variant_id, {column} AS kept, 0 AS counted, 1 AS there
                  FROM stocks WHERE tenant_id = :tenant
                 UNION ALL
                SELECT location_id, variant_id, 0, sum(quantity), 0
                  FROM ({counted}) AS rows_of_it GROUP BY location_id, variant_id) AS sides
         GROUP BY location_id, variant_id
        HAVING sum(kept) <> sum(counted) OR sum(there) = 0""",  # noqa: S608  texts of this file
    )


def _active(owner_kind: str) -> str:
    return f"""SELECT location_id, variant_id, quantity FROM reservations
                WHERE tenant_id = :tenant AND state = 'active'
                  AND owner_kind = '{owner_kind}'"""  # noqa: S608  words of this file


ON_HAND = _sum_law(
    "stock.on_hand",
    "What is on hand is the sum of all movements.",
    "stocks stock_movements",
    "on_hand",
    """SELECT location_id, variant_id, delta AS quantity FROM stock_movements
        WHERE tenant_id = :tenant""",
)
RECEIVED = _sum_law(
    "stock.received",
    "What was ever received is the sum of all receipts.",
    "stocks stock_movements",
    "received_total",
    f"""SELECT location_id, variant_id, delta AS quantity FROM stock_movements
         WHERE tenant_id = :tenant{IN_ORDER} AND kind = 'receive'""",  # noqa: S608  texts of this file
)
HELD = _sum_law(
    "stock.held",
    "What is held is the sum of carts' living reservations.",
    "stocks reservations",
    "held",
    _active("cart"),
)
ALLOCATED = _sum_law(
    "stock.allocated",
    "What is allocated is the sum of orders' living reservations.",
    "stocks reservations",
    "allocated",
    _active("order"),
)
NOT_OVERSOLD = law(
    "stock.not_oversold",
    "No more has left than was there.",
    over="stocks",
    keys=_PLACE,
    query="""
    SELECT location_id, variant_id, 0 AS expected, on_hand AS found
      FROM stocks WHERE tenant_id = :tenant AND on_hand < 0""",
)
PROMISED = law(
    "stock.promised",
    "No more is promised to orders than is there, unless by backorder or an open shortfall.",
    over="stocks",
    keys=_PLACE,
    query="""
    SELECT s.location_id, s.variant_id, s.on_hand AS expected, s.allocated AS found
      FROM stocks AS s
     WHERE s.tenant_id = :tenant AND s.allocated > s.on_hand AND s.allocated > 0
       AND s.allows_backorder = 0
       AND NOT EXISTS (SELECT 1 FROM variants AS v WHERE v.tenant_id = s.tenant_id
                          AND v.id = s.variant_id AND v.backorder = 1)
       AND NOT EXISTS (SELECT 1 FROM shortfalls AS f WHERE f.tenant_id = s.tenant_id
                          AND f.location_id = s.location_id AND f.variant_id = s.variant_id
                          AND f.state = 'open')""",
)
OF_ORDERS = law(
    "stock.of_orders",
    "Each unit that a placed order has yet to ship is allocated to it, and no other is.",
    over="reservations",
    keys="order_id line_id variant_id",
    query="""
    SELECT order_id, line_id, variant_id, sum(wanted) AS expected, sum(promised) AS found
      FROM (SELECT l.order_id, l.id AS line_id, l.variant_id,
                   l.quantity - l.cancelled - l.shipped AS wanted, 0 AS promised
              FROM orders AS o
              JOIN order_lines AS l ON l.tenant_id = o.tenant_id AND l.order_id = o.id
             WHERE o.tenant_id = :tenant AND o.state = 'placed'
               AND l.fulfillment_type IN ('physical', 'prepared') AND l.stocked = 1
             UNION ALL
            SELECT owner_id, line_id, variant_id, 0, quantity FROM reservations
             WHERE tenant_id = :tenant AND state = 'active' AND owner_kind = 'order') AS sides
     GROUP BY order_id, line_id, variant_id HAVING sum(wanted) <> sum(promised)""",
)
OF_CARTS = law(
    "stock.of_carts",
    "What carts hold is held for carts that are open.",
    over="reservations",
    keys="cart_id reservation_id",
    query="""
    SELECT r.owner_id AS cart_id, r.id AS reservation_id, 'open' AS expected,
           CASE WHEN o.id IS NOT NULL THEN 'ordered' ELSE c.state END AS found
      FROM reservations AS r
      LEFT JOIN carts AS c ON c.tenant_id = r.tenant_id AND c.id = r.owner_id
      LEFT JOIN orders AS o ON o.tenant_id = r.tenant_id AND o.cart_id = r.owner_id
     WHERE r.tenant_id = :tenant AND r.state = 'active' AND r.owner_kind = 'cart'
       AND (c.id IS NULL OR c.state <> 'open' OR o.id IS NOT NULL)""",
)
LAWS = (ON_HAND, RECEIVED, HELD, ALLOCATED, NOT_OVERSOLD, PROMISED, OF_ORDERS, OF_CARTS)
