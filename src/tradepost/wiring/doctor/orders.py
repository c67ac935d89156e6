"""Laws of orders, parcels and returns."""

from __future__ import annotations

from itertools import groupby

from tradepost.kernel.currencies import EXPONENTS
from tradepost.wiring.doctor.law import Law, law

_SHIPS = "fulfillment_type IN ('physical', 'prepared')"
"""Lines whose goods leave a shelf."""


def _micros_per_minor() -> str:
    """Millionths of the major unit in a minor unit of the order's currency."""
    by_digits = groupby(sorted(EXPONENTS.items(), key=_digits), key=_digits)
    cases = [
        f"WHEN o.currency IN ({', '.join(repr(code) for code, _ in codes)})"
        f" THEN {10 ** (6 - digits)}"
        for digits, codes in by_digits
        if digits != 2
    ]
    return f"CASE {' '.join(cases)} ELSE 10000 END"


def _digits(currency: tuple[str, int]) -> int:
    return currency[1]


def _of_lines(name: str, sentence: str, amounts: str) -> Law:
    """What orders say of themselves is what their lines add up to.

    ``amounts`` selects the expected and the found value of each order ``o``, its lines summed
    in ``l``.
    """
    return law(
        name,
        sentence,
        over="orders order_lines",
        keys="order_id number",
        query=f"""
        SELECT id, number, expected, found
          FROM (SELECT o.id, o.number, {amounts}
                  FROM orders AS o
                  LEFT JOIN (SELECT order_id, sum(amount_amount) AS amount, sum(tax_amount) AS tax,
                                    sum(discount_amount) AS discount, sum(shipped) AS shipped,
                                    sum(CASE WHEN {_SHIPS} THEN quantity - cancelled ELSE 0 END)
                                    AS to_ship
                               FROM order_lines WHERE tenant_id = :tenant
                              GROUP BY order_id) AS l ON l.order_id = o.id
                 WHERE o.tenant_id = :tenant) AS both_sides
         WHERE expected <> found""",  # noqa: S608  texts of this file
    )


ONE_PER_CART = law(
    "orders.one_per_cart",
    "A cart becomes one order at most.",
    over="orders",
    keys="cart_id",
    query="""
    SELECT cart_id, 1 AS expected, count(*) AS found
      FROM orders WHERE tenant_id = :tenant AND cart_id IS NOT NULL
     GROUP BY cart_id HAVING count(*) > 1""",
)
NUMBERS = law(
    "orders.numbers",
    "Numbers of orders are above zero, each is used once, and all have been given out.",
    over="orders",
    keys="number",
    query="""
    SELECT o.number, 'given out once' AS expected,
           CASE WHEN o.number <= 0 THEN 'zero or below'
                WHEN count(*) > 1 THEN 'used more than once' ELSE 'never given out' END AS found
      FROM orders AS o
      LEFT JOIN document_numbers AS n ON n.tenant_id = o.tenant_id AND n.series = 'order'
     WHERE o.tenant_id = :tenant GROUP BY o.number
    HAVING o.number <= 0 OR count(*) > 1 OR o.number >= coalesce(max(n.next), 0)""",
)
SUBTOTAL = _of_lines(
    "orders.subtotal",
    "An order's subtotal is the sum of its lines.",
    "coalesce(l.amount, 0) AS expected, o.subtotal_amount AS found",
)
DISCOUNT = _of_lines(
    "orders.discount",
    "An order's discount is what was taken off its lines.",
    "coalesce(l.discount, 0) AS expected, o.discount_amount AS found",
)
TAX = _of_lines(
    "orders.tax",
    "An order's tax is that of its lines and of its fees.",
    "coalesce(l.tax, 0) + o.shipping_tax_amount + o.cod_fee_tax_amount AS expected, "
    "o.tax_amount AS found",
)
TOTAL = law(
    "orders.total",
    "Total = subtotal − discount + shipping + fee at the door + rounding, and tax unless "
    "prices include it.",
    over="orders",
    keys="order_id number",
    query="""
    SELECT id, number, expected, found
      FROM (SELECT id, number, total_amount AS found,
                   subtotal_amount - discount_amount + shipping_amount
                   + cod_fee_amount + rounding_amount
                   + CASE WHEN tax_included = 1 THEN 0 ELSE tax_amount END AS expected
              FROM orders WHERE tenant_id = :tenant) AS both_sides
     WHERE expected <> found""",
)
TO_SHIP = _of_lines(
    "orders.to_ship",
    "The units that an order ships are those of its lines that were not called off.",
    "coalesce(l.to_ship, 0) AS expected, o.units_to_ship AS found",
)
SHIPPED = _of_lines(
    "orders.shipped",
    "The units of an order that have left are those of its lines.",
    "coalesce(l.shipped, 0) AS expected, o.units_shipped AS found",
)
LINES = law(
    "orders.lines",
    "Of a line no more is called off, leaves or comes back than was ordered, left or kept.",
    over="order_lines",
    keys="order_id line_id",
    query=f"""
    SELECT order_id, id, 'called off, shipped, returned within ' || quantity AS expected,
           cancelled || ', ' || shipped || ', ' || returned AS found
      FROM order_lines
     WHERE tenant_id = :tenant
       AND (quantity <= 0 OR cancelled < 0 OR shipped < 0 OR returned < 0
            OR shipped + cancelled > quantity
            OR (shipped > 0 AND NOT {_SHIPS})
            OR returned > CASE WHEN {_SHIPS} THEN shipped ELSE quantity - cancelled END)""",  # noqa: S608  texts of this file
)
AMOUNTS = law(
    "orders.amounts",
    "A line's amount is its price times what is wanted of it, to less than one minor unit: "
    "of the line, or of each unit alike; to two where units came back and others were called off.",
    over="order_lines",
    keys="order_id line_id",
    query=f"""
    SELECT order_id, id, 'about ' || CAST(exact / divisor AS bigint) AS expected,
           amount_amount AS found
      FROM (SELECT l.order_id, l.id, l.amount_amount,
                   CAST(l.unit_price_micros AS numeric) * (l.quantity - l.cancelled) AS exact,
                   CAST(l.price_per AS numeric) * {_micros_per_minor()} AS divisor,
                   CASE WHEN l.returned > 0 AND l.cancelled > 0 THEN 2 ELSE 1 END AS most,
                   (l.quantity - l.cancelled) / l.price_per AS units,
                   (l.quantity - l.cancelled) % l.price_per AS odd
              FROM order_lines AS l
              JOIN orders AS o ON o.tenant_id = l.tenant_id AND o.id = l.order_id
             WHERE l.tenant_id = :tenant AND o.state <> 'cancelled') AS priced
     WHERE abs(amount_amount * divisor - exact) >= divisor * most
       AND NOT (odd = 0 AND units > 0 AND amount_amount % coalesce(nullif(units, 0), 1) = 0
                AND abs(amount_amount * divisor - exact) < divisor * units)""",  # noqa: S608  texts of this file
)
STATES = law(
    "orders.states",
    "A completed order is paid and has left, a cancelled one never left, only these are closed.",
    over="orders",
    keys="order_id number state",
    query="""
    SELECT id, number, state,
           CASE state WHEN 'completed' THEN 'paid, shipped, closed'
                      WHEN 'cancelled' THEN 'nothing shipped, closed'
                      ELSE 'open' END AS expected,
           'paid ' || (paid_amount - refunded_amount) || ' of '
           || (total_amount - credited_amount) || ', shipped ' || units_shipped
           || ' of ' || units_to_ship
           || CASE WHEN closed_at IS NULL THEN ', open' ELSE ', closed' END AS found
      FROM orders
     WHERE tenant_id = :tenant
       AND CASE state
           WHEN 'completed'
           THEN paid_amount - refunded_amount < total_amount - credited_amount
                OR units_shipped < units_to_ship OR closed_at IS NULL
           WHEN 'cancelled' THEN units_shipped > 0 OR closed_at IS NULL
           ELSE closed_at IS NOT NULL END""",
)
LAWS = (
    ONE_PER_CART,
    NUMBERS,
    SUBTOTAL,
    DISCOUNT,
    TAX,
    TOTAL,
    TO_SHIP,
    SHIPPED,
    LINES,
    AMOUNTS,
    STATES,
)
