"""Laws of facts: each document tells every version once, in order, and nothing else tells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from tradepost.kernel.clock import to_micros
from tradepost.platform.db.work import Reader
from tradepost.platform.facts import published
from tradepost.wiring.doctor.law import Found, Law, Sight, View, law, statement

_TOLD = "event_log outbox"
STREAMS = {
    "accounts": "account",
    "card_charges": "card_charge",
    "carts": "cart",
    "categories": "category",
    "courier_accounts": "courier_account",
    "couriers": "courier",
    "commission_rules": "commission_rule",
    "customer_groups": "customer_group",
    "customers": "customer",
    "deliveries": "delivery",
    "kitchen_tickets": "kitchen_ticket",
    "digital_files": "digital_file",
    "download_grants": "download",
    "locations": "location",
    "orders": "order",
    "payments": "payment",
    "pick_tasks": "pick_task",
    "payout_runs": "payout_run",
    "payouts": "payout",
    "price_lists": "price_list",
    "products": "product",
    "refunds": "refund",
    "registers": "register",
    "reservation_requests": "reservation_request",
    "returns": "return",
    "roles": "role",
    "sales": "sale",
    "set_aside_sales": "set_aside_sale",
    "shifts": "shift",
    "shipments": "shipment",
    "shortfalls": "shortfall",
    "sign_ins": "sign_in",
    "slots": "slot",
    "staff": "staff",
    "stock_counts": "count",
    "stores": "store",
    "tabs": "tab",
    "tax_exemptions": "tax_exemption",
    "tax_rates": "tax_rate",
    "transfer_orders": "transfer_order",
    "zones": "zone",
    "units": "unit",
    "vendors": "vendor",
}
"""Tables whose rows have a version, and the stream that tells how each came to it."""

TOLD_BY_OTHERS = {
    "addresses": "their customer tells",
    "stocks": "the documents that change stock tell, facts.stock looks there",
    "tenant_transitions": "their tenant tells",
    "variants": "their product tells",
}
"""Tables whose rows have a version and no stream, and who tells of them."""

_RISING = ("product", "payment", "refund")
"""Documents whose version others' facts raise too: revisions, refunds, settlements."""

_PASSING = ("account", "sign_in")
"""Documents whose rows go when a person is erased or their time is over."""

_REOPENED = "account"
"""An account that was closed can be opened again, from its first version."""

_CREATED_ONLY = {"credit_notes": "credit_note", "hand_ins": "hand_in"}
"""Documents that are told once and never change."""


def _words(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _select(columns: str) -> str:
    return f"""SELECT {columns} FROM event_log WHERE tenant_id = :tenant
               UNION ALL SELECT {columns} FROM outbox WHERE tenant_id = :tenant"""  # noqa: S608  texts of this file


_ROWS = " UNION ALL ".join(
    [
        f"SELECT '{stream}' AS stream, id, version, 0 AS told"  # noqa: S608  names of the schema
        f" FROM {table} WHERE tenant_id = :tenant"
        for table, stream in STREAMS.items()
    ]
    + [
        f"SELECT '{stream}', id, 1, 0 FROM {table} WHERE tenant_id = :tenant"  # noqa: S608  names of the schema
        for table, stream in _CREATED_ONLY.items()
    ]
    + ["SELECT 'tenant', id, version, 0 FROM tenants WHERE id = :tenant"]
)
_KNOWN = _words((*STREAMS.values(), *_CREATED_ONLY.values(), "tenant"))
_SIDES = f"""
    SELECT stream, id, sum(version) AS version, sum(told) AS told
      FROM ({_ROWS}
            UNION ALL
            SELECT stream, stream_id, 0, max(version)
              FROM ({_select("stream, stream_id, version")}) AS facts
             WHERE stream IN ({_KNOWN}) GROUP BY stream, stream_id) AS sides
     GROUP BY stream, id"""  # noqa: S608  texts of this file
_OTHERS = _words(_RISING)

DENSE = law(
    "facts.dense",
    "A document's facts tell its versions from the first to the last, none left out.",
    over=_TOLD,
    keys="stream document_id",
    query=f"""
    SELECT stream, stream_id, 'versions 1 to ' || max(version) AS expected,
           count(*) || ' from ' || min(version) AS found
      FROM (SELECT stream, stream_id, version FROM event_log WHERE tenant_id = :tenant
             UNION SELECT stream, stream_id, version FROM outbox WHERE tenant_id = :tenant) AS told
     WHERE stream NOT IN ({_OTHERS}) GROUP BY stream, stream_id
    HAVING count(*) <> max(version) OR min(version) <> 1""",  # noqa: S608  texts of this file
)
ORDERED = law(
    "facts.ordered",
    "A document's facts stand in the order of its versions.",
    over=_TOLD,
    keys="stream document_id name",
    query=f"""
    SELECT stream, stream_id, name, before AS expected, version AS found
      FROM (SELECT stream, stream_id, name, version,
                   lag(version) OVER (PARTITION BY stream_id ORDER BY place, n) AS before
              FROM ({
        _select("stream, stream_id, name, version, 0 AS place, seq AS n").replace(
            "0 AS place, seq AS n FROM outbox", "1, id FROM outbox"
        )
    }) AS told)
           AS pairs
     WHERE version < before AND stream <> '{_REOPENED}'""",  # noqa: S608  texts of this file
)
TOLD = law(
    "facts.told",
    "Each document has facts up to its version, and each fact has its document.",
    over=_TOLD + " orders",
    keys="stream document_id",
    query=f"""
    SELECT stream, id, CASE version WHEN 0 THEN NULL ELSE version END AS expected, told AS found
      FROM ({_SIDES}) AS documents
     WHERE version <> told
       AND NOT (stream IN ({_OTHERS}) AND told BETWEEN 1 AND version)
       AND NOT (stream IN ({_words(_PASSING)}) AND version = 0)""",  # noqa: S608  texts of this file
)
LOGGED = law(
    "facts.logged",
    "The log is numbered from one, without a gap, up to the number given out last.",
    over="event_log",
    keys="place",
    view=View.RELAY,
    query="""
    SELECT 'fact' AS place, before + 1 AS expected, seq AS found
      FROM (SELECT seq, lag(seq, 1, CAST(0 AS bigint)) OVER (ORDER BY seq) AS before
              FROM event_log) AS pairs
     WHERE seq <> before + 1
     UNION ALL
    SELECT 'last', n, top
      FROM (SELECT coalesce((SELECT n FROM seq_counter), 0) AS n,
                   coalesce((SELECT max(seq) FROM event_log), 0) AS top) AS last
     WHERE n <> top""",
)


def _readable() -> Law:
    """Names of facts, and how new they are."""
    names = statement("""
        SELECT name, schema, sum(n) FROM (
            SELECT name, schema, count(*) AS n FROM event_log GROUP BY name, schema
             UNION ALL SELECT name, schema, count(*) FROM outbox GROUP BY name, schema) AS told
         GROUP BY name, schema ORDER BY name, schema""")

    async def look(db: Reader, sight: Sight) -> Found:
        known = published().facts
        rows = [
            (
                name,
                f"schema up to {known[name].schema}" if name in known else "a known name",
                schema,
            )
            for name, schema, _ in await db.all(names)
            if name not in known or schema > known[name].schema
        ]
        return Found(len(rows), rows[: sight.most])

    return Law(
        "facts.readable",
        "Every fact has a name and a schema that this release knows.",
        ("event_log", "outbox"),
        ("name",),
        look,
        View.RELAY,
    )


LATE_S = 60
ALIVE_S = 60


def _punctual() -> Law:
    """How long facts wait for their number."""
    late = statement("""
        SELECT name, event_id, count(*) OVER () FROM outbox
         WHERE event_id < :border AND EXISTS (SELECT 1 FROM workers WHERE seen_at > :since)
         ORDER BY id LIMIT :most""")

    async def look(db: Reader, sight: Sight) -> Found:
        border = first_id(to_micros(sight.now - timedelta(seconds=LATE_S)))
        since = sight.now - timedelta(seconds=ALIVE_S)
        rows = await db.all(late, border=border, since=since, most=sight.most)
        now = to_micros(sight.now) // 1_000_000
        told = [
            (name, id, f"numbered within {LATE_S} s", f"waiting for {now - _made_at_s(id)} s")
            for name, id, _ in rows
        ]
        return Found(int(rows[0][-1]) if rows else 0, told)

    return Law(
        "facts.punctual",
        "No fact waits longer than a minute for its number while a worker runs.",
        ("outbox",),
        ("name", "event_id"),
        look,
        View.RELAY,
    )


def _made_at_s(id: UUID | bytes) -> int:
    """The second in which the identifier of a fact was made."""
    number = int.from_bytes(id, "big") if isinstance(id, bytes) else id.int
    return (number >> 80) // 1000


def first_id(micros: int) -> UUID:
    """The least identifier of an instant: those of facts are UUIDs of version 7, made in order."""
    return UUID(int=(micros // 1000) << 80)


LAWS = (DENSE, ORDERED, TOLD, LOGGED, _readable(), _punctual())
