"""Row-level security and the rights of the roles, derived from the schema itself.

Run after every migration, so a new table cannot be forgotten. The app role neither owns the tables
nor steps around their policies; the relay role sees outbox, log, inbox and leases of all tenants
and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import MetaData, Table

from tradepost.platform.db.schema import OWNER_COLUMN, TENANT_OWNED

CURRENT_TENANT = "(select nullif(current_setting('app.tenant', true), '')::uuid)"
RELAY_TABLES = frozenset({"outbox", "event_log", "inbox", "dead_letters", "parked_streams"})
RELAY = "relay"
RELAY_ONLY = "only"
"""In a table's ``info``: the relay may use it; with ``RELAY_ONLY`` the app role may not."""
APPEND_ONLY = frozenset({"event_log", "transfers", "stock_movements"})
"""Tables whose rows are added and never changed, by either role: the books and the log."""


def security_statements(metadata: MetaData, app: str, relay: str) -> Iterator[str]:
    """The DDL that puts policies and rights of every table in place; safe to repeat."""
    for table in metadata.sorted_tables:
        if table.info.get(TENANT_OWNED):
            yield from _policies(table, app, relay)
        elif owner := table.info.get(OWNER_COLUMN):
            yield from _read_by_all(table, owner)
        yield from _rights(table, app, relay)


def _policies(table: Table, app: str, relay: str) -> Iterator[str]:
    name = table.name
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
    yield f"DROP POLICY IF EXISTS tenant ON {name}"
    yield (
        f"CREATE POLICY tenant ON {name} USING (tenant_id = {CURRENT_TENANT})"
        f" WITH CHECK (tenant_id = {CURRENT_TENANT})"
    )
    if name in RELAY_TABLES:
        yield f"DROP POLICY IF EXISTS relay ON {name}"
        yield f'CREATE POLICY relay ON {name} TO "{relay}" USING (true) WITH CHECK (true)'


def _read_by_all(table: Table, owner: str) -> Iterator[str]:
    """Everybody may look a shop up by its name; only its own transactions change it."""
    name, own = table.name, f"({owner} = {CURRENT_TENANT})"
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
    rules = {"SELECT": "USING (true)", "INSERT": f"WITH CHECK {own}", "DELETE": f"USING {own}"}
    rules["UPDATE"] = f"USING {own} WITH CHECK {own}"
    for verb, rule in rules.items():
        policy = f"tenant_{verb.lower()}"
        yield f"DROP POLICY IF EXISTS {policy} ON {name}"
        yield f"CREATE POLICY {policy} ON {name} FOR {verb} {rule}"


def _rights(table: Table, app: str, relay: str) -> Iterator[str]:
    name = table.name
    yield f'REVOKE ALL ON {name} FROM "{app}", "{relay}"'
    if table.info.get(RELAY) == RELAY_ONLY:
        pass
    elif name in APPEND_ONLY:
        yield f'GRANT SELECT, INSERT ON {name} TO "{app}"'
    else:
        yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO "{app}"'
    if name in APPEND_ONLY & RELAY_TABLES:
        yield f'GRANT SELECT, INSERT ON {name} TO "{relay}"'
    elif name in RELAY_TABLES or table.info.get(RELAY):
        yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO "{relay}"'
