"""Returns as rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_

from tradepost.fulfillment.domain import Return, ReturnLine, ReturnState
from tradepost.fulfillment.domain.sold import Given
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import OrderId, OrderLineId, ReturnId
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import (
    Statement,
    param,
    scoped,
    scoped_join,
    scoped_update,
)
from tradepost.platform.db.work import Work

returns = tenant_table(
    "returns",
    Return,
    indexes=[("order_id",), ("requested_at",), ("external_code",)],
    references={"order_id": "orders"},
)
return_lines = tenant_table(
    "return_lines", ReturnLine, indexes=[("return_id",)], references={"return_id": "returns"}
)
RETURN_ROWS = Mapper(Return, returns)
RETURN_LINE_ROWS = Mapper(ReturnLine, return_lines)
_LOCK = Statement(
    scoped(returns, *RETURN_ROWS.columns).where(returns.c.id == param("id")).with_for_update()
)
_LINES = Statement(
    scoped(return_lines, *RETURN_LINE_ROWS.columns)
    .where(return_lines.c.return_id == param("id"))
    .order_by(return_lines.c.position)
)
_tax = return_lines.c.tax_amount
_SAVE = Statement(
    scoped_update(returns)
    .where(returns.c.id == param("key_id"))
    .values(
        state=param("new_state"),
        total_amount=param("new_total"),
        closed_at=param("new_closed_at"),
        version=param("new_version"),
    )
)
_GIVEN = Statement(
    scoped_join(
        return_lines,
        returns,
        columns=(return_lines.c.order_line_id, return_lines.c.amount_amount, _tax),
    )
    .where(returns.c.id == return_lines.c.return_id)
    .where(returns.c.order_id == param("order_id"))
    .where(or_(returns.c.state == ReturnState.RECEIVED, returns.c.state == ReturnState.REFUNDED))
)


class SqlReturns:
    """Answers the Returns port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, made: Return, lines: Sequence[ReturnLine]) -> None:
        """Keep a fresh return."""
        self._work.add(returns, RETURN_ROWS.dump(made))
        self._work.add(return_lines, *map(RETURN_LINE_ROWS.dump, lines))

    async def lock(self, return_id: ReturnId) -> tuple[Return, list[ReturnLine]]:
        """The return, locked, with its lines by position."""
        row = await self._work.one(_LOCK, id=return_id)
        if row is None:
            raise Unknown("return", str(return_id))
        made = RETURN_ROWS.load(row)
        rows = await self._work.all(_LINES, id=return_id)
        return made, [RETURN_LINE_ROWS.load(line, currency=made.currency) for line in rows]

    async def save(self, made: Return) -> None:
        """Write a locked return back."""
        await self._work.run(
            _SAVE,
            key_id=made.id,
            new_state=made.state,
            new_total=made.total.amount,
            new_closed_at=made.closed_at,
            new_version=made.version,
        )

    async def save_worth(self, lines: Sequence[ReturnLine]) -> None:
        """Write what is given for lines."""
        names = ("id", "amount_amount", "tax_amount")
        rows = [RETURN_LINE_ROWS.dump(line) for line in lines]
        kept = [{name: row[name] for name in names} for row in rows]
        await self._work.update_rows(return_lines, ("id",), kept)

    async def given_on(self, order_id: OrderId) -> Given:
        """What was given for each line of an order that came back."""
        given: dict[OrderLineId, tuple[int, int]] = {}
        for line_id, amount, tax in await self._work.all(_GIVEN, order_id=order_id):
            before = given.get(line_id, (0, 0))
            given[line_id] = before[0] + amount, before[1] + tax
        return given
