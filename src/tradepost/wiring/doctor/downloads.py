"""Laws of what is delivered by a link."""

from __future__ import annotations

from tradepost.wiring.doctor.law import law

COUNTED = law(
    "downloads.counted",
    "As many downloads of a link count as were begun.",
    over="download_grants downloads",
    keys="grant_id",
    query="""
    SELECT grant_id, sum(begun) AS expected, sum(said) AS found
      FROM (SELECT grant_id, 1 AS begun, 0 AS said FROM downloads WHERE tenant_id = :tenant
             UNION ALL
            SELECT id, 0, downloads_used FROM download_grants WHERE tenant_id = :tenant) AS sides
     GROUP BY grant_id HAVING sum(begun) <> sum(said)""",
)
BOUGHT = law(
    "downloads.bought",
    "A link leads to the digital article that its order line bought.",
    over="download_grants order_lines",
    keys="grant_id",
    query="""
    SELECT g.id AS grant_id, 'a digital line of its order and article' AS expected,
           coalesce(l.fulfillment_type, 'none') AS found
      FROM download_grants AS g
      LEFT JOIN order_lines AS l ON l.tenant_id = g.tenant_id AND l.id = g.order_line_id
     WHERE g.tenant_id = :tenant
       AND (l.id IS NULL OR l.order_id <> g.order_id OR l.variant_id <> g.variant_id
            OR l.fulfillment_type <> 'digital')""",
)
LAWS = (COUNTED, BOUGHT)
