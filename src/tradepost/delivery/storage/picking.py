"""Pick tasks with their lines, as rows."""

from __future__ import annotations

from collections.abc import Sequence

from tradepost.delivery.domain.picking import PickLine, PickState, PickTask
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import OrderId, PickLineId, PickTaskId
from tradepost.platform.db.keeper import Keeper
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.statement import Statement, any_of, param, scoped, scoped_delete
from tradepost.platform.db.work import Reader, Work

pick_tasks = tenant_table(
    "pick_tasks",
    PickTask,
    unique=[("order_id",)],
    indexes=[("state", "opened_at")],
    references={"order_id": "orders"},
)
pick_lines = tenant_table(
    "pick_lines",
    PickLine,
    indexes=[("pick_task_id",)],
    references={"pick_task_id": "pick_tasks"},
)
TASKS = Keeper("pick task", PickTask, pick_tasks)
LINE_ROWS = Mapper(PickLine, pick_lines)
_LOCK = Statement(TASKS.select.where(pick_tasks.c.id == param("id")).with_for_update())
_LOCK_OF = Statement(
    TASKS.select.where(pick_tasks.c.order_id == param("order_id")).with_for_update()
)
_LINES = Statement(
    scoped(pick_lines, *LINE_ROWS.columns)
    .where(any_of(pick_lines.c.pick_task_id, "ids"))
    .order_by(pick_lines.c.pick_task_id, pick_lines.c.position)
)
_DROP = Statement(scoped_delete(pick_lines).where(any_of(pick_lines.c.id, "ids")))
_FIXED = frozenset({"pick_task_id", "order_line_id", "variant_id", "sku", "title", "allowed"})


class SqlPickTasks:
    """Answers the PickTasks port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, task: PickTask, lines: Sequence[PickLine]) -> None:
        TASKS.add(self._work, task)
        self.add_lines(lines)

    async def lock(self, id: PickTaskId) -> tuple[PickTask, list[PickLine]]:
        task = await TASKS.first(self._work, _LOCK, id=id)
        if task is None:
            raise Unknown("pick task", str(id))
        return task, await lines_of(self._work, [task.id])

    async def lock_of(self, order_id: OrderId) -> tuple[PickTask, list[PickLine]] | None:
        task = await TASKS.first(self._work, _LOCK_OF, order_id=order_id)
        return None if task is None else (task, await lines_of(self._work, [task.id]))

    async def save(self, task: PickTask) -> int:
        return await TASKS.save(self._work, task, task.version)

    async def save_lines(self, lines: Sequence[PickLine]) -> None:
        rows = [
            {name: value for name, value in LINE_ROWS.dump(one).items() if name not in _FIXED}
            for one in lines
        ]
        await self._work.update_rows(pick_lines, ("id",), rows)

    def add_lines(self, lines: Sequence[PickLine]) -> None:
        self._work.add(pick_lines, *map(LINE_ROWS.dump, lines))

    async def drop_lines(self, ids: Sequence[PickLineId]) -> None:
        await self._work.run(_DROP, ids=list(ids))


async def lines_of(db: Reader, ids: Sequence[PickTaskId]) -> list[PickLine]:
    """The lines of tasks, by task and position."""
    return list(map(LINE_ROWS.load, await db.all(_LINES, ids=list(ids))))


OPEN = (PickState.OPEN, PickState.PICKING)
"""States in which a task is still to be picked."""
