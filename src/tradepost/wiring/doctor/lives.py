"""Laws of shops' lives: each is where its last step led, and opened by what its portal asked."""

from __future__ import annotations

from tradepost.wiring.doctor.law import law

LAWS = (
    law(
        "lives.steps",
        "A shop is in the state that the last step of its life led to.",
        over="tenant_transitions",
        keys="shop",
        query="""
            SELECT t.id, coalesce(s.state_after, 'draft'), t.state
              FROM tenants AS t
              LEFT JOIN tenant_transitions AS s
                ON s.tenant_id = t.id AND s.version = (
                   SELECT max(l.version) FROM tenant_transitions AS l WHERE l.tenant_id = t.id)
             WHERE t.id = :tenant AND t.state <> coalesce(s.state_after, 'draft')""",
    ),
    law(
        "lives.provisioned",
        "A shop that a portal's step has opened has a step of its life that says so.",
        over="provisioning_steps tenant_transitions",
        keys="step",
        query="""
            SELECT p.number, 'a step of its life', 'none'
              FROM provisioning_steps AS p
             WHERE p.tenant_id = :tenant AND p.about <> '' AND p.state_after = 'active'
               AND NOT EXISTS (
                   SELECT 1 FROM tenant_transitions AS s
                    WHERE s.tenant_id = p.tenant_id AND s.state_after = 'active'
                      AND s.changed_at <= p.taken_at)""",
    ),
)
