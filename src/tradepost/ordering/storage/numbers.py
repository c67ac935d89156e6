"""Numbers of documents: a series of the tenant, one row of which is held until the commit."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.platform.db.schema import tenant_table
from tradepost.platform.db.statement import Statement, insert, param, tenant_param
from tradepost.platform.db.work import Work


@dataclass(frozen=True, slots=True)
class NextNumber:
    """The next number of a series of documents."""

    series: str
    next: int


numbers = tenant_table("document_numbers", NextNumber, key=("series",))
_taken = insert(numbers).values(
    tenant_id=tenant_param(numbers),
    series=param("series"),
    next=param("first", numbers.c.next) + param("count", numbers.c.next),
)
_TAKE = Statement(
    _taken.on_conflict_do_update(
        index_elements=["tenant_id", "series"],
        set_={"next": numbers.c.next + param("count", numbers.c.next)},
    ).returning(numbers.c.next)
)


async def next_numbers(work: Work, series: str, count: int, first: int) -> range:
    """Take consecutive numbers in one statement; ``first`` is the first that there ever is."""
    if not count:
        return range(0)
    after = int(await work.value(_TAKE, series=series, first=first, count=count))
    return range(after - count, after)
