"""Takes a store through the laws, shop by shop, beside whoever writes it.

Each law is a snapshot of its own, so that no long read keeps old rows alive on a busy store.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from tradepost.kernel.clock import Clock, SystemClock
from tradepost.kernel.ids import TenantId
from tradepost.platform.db.statement import AcrossTenants, Statement, platform_select
from tradepost.platform.db.work import Reader, Row
from tradepost.tenancy.storage import tenants
from tradepost.wiring.doctor.law import Found, Law, Sight, View, shown, statement
from tradepost.wiring.doctor.report import Breach, Figures, LawFigures, Report, ShopFigures

T = TypeVar("T")
BREACHES_MAX = 20
"""Rows that are told of each law."""

_SHOPS = Statement(platform_select(tenants.c.id, tenants.c.code).order_by(tenants.c.code))


class Readable(Protocol):
    """The half of a store that the doctor needs; see :class:`tradepost.platform.db.work.Store`."""

    async def read(self, tenant_id: TenantId, job: Callable[[Reader], Awaitable[T]]) -> T:
        """Do the job on one snapshot of a shop's rows."""
        ...

    async def platform_read(self, purpose: str, job: Callable[[Reader], Awaitable[T]]) -> T:
        """Do the job on one snapshot of tables that no shop owns."""
        ...

    async def relay_read(self, job: Callable[[Reader], Awaitable[T]]) -> T:
        """Do the job on one snapshot of the relay's tables, of all shops."""
        ...


@dataclass(frozen=True, slots=True)
class Visit:
    """A shop that is looked at."""

    tenant_id: TenantId
    code: str


Watch = Callable[[Law, Visit | None], None]
"""Told before each look."""


async def shops_of(store: Readable) -> list[Visit]:
    """All shops of a store, by code."""

    async def job(db: Reader) -> list[Visit]:
        return [Visit(*row) for row in await db.all(_SHOPS)]

    return await store.platform_read("see which shops there are", job)


async def examine(
    store: Readable,
    laws: Sequence[Law],
    shops: Sequence[Visit],
    *,
    most: int = BREACHES_MAX,
    clock: Clock | None = None,
    watch: Watch = lambda law, shop: None,
) -> Report:
    """See whether laws hold; ``most`` breaches of each are brought along."""
    known = frozenset(shop.tenant_id for shop in await shops_of(store))
    sight = Sight(most, (clock or SystemClock()).now(), known)
    visits = _Visits(store, sight, watch)
    for shop in shops:
        for law in laws:
            if law.view is View.TENANT:
                await visits.look(law, shop)
    for law in laws:
        if law.view is View.RELAY:
            await visits.look(law, None)
    return Report(
        [LawFigures(law.name, law.sentence, visits.of_law(law)) for law in laws],
        [ShopFigures(one.tenant_id, one.code, visits.of_shop(one)) for one in shops],
        visits.breaches,
    )


class _Visits:
    """Looks, and adds up what was seen."""

    def __init__(self, store: Readable, sight: Sight, watch: Watch) -> None:
        self.breaches: list[Breach] = []
        self._store = store
        self._sight = sight
        self._watch = watch
        self._laws: dict[str, Figures] = {}
        self._shops: dict[TenantId, Figures] = {}
        self._counted: dict[tuple[str, TenantId | None], int] = {}

    def of_law(self, law: Law) -> Figures:
        """What a law came to."""
        return self._laws.setdefault(law.name, Figures())

    def of_shop(self, shop: Visit) -> Figures:
        """What a shop came to."""
        return self._shops.setdefault(shop.tenant_id, Figures())

    async def look(self, law: Law, shop: Visit | None) -> None:
        """Look at one law in one shop, or at all shops together."""
        self._watch(law, shop)
        began = time.perf_counter()
        rows, found = await self._read(law, shop)
        spent = time.perf_counter() - began
        self.of_law(law).add(rows, found.total, spent)
        if shop is not None:
            self.of_shop(shop).add(rows, found.total, spent)
        left = self._sight.most - sum(one.law == law.name for one in self.breaches)
        self.breaches += [_breach(law, shop, row) for row in found.rows[: max(left, 0)]]

    async def _read(self, law: Law, shop: Visit | None) -> tuple[int, Found]:
        tenant_id = shop.tenant_id if shop else None

        async def job(db: Reader) -> tuple[int, Found]:
            rows = 0
            for table in law.tables:
                known = self._counted.get((table, tenant_id))
                if known is None:
                    known = int(await db.value(_count(table, tenant_id)))
                    self._counted[table, tenant_id] = known
                rows += known
            return rows, await law.look(db, self._sight)

        read: Awaitable[tuple[int, Found]]
        read = (
            self._store.relay_read(job) if tenant_id is None else self._store.read(tenant_id, job)
        )
        return await read


_COUNTS: dict[tuple[str, bool], AcrossTenants] = {}


def _count(table: str, tenant_id: TenantId | None) -> AcrossTenants:
    found = _COUNTS.get((table, tenant_id is None))
    if found is None:
        where = "" if tenant_id is None else " WHERE tenant_id = :tenant"
        text = f"SELECT count(*) FROM {table}{where}"  # noqa: S608  names of the schema
        found = _COUNTS[table, tenant_id is None] = statement(text)
    return found


def _breach(law: Law, shop: Visit | None, row: Row) -> Breach:
    *keys, expected, found = (shown(value) for value in row)
    return Breach(
        law.name,
        shop.code if shop else None,
        dict(zip(law.keys, keys, strict=True)),
        expected,
        found,
    )
