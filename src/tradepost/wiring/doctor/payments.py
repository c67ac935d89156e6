"""Laws of payments, refunds and credit notes, and of what the ledger says of them."""

from __future__ import annotations

from tradepost.wiring.doctor.law import Law, law


def _summed(name: str, sentence: str, over: str, keys: str, *, said: str, parts: str) -> Law:
    """What records say of themselves is what their parts add up to.

    ``said`` selects the keys and ``expected``, 0 as ``found``; ``parts`` the keys, 0, and the part.
    """
    return law(
        name,
        sentence,
        over=over,
        keys=keys,
        query=f"""
        SELECT {", ".join(keys.split())}, sum(expected) AS expected, sum(found) AS found
          FROM ({said} UNION ALL {parts}) AS both_sides
         GROUP BY {", ".join(keys.split())} HAVING sum(expected) <> sum(found)""",  # noqa: S608  texts of this file
    )


ALLOCATED = _summed(
    "payments.allocated",
    "What orders were given of a payment is what the payment says.",
    "payments payment_allocations",
    "payment_id",
    said="""SELECT payment_id, amount_amount AS expected, 0 AS found
              FROM payment_allocations WHERE tenant_id = :tenant""",
    parts="SELECT id, 0, allocated_amount FROM payments WHERE tenant_id = :tenant",
)
WITHIN = law(
    "payments.within",
    "Of a payment no more goes to orders or back than came in, and money only by a capture.",
    over="payments",
    keys="payment_id state",
    query="""
    SELECT id, state, 'at most ' || captured_amount AS expected,
           'orders ' || allocated_amount || ', back ' || refunded_amount AS found
      FROM payments
     WHERE tenant_id = :tenant
       AND (allocated_amount + credit_refunded_amount
            + CASE WHEN state = 'captured' THEN tip_amount ELSE 0 END > captured_amount
            OR refunded_amount > captured_amount OR credit_refunded_amount > refunded_amount
            OR (captured_amount > 0) <> (state = 'captured'))""",
)
REFUNDED = _summed(
    "payments.refunded",
    "What of a payment went back or is on its way is the sum of its refunds that did not fail.",
    "payments refunds",
    "payment_id",
    said="""SELECT payment_id, amount_amount AS expected, 0 AS found FROM refunds
             WHERE tenant_id = :tenant AND payment_id IS NOT NULL AND state <> 'failed'""",
    parts="SELECT id, 0, refunded_amount FROM payments WHERE tenant_id = :tenant",
)
SHARES_REFUNDED = _summed(
    "payments.shares_refunded",
    "What of an order's share of a payment went back is the sum of the refunds of both.",
    "payment_allocations refunds",
    "payment_id order_id",
    said="""SELECT payment_id, order_id, amount_amount AS expected, 0 AS found FROM refunds
             WHERE tenant_id = :tenant AND payment_id IS NOT NULL AND order_id IS NOT NULL
               AND state <> 'failed'""",
    parts="""SELECT payment_id, order_id, 0, refunded_amount
               FROM payment_allocations WHERE tenant_id = :tenant""",
)
ORDERS_PAID = _summed(
    "payments.orders_paid",
    "What an order was paid is the sum of what it was given of payments.",
    "orders payment_allocations",
    "order_id",
    said="""SELECT order_id, amount_amount AS expected, 0 AS found
              FROM payment_allocations WHERE tenant_id = :tenant""",
    parts="SELECT id, 0, paid_amount FROM orders WHERE tenant_id = :tenant",
)
_PROMISED = {
    "sqlite": """
    SELECT o.id, o.promised_amount AS expected, coalesce(sum(s.amount), 0) AS found
      FROM orders AS o
      LEFT JOIN (SELECT replace(json_extract(j.value, '$.order_id'), '-', '') AS order_id,
                        json_extract(j.value, '$.amount') AS amount
                   FROM payments AS p CROSS JOIN json_each(p.promised) AS j
                  WHERE p.tenant_id = :tenant) AS s ON s.order_id = lower(hex(o.id))
     WHERE o.tenant_id = :tenant GROUP BY o.id, o.promised_amount
    HAVING o.promised_amount <> coalesce(sum(s.amount), 0)""",
    "postgresql": """
    SELECT o.id, o.promised_amount AS expected, coalesce(sum(s.amount), 0) AS found
      FROM orders AS o
      LEFT JOIN (SELECT CAST(j.value ->> 'order_id' AS uuid) AS order_id,
                        CAST(j.value ->> 'amount' AS bigint) AS amount
                   FROM payments AS p, LATERAL jsonb_array_elements(p.promised) AS j(value)
                  WHERE p.tenant_id = :tenant) AS s ON s.order_id = o.id
     WHERE o.tenant_id = :tenant GROUP BY o.id, o.promised_amount
    HAVING o.promised_amount <> coalesce(sum(s.amount), 0)""",
}
ORDERS_PROMISED = law(
    "payments.orders_promised",
    "What an order counts on is what authorized payments promise it.",
    over="orders payments",
    keys="order_id",
    query=_PROMISED,
)
ORDERS_REFUNDED = _summed(
    "payments.orders_refunded",
    "What an order was refunded is the sum of its refunds that were issued.",
    "orders refunds",
    "order_id",
    said="""SELECT order_id, amount_amount AS expected, 0 AS found FROM refunds
             WHERE tenant_id = :tenant AND order_id IS NOT NULL AND state = 'issued'""",
    parts="SELECT id, 0, refunded_amount FROM orders WHERE tenant_id = :tenant",
)
ORDERS_CREDITED = _summed(
    "payments.orders_credited",
    "What an order was credited is the sum of its credit notes and of what corrects them.",
    "orders credit_notes",
    "order_id",
    said="""SELECT order_id, total_amount AS expected, 0 AS found
              FROM credit_notes WHERE tenant_id = :tenant AND order_id IS NOT NULL""",
    parts="SELECT id, 0, credited_amount FROM orders WHERE tenant_id = :tenant",
)
BACK = law(
    "payments.orders_back",
    "Of an order no more goes back, or is on its way, than came in for it, by any payment.",
    over="payment_allocations refunds",
    keys="order_id",
    query="""
    SELECT order_id, 'up to ' || sum(came) AS expected, sum(gone) AS found
      FROM (SELECT order_id, amount_amount AS came, 0 AS gone
              FROM payment_allocations WHERE tenant_id = :tenant
            UNION ALL
            SELECT order_id, 0, amount_amount FROM refunds
             WHERE tenant_id = :tenant AND order_id IS NOT NULL AND state <> 'failed') AS sides
     GROUP BY order_id HAVING sum(gone) > sum(came)""",
)
NUMBERS = law(
    "payments.credit_note_numbers",
    "Numbers of credit notes run from one without a gap, and all have been given out.",
    over="credit_notes",
    keys="last_number",
    query="""
    SELECT max(n.number), coalesce(max(s.next), 1) - 1 AS expected,
           CASE WHEN min(n.number) = 1 AND max(n.number) = count(DISTINCT n.number)
                THEN count(*) ELSE -1 END AS found
      FROM credit_notes AS n
      LEFT JOIN credit_note_numbers AS s
        ON s.tenant_id = n.tenant_id AND s.series = 'credit_note'
     WHERE n.tenant_id = :tenant
    HAVING coalesce(max(s.next), 1) - 1 <> count(*)
        OR min(n.number) <> 1 OR max(n.number) <> count(DISTINCT n.number)""",
)


def _posted(name: str, sentence: str, over: str, said: str, kinds: str, codes: str) -> Law:
    """What documents came to is what was posted for them under some codes.

    ``said`` selects ``document_id`` and ``expected``, 0 as ``found``.
    """
    return _summed(
        name,
        sentence,
        over,
        "document_id",
        said=said,
        parts=f"""SELECT document_id, 0, amount_amount FROM transfers
                   WHERE tenant_id = :tenant AND document_kind IN ({kinds})
                     AND code IN ({codes})""",  # noqa: S608  texts of this file
    )


PAYMENTS_POSTED = _posted(
    "ledger.payments",
    "What was posted for a payment is what came in by it.",
    "payments transfers",
    """SELECT id AS document_id, captured_amount AS expected, 0 AS found
         FROM payments WHERE tenant_id = :tenant""",
    "'payment'",
    "'payment', 'tip'",
)
REFUNDS_POSTED = _summed(
    "ledger.refunds",
    "What was posted for a refund is its amount, while it counts as issued.",
    "refunds transfers",
    "document_id",
    said="""SELECT id AS document_id,
                   CASE state WHEN 'issued' THEN amount_amount ELSE 0 END AS expected,
                   0 AS found FROM refunds WHERE tenant_id = :tenant""",
    parts="""SELECT document_id, 0,
                    CASE WHEN credit IN ('receivable', 'customer_credit')
                         THEN -amount_amount ELSE amount_amount END
               FROM transfers
              WHERE tenant_id = :tenant AND document_kind = 'refund' AND code = 'refund'""",
)
NOTES_POSTED = _summed(
    "ledger.credit_notes",
    "What was posted for a credit note is its total; for a correction it runs the other way.",
    "credit_notes transfers",
    "document_id",
    said="""SELECT coalesce(return_id, id) AS document_id, total_amount AS expected, 0 AS found
              FROM credit_notes WHERE tenant_id = :tenant""",
    parts="""SELECT document_id, 0,
                    CASE WHEN debit = 'receivable' THEN -amount_amount ELSE amount_amount END
               FROM transfers
              WHERE tenant_id = :tenant AND document_kind IN ('return', 'credit_note')
                AND code IN ('return', 'service_return', 'allowance', 'tax_return',
                             'cash_rounding')""",
)
CUSTOMER_CREDIT = law(
    "ledger.customer_credit",
    "The credit of customers in the books is what of payments no order has and nobody got back.",
    over="payments refunds transfers",
    keys="currency",
    query="""
    SELECT currency, sum(expected) AS expected, sum(found) AS found
      FROM (SELECT currency, captured_amount - allocated_amount - tip_amount AS expected,
                   0 AS found
              FROM payments WHERE tenant_id = :tenant AND state = 'captured'
            UNION ALL
            SELECT currency, -amount_amount, 0 FROM refunds
             WHERE tenant_id = :tenant AND order_id IS NULL AND return_id IS NULL
               AND state = 'issued'
            UNION ALL
            SELECT currency, 0, amount_amount FROM transfers
             WHERE tenant_id = :tenant AND credit = 'customer_credit'
            UNION ALL
            SELECT currency, 0, -amount_amount FROM transfers
             WHERE tenant_id = :tenant AND debit = 'customer_credit') AS both_sides
     GROUP BY currency HAVING sum(expected) <> sum(found)""",
)
LAWS = (
    ALLOCATED,
    WITHIN,
    REFUNDED,
    SHARES_REFUNDED,
    ORDERS_PAID,
    ORDERS_PROMISED,
    ORDERS_REFUNDED,
    ORDERS_CREDITED,
    BACK,
    NUMBERS,
    PAYMENTS_POSTED,
    REFUNDS_POSTED,
    NOTES_POSTED,
    CUSTOMER_CREDIT,
)
