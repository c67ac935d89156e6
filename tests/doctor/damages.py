"""For each law a way to break it, and it alone."""

from __future__ import annotations

from tests.doctor.patients import OLD, Damage
from tests.doctor.trade import FEATHERS


def one(table: str, change: str, where: str) -> Damage:
    """One row of a table is written over."""
    return Damage((_one(table, change, where),))


def _one(table: str, change: str, where: str) -> str:
    return f"UPDATE {table} SET {change} WHERE id = (SELECT id FROM {table} WHERE {where} LIMIT 1)"


_FEATHER = "variant_id IN (SELECT id FROM variants WHERE sku = 'feather')"
_ORDER_OF = "SELECT order_id FROM order_lines GROUP BY order_id, variant_id HAVING count(*) > 1"

_REFUNDED = "refunded_amount > 1 AND credit_refunded_amount < refunded_amount"

_PAID_AS_GIVEN = """UPDATE orders SET paid_amount = (
    SELECT sum(amount_amount) FROM payment_allocations AS a
     WHERE a.tenant_id = orders.tenant_id AND a.order_id = orders.id) WHERE paid_amount > 0"""

_OPEN_DRAWER = "shift_id IN (SELECT id FROM shifts WHERE state = 'open')"

_LONG = "SELECT stream_id FROM outbox WHERE stream = 'order' AND version = 3 LIMIT 1"


_NOT_OF_A_TABLE = """SELECT l.id FROM order_lines AS l JOIN orders AS o
    ON o.tenant_id = l.tenant_id AND o.id = l.order_id
    WHERE o.channel <> 'table' AND l.tenant_id = round_lines.tenant_id LIMIT 1"""


def _copied(tenant_id: str, stream_id: str, where: str) -> str:
    """A fact that was told is told again, of another shop or document."""
    return f"""INSERT INTO outbox (tenant_id, event_id, stream, stream_id, version, name, schema,
        body, actor_kind, actor_id, reason, request_id, happened_at)
        SELECT {tenant_id}, {{fresh}}, stream, {stream_id}, version, name, schema,
               body, actor_kind, actor_id, reason, request_id, happened_at
          FROM outbox WHERE {where} LIMIT 1"""


DAMAGES: dict[str, Damage] = {
    "stock.on_hand": one("stock_movements", "delta = delta + 1", "kind = 'adjust'"),
    "stock.received": Damage(
        (f"UPDATE stocks SET received_total = received_total + 1 WHERE {_FEATHER}",)
    ),
    "stock.held": one(
        "reservations", "quantity = quantity + 1", "state = 'active' AND owner_kind = 'cart'"
    ),
    # What is free stays as it was told, so that only the sum is wrong.
    "stock.allocated": Damage(
        ("UPDATE stocks SET allocated = allocated + 1, safety = safety - 1 WHERE safety > 0",)
    ),
    "stock.not_oversold": Damage(
        (
            f"UPDATE stocks SET on_hand = -1, received_total = 0 WHERE {_FEATHER}",
            f"UPDATE stock_movements SET delta = -1, kind = 'adjust' WHERE {_FEATHER}",
            *(
                f"""UPDATE {table} SET body = replace(body,
                    '"on_hand":{FEATHERS},"available":{FEATHERS}',
                    '"on_hand":-1,"available":-1') WHERE name = 'inventory.updated'"""
                for table in ("event_log", "outbox")
            ),
        )
    ),
    "stock.promised": Damage(
        ("UPDATE stocks SET allows_backorder = 0 WHERE allows_backorder = 1",)
    ),
    "stock.of_orders": one(
        "reservations", "line_id = {fresh}", "state = 'active' AND owner_kind = 'order'"
    ),
    "stock.of_carts": one(
        "carts",
        "state = 'merged'",
        "id IN (SELECT owner_id FROM reservations WHERE state = 'active')",
    ),
    "orders.one_per_cart": Damage(
        (
            _one(
                "orders",
                """cart_id = (SELECT cart_id FROM orders AS o WHERE o.cart_id IS NOT NULL
                                 AND o.tenant_id = orders.tenant_id LIMIT 1)""",
                "cart_id IS NULL AND state = 'placed'",
            ),
        ),
        unbound=("orders",),
    ),
    "orders.numbers": one("orders", "number = 0", "number > 0"),
    "orders.subtotal": one(
        "orders",
        "subtotal_amount = subtotal_amount + 1, rounding_amount = rounding_amount - 1",
        "total_amount > 0",
    ),
    "orders.discount": one(
        "orders",
        "discount_amount = discount_amount + 1, rounding_amount = rounding_amount + 1",
        "total_amount > 0",
    ),
    "orders.amounts": one(
        "order_lines",
        "unit_price_micros = unit_price_micros + 10000",
        "cancelled = 0 AND quantity > 1",
    ),
    "orders.tax": one("order_lines", "tax_amount = tax_amount + 1", "quantity > 0"),
    "orders.total": one("orders", "rounding_amount = rounding_amount + 1", "total_amount > 0"),
    "orders.to_ship": one("orders", "units_to_ship = units_to_ship + 1", "state = 'placed'"),
    "orders.shipped": one(
        "orders", "units_shipped = units_shipped - 1", "state = 'placed' AND units_shipped > 0"
    ),
    "orders.lines": one(
        "order_lines", "cancelled = -1", "fulfillment_type = 'service' AND cancelled = quantity"
    ),
    "orders.states": one("orders", "closed_at = placed_at", "state = 'placed'"),
    "shipping.shipped": Damage(
        (
            f"""UPDATE shipment_lines SET order_line_id = (
                SELECT m.id FROM order_lines AS l
                  JOIN order_lines AS m ON m.tenant_id = l.tenant_id
                   AND m.order_id = l.order_id AND m.variant_id = l.variant_id AND m.id <> l.id
                 WHERE l.tenant_id = shipment_lines.tenant_id
                   AND l.id = shipment_lines.order_line_id LIMIT 1)
                WHERE id = (SELECT s.id FROM shipment_lines AS s
                  JOIN order_lines AS l ON l.tenant_id = s.tenant_id AND l.id = s.order_line_id
                 WHERE l.order_id IN ({_ORDER_OF}) LIMIT 1)""",
        )
    ),
    "shipping.returned": one("order_lines", "returned = returned - 1", "returned > 0"),
    "shipping.return_total": one("returns", "total_amount = total_amount + 1", "total_amount > 0"),
    "shipping.moved": one(
        "stock_movements",
        """cause_id = (SELECT id FROM shipments AS s WHERE s.tenant_id = stock_movements.tenant_id
                          AND s.id <> cause_id LIMIT 1)""",
        "cause_kind = 'shipment'",
    ),
    "delivery.slots": one("slots", "taken = taken - 1", "taken > 0"),
    "delivery.picked": one("pick_lines", "short = short - 1", "short > 0"),
    "delivery.stages": one("deliveries", "state = 'failed'", "state = 'completed'"),
    "delivery.cash": one(
        "transfers",
        "debit = 'cod_receivable'",
        "debit LIKE 'cod_receivable:%' AND code = 'payment'",
    ),
    "delivery.handed_in": one("hand_ins", "missing_amount = missing_amount + 1", "1 = 1"),
    "downloads.counted": one("download_grants", "downloads_used = 2", "downloads_used = 1"),
    "downloads.bought": Damage(
        ("UPDATE order_lines SET fulfillment_type = 'service' WHERE sku = 'song'",)
    ),
    "ledger.sound": one("transfers", "credit = 'nowhere'", "document_kind = 'adjustment'"),
    "ledger.orders": one("transfers", "amount_amount = amount_amount + 1", "code = 'sale'"),
    "ledger.tax": Damage(
        (
            """UPDATE orders SET tax_amount = tax_amount + 1, tax_included = 1
                WHERE state = 'placed' AND tax_amount = 0 AND id NOT IN
                      (SELECT order_id FROM order_lines WHERE vendor_id IS NOT NULL)""",
            """UPDATE order_lines SET tax_amount = tax_amount + 1 WHERE position = 1
                  AND order_id IN (SELECT id FROM orders WHERE tax_amount = 1)""",
        )
    ),
    "payments.allocated": Damage(
        (
            _one("payment_allocations", "amount_amount = amount_amount + 1", "refunded_amount = 0"),
            _PAID_AS_GIVEN,
        )
    ),
    "payments.within": one("payments", "state = 'pending'", "captured_amount > 0"),
    "payments.refunded": one("payments", "refunded_amount = refunded_amount - 1", _REFUNDED),
    "payments.shares_refunded": one(
        "payment_allocations", "refunded_amount = refunded_amount - 1", "refunded_amount > 0"
    ),
    "payments.orders_paid": one(
        "orders", "paid_amount = paid_amount - 1", "paid_amount > 0 AND state = 'placed'"
    ),
    "payments.orders_promised": one(
        "orders", "promised_amount = promised_amount + 1", "number > 0"
    ),
    "payments.orders_refunded": one(
        "orders", "refunded_amount = refunded_amount - 1", "refunded_amount > 0"
    ),
    "payments.orders_credited": one(
        "orders", "credited_amount = credited_amount + 1", "credited_amount > 0"
    ),
    # More of a payment is told to be another order's, so that one got back more than it gave.
    "payments.orders_back": Damage(
        (
            "UPDATE payment_allocations SET amount_amount = 300 WHERE refunded_amount = 333",
            "UPDATE payment_allocations SET amount_amount = 2900 WHERE amount_amount = 700",
            _PAID_AS_GIVEN,
        ),
        unbound=("payment_allocations",),
    ),
    "payments.credit_note_numbers": one("credit_notes", "number = 0", "number > 0"),
    "ledger.payments": one("transfers", "code = 'sale'", "code = 'payment'"),
    "ledger.refunds": one("transfers", "code = 'sale'", "code = 'refund'"),
    "ledger.credit_notes": one("transfers", "code = 'sale'", "code = 'return'"),
    "ledger.customer_credit": one("transfers", "credit = 'bad_debt'", "credit = 'customer_credit'"),
    "payments.notes": one("credit_notes", "lines = '[]'", "total_amount > 0"),
    "payments.credited": Damage(
        (
            _one(
                "credit_notes",
                """order_id = (SELECT id FROM orders AS o
                    WHERE o.tenant_id = credit_notes.tenant_id
                      AND o.state = 'placed' ORDER BY o.total_amount LIMIT 1)""",
                "order_id IS NOT NULL AND total_amount > 3000",
            ),
            """UPDATE orders SET credited_amount = coalesce((
                SELECT sum(total_amount) FROM credit_notes AS n
                 WHERE n.tenant_id = orders.tenant_id AND n.order_id = orders.id), 0)""",
        )
    ),
    # One line is told to have cost nothing, and the other of its order so much more.
    "payments.lines_credited": Damage(
        (
            """UPDATE order_lines SET unit_price_micros = 0, amount_amount = 0
                WHERE position = 1 AND returned = 2 AND order_id IN (
                      SELECT order_id FROM order_lines WHERE position = 2 AND returned = 1)""",
            """UPDATE order_lines SET amount_amount = amount_amount + 3750,
                      unit_price_micros = unit_price_micros + 37500000
                WHERE position = 2 AND returned = 1 AND order_id IN (
                      SELECT order_id FROM order_lines WHERE position = 1 AND returned = 2)""",
        )
    ),
    "payments.returns": Damage(
        (
            _one("returns", "total_amount = total_amount + 1", "order_id IS NULL"),
            """UPDATE return_lines SET amount_amount = amount_amount + 1
                WHERE position = 1 AND return_id IN (
                    SELECT r.id FROM returns AS r
                      JOIN credit_notes AS n ON n.tenant_id = r.tenant_id AND n.return_id = r.id
                     WHERE r.order_id IS NULL AND n.total_amount <> r.total_amount)""",
        )
    ),
    "ledger.paid": one(
        "transfers", "credit = 'bad_debt'", "document_kind = 'payment' AND credit = 'receivable'"
    ),
    "ledger.takings": one(
        "transfers", "debit = 'discounts'", "document_kind = 'payment' AND debit = 'bank'"
    ),
    "ledger.tax_back": one("transfers", "code = 'tax_return'", "code = 'return'"),
    "ledger.voided": one("transfers", "debit = 'bank'", "document_kind = 'credit_note_reversal'"),
    "ledger.clearing": one(
        "payments", "settled_at = opened_at", "method = 'gateway' AND state = 'captured'"
    ),
    "floor.cooked_once": one("kitchen_lines", "quantity = quantity + 1", "quantity > 0"),
    "floor.begun_once": one("kitchen_lines", "begun_at = NULL", "state = 'served'"),
    "floor.sold": one(
        "round_lines",
        f"order_line_id = ({_NOT_OF_A_TABLE})",
        "order_line_id IS NOT NULL",
    ),
    "floor.lines": one("round_lines", "gross_amount = gross_amount + 1", "gross_amount > 0"),
    "floor.together": one(
        "kitchen_tickets",
        "tab_id = (SELECT id FROM tabs WHERE name = 'spare' LIMIT 1)",
        "prints = 1",
    ),
    "floor.closed": one("tabs", "state = 'closed'", "name = 'owing'"),
    "floor.shared": one("checks", "amount_amount = amount_amount + 100000", "state = 'open'"),
    "floor.checks": one("checks", "tip_amount = tip_amount + 1", "paid_amount > 0"),
    # What one payment gave less the other of its check gave more.
    "floor.tenders": Damage(
        (
            _one("check_payments", "amount_amount = amount_amount + 1", "tip_amount = 77"),
            """UPDATE check_payments SET amount_amount = amount_amount - 1
                WHERE tip_amount <> 77 AND check_id IN (
                    SELECT c.id FROM checks AS c
                     WHERE c.paid_amount <> (SELECT sum(p.amount_amount) FROM check_payments AS p
                            WHERE p.tenant_id = c.tenant_id AND p.check_id = c.id))""",
        )
    ),
    "mall.commission_back": one(
        "transfers",
        "amount_amount = amount_amount + 1",
        """code = 'commission' AND document_kind = 'credit_note'
           AND id NOT IN (SELECT transfer_id FROM payout_entries)""",
    ),
    "mall.payouts": one("payouts", "entries = entries + 1", "state = 'paid'"),
    "mall.paid": one("payouts", "state = 'paid'", "state = 'exported'"),
    "mall.accounts": one("transfers", f"debit = 'vendor_payable:{OLD}'", "code = 'payout'"),
    "mall.earned": one(
        "order_lines", "commission_amount = commission_amount + 1", "commission_amount > 0"
    ),
    "counter.receipts": one("till_receipts", "number = 99", "number > 0"),
    "counter.tendered": one("tenders", "amount_amount = amount_amount + 1", "change_amount > 0"),
    "counter.drawers": one("drawer_movements", "amount_amount = amount_amount + 1", _OPEN_DRAWER),
    "counter.shifts": one("shifts", "counted_amount = counted_amount + 1", "state = 'closed'"),
    "facts.dense": Damage((f"DELETE FROM outbox WHERE stream_id = ({_LONG}) AND version = 2",)),
    "facts.ordered": Damage(
        (f"UPDATE outbox SET version = 3 - version WHERE stream_id = ({_LONG}) AND version < 3",)
    ),
    "facts.told": one("shipments", "version = version + 1", "version = 1"),
    "facts.logged": Damage(("UPDATE seq_counter SET n = n + 1",)),
    "facts.readable": Damage(
        ("UPDATE outbox SET name = 'ledger.imagined' WHERE name = 'ledger.adjusted'",)
    ),
    "facts.punctual": Damage(
        (
            "INSERT INTO workers (owner, seen_at) VALUES ('one', {now})",
            "UPDATE outbox SET event_id = {old} WHERE name = 'ledger.adjusted'",
        )
    ),
    "facts.stock": Damage((f"UPDATE stocks SET safety = safety + 1 WHERE {_FEATHER}",)),
    "facts.products": one("products", "version = version + 1", "status = 'active'"),
    "records.references": one("order_lines", "product_id = {fresh}", "quantity > 0"),
    "records.words": one("customers", "status = 'imagined'", "status <> ''"),
    "records.currencies": one("carts", "currency = 'EUR'", "currency = 'GBP'"),
    "records.answers": Damage(("UPDATE idempotency_keys SET answer = '{{}}'",)),
    "people.forgotten": one("customers", "status = 'erased'", "external_code = 'C-1'"),
    "lives.steps": Damage(("UPDATE tenants SET state = 'suspended'",)),
    "lives.provisioned": Damage(
        (
            """INSERT INTO provisioning_steps
               (tenant_id, number, digest, about, state_after, checks, taken_at)
               VALUES ((SELECT id FROM tenants LIMIT 1), 1, 'x', 'x', 'active', '[]', 0)""",
        )
    ),
    "records.shops": Damage((_copied("{fresh}", "stream_id", "name = 'ledger.adjusted'"),)),
}
