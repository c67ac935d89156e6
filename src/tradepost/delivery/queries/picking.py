"""Pick tasks, looked at on the way along the shelves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from tradepost.delivery.domain.picking import PickLine, PickState, PickTask
from tradepost.delivery.storage.picking import TASKS, lines_of, pick_tasks
from tradepost.kernel.clock import from_micros, to_micros
from tradepost.kernel.ids import LocationId, PickTaskId
from tradepost.platform.db.statement import Statement, param
from tradepost.platform.db.work import Reader


@dataclass(frozen=True, slots=True)
class PickLineView:
    """A line to be picked; ``allowed`` are articles that the shopper listed to get instead."""

    id: UUID
    position: int
    sku: str
    title: str
    variant_id: UUID
    unit: str
    ordered: int
    picked: int
    short: int
    replaced: int
    over: int
    is_done: bool
    rule: str
    allowed: tuple[UUID, ...]
    substitute_sku: str
    substitute_title: str
    substitute_units: int


@dataclass(frozen=True, slots=True)
class PickTaskView:
    """A pick task with its lines."""

    id: UUID
    order_id: UUID
    order_number: int
    kind: str
    location_id: UUID | None
    due_at: datetime | None
    state: str
    picker_id: UUID | None
    opened_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    version: int
    lines: tuple[PickLineView, ...]

    @property
    def position(self) -> tuple[int, str]:
        """Its place in the list."""
        return to_micros(self.opened_at), str(self.id)


def _statement(*, placed: bool, state: bool, location: bool) -> Statement:
    chosen: Select[Any] = TASKS.select.order_by(pick_tasks.c.opened_at, pick_tasks.c.id)
    if state:
        chosen = chosen.where(pick_tasks.c.state == param("state"))
    if location:
        chosen = chosen.where(pick_tasks.c.location_id == param("location_id"))
    if placed:
        later = pick_tasks.c.opened_at > param("at", like=pick_tasks.c.opened_at)
        same = pick_tasks.c.opened_at == param("at", like=pick_tasks.c.opened_at)
        behind = pick_tasks.c.id > param("id", like=pick_tasks.c.id)
        chosen = chosen.where(later | (same & behind))
    return Statement(chosen.limit(param("limit", like=pick_tasks.c.version)))


_STATEMENTS = {
    (placed, state, location): _statement(placed=placed, state=state, location=location)
    for placed in (False, True)
    for state in (False, True)
    for location in (False, True)
}


async def pick_task_rows(
    db: Reader,
    state: PickState | None,
    location_id: LocationId | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[PickTaskView]:
    """Tasks, the oldest first."""
    values: dict[str, Any] = {"limit": limit}
    if state is not None:
        values["state"] = state
    if location_id is not None:
        values["location_id"] = location_id
    if after is not None:
        values |= {"at": from_micros(after[0]), "id": UUID(after[1])}
    key = (after is not None, state is not None, location_id is not None)
    return await _views(db, await TASKS.all(db, _STATEMENTS[key], **values))


async def pick_task_page(db: Reader, task_id: PickTaskId) -> PickTaskView:
    """One task."""
    return (await _views(db, [await TASKS.get(db, task_id)]))[0]


async def _views(db: Reader, tasks: Sequence[PickTask]) -> list[PickTaskView]:
    lines: dict[UUID, list[PickLineView]] = defaultdict(list)
    for one in await lines_of(db, [task.id for task in tasks]) if tasks else ():
        lines[one.pick_task_id].append(_line(one))
    return [
        PickTaskView(
            id=one.id,
            order_id=one.order_id,
            order_number=one.order_number,
            kind=one.kind,
            location_id=one.location_id,
            due_at=one.due_at,
            state=one.state.value,
            picker_id=one.picker_id,
            opened_at=one.opened_at,
            started_at=one.started_at,
            completed_at=one.completed_at,
            version=one.version,
            lines=tuple(lines[one.id]),
        )
        for one in tasks
    ]


def _line(one: PickLine) -> PickLineView:
    return PickLineView(
        id=one.id,
        position=one.position,
        sku=one.sku,
        title=one.title,
        variant_id=one.variant_id,
        unit=one.unit,
        ordered=one.ordered,
        picked=one.picked,
        short=one.short,
        replaced=one.replaced,
        over=one.over,
        is_done=one.is_done,
        rule=one.rule.value,
        allowed=one.allowed,
        substitute_sku=one.substitute_sku,
        substitute_title=one.substitute_title,
        substitute_units=one.substitute_units,
    )
