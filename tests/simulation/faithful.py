"""A history's transactions played again on another store: the same answers, the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import is_dataclass
from typing import Any

from tests.simulation.disk import Played
from tests.simulation.labour import CONSUMERS
from tradepost.kernel.clock import SystemClock
from tradepost.kernel.errors import Refusal
from tradepost.platform.consumers.leases import Leases
from tradepost.platform.db.schema import TENANT_OWNED, metadata
from tradepost.platform.db.statement import Statement, scoped
from tradepost.platform.db.work import Reader, Row, Store

_COUNTED_BY_THE_STORE = {("outbox", "id")}
"""What a store numbers by itself, with gaps where transactions were undone."""
_TABLES = {
    table.name: Statement(
        scoped(table, *(c for c in table.c if (table.name, c.name) not in _COUNTED_BY_THE_STORE))
    )
    for table in metadata.sorted_tables
    if table.info.get(TENANT_OWNED)
}


async def all_rows(db: Reader) -> dict[str, list[Row]]:
    """All rows of a shop by table, as values of the domain, in an order of their own."""
    return {name: sorted(await db.all(statement), key=repr) for name, statement in _TABLES.items()}


async def play_again(played: Sequence[Played], store: Store) -> list[str]:
    """Play transactions in the order of their commits; tells which were answered differently."""
    differ = []
    for consumer in CONSUMERS:
        await store.relay_write(Leases(store, SystemClock(), consumer.name, "nobody")._begin)
    for number, one in enumerate(played):
        one.ids.played, one.ids.time.played = list(one.drawn), one.now
        try:
            if one.scope is not None:
                answer = await store.write(one.scope, one.job)
            else:
                answer = await store.relay_write(one.job)
            left = one.ids.played
        finally:
            one.ids.played = one.ids.time.played = None
        if left:
            differ.append(f"{number}: {len(left)} identifiers were not drawn")
        if one.scope is not None and _plain(answer) != _plain(one.answer):
            differ.append(f"{number}: {one.answer}, then {answer}")
    return differ


def _plain(answer: Any) -> Any:
    """An answer in a form that can be compared: refusals by code and facts."""
    if isinstance(answer, Refusal):
        return answer.code, answer.facts()
    if isinstance(answer, list):
        return [_plain(one) for one in answer]
    assert answer is None or is_dataclass(answer) or not isinstance(answer, dict)
    return answer
