"""Laws of people: who was erased is named nowhere."""

from __future__ import annotations

from datetime import timedelta

from tradepost.kernel.clock import to_micros
from tradepost.platform.db.work import Reader
from tradepost.wiring.doctor.facts import LATE_S, first_id
from tradepost.wiring.doctor.law import Found, Law, Sight, statement

_NAMED = """
    (k.email IS NOT NULL OR coalesce(k.ship_to ->> 'name', '') <> ''
     OR coalesce(k.ship_to ->> 'line1', '') <> '' OR coalesce(k.ship_to ->> 'city', '') <> ''
     OR coalesce(k.ship_to ->> 'phone', '') <> '')"""


def _kept_in(table: str) -> str:
    return f"""
        SELECT '{table}' AS tab, k.id AS id
          FROM customers AS c
          JOIN {table} AS k ON k.tenant_id = c.tenant_id AND k.customer_id = c.id
         WHERE c.tenant_id = :tenant AND c.status = 'erased' AND {_NAMED}
           AND NOT EXISTS (
               SELECT 1 FROM event_log AS e
                WHERE e.tenant_id = c.tenant_id AND e.stream_id = c.id
                  AND e.name = 'customer.erased' AND e.event_id > :border)
           AND NOT EXISTS (
               SELECT 1 FROM outbox AS e
                WHERE e.tenant_id = c.tenant_id AND e.stream_id = c.id
                  AND e.name = 'customer.erased' AND e.event_id > :border)"""  # noqa: S608  names of the schema


def _forgotten() -> Law:
    """Whoever keeps a copy has a minute to hear of the erasure."""
    query = statement(f"""
        SELECT found.tab, found.id, count(*) OVER ()
          FROM ({_kept_in("orders")} UNION ALL {_kept_in("carts")}) AS found
         LIMIT :most""")  # noqa: S608  texts of this file

    async def look(db: Reader, sight: Sight) -> Found:
        border = first_id(to_micros(sight.now - timedelta(seconds=LATE_S)))
        rows = await db.all(query, border=border, most=sight.most)
        told = [(tab, id, "nobody", "a mail address, name or address") for tab, id, _ in rows]
        return Found(int(rows[0][-1]) if rows else 0, told)

    return Law(
        "people.forgotten",
        "Orders and carts of an erased customer name nobody.",
        ("carts", "customers", "orders"),
        ("table", "id"),
        look,
    )


LAWS = (_forgotten(),)
