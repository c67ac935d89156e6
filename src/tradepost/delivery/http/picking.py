"""Picking, on a phone along the shelves. ETag is the task's version; steps may send it along."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post, put
from msgspec import Meta

from tradepost.delivery.commands.picking import CompletePicking, PickLines, PutBack, StartPicking
from tradepost.delivery.domain.picking import PickState
from tradepost.delivery.queries.picking import PickTaskView, pick_task_page, pick_task_rows
from tradepost.kernel.ids import LocationId, PickLineId, PickTaskId, VariantId
from tradepost.kernel.messages import Command
from tradepost.kernel.permissions import Permission
from tradepost.platform.web import (
    Body,
    Caller,
    FromCaller,
    FromPaging,
    FromPath,
    FromQuery,
    JSONBody,
    Page,
    door,
    versioned,
)
from tradepost.platform.web.body import Count, Version

TAGS = ["Picking"]
READ, WRITE = Permission.PICKING_READ, Permission.PICKING_WRITE
PATH = "/api/v1/pick-tasks"
ONE = f"{PATH}/{{pick_task_id:uuid}}"


class StepBody(Body, frozen=True):
    """The version that a step is based on, where it matters."""

    version: Version | None = None


class PickedBody(Body, frozen=True, kw_only=True):
    """What became of a line: every unit is picked, short or replaced.

    For goods by weight or measure ``picked`` is the figure of the scale. The article for the
    ``replaced`` units is ``substitute_id``, so many ``substitute_units`` of it.
    """

    picked: Count
    short: Count = 0
    replaced: Count = 0
    substitute_id: UUID | None = None
    substitute_units: Annotated[int, Meta(ge=0, le=10**12)] = 0
    version: Version | None = None


@get(PATH, opt=door(READ), tags=TAGS)
async def list_pick_tasks(
    caller: FromCaller,
    paging: FromPaging,
    status: FromQuery[PickState | None] = None,
    location_id: FromQuery[UUID | None] = None,
) -> Page[PickTaskView]:
    """Pick tasks, the oldest first."""
    place = LocationId(location_id) if location_id else None
    rows = await caller.ask(pick_task_rows, status, place, paging.after, paging.limit + 1)
    return paging.page(rows, lambda row: row.position)


@get(ONE, opt=door(READ), tags=TAGS)
async def read_pick_task(
    pick_task_id: FromPath[UUID], caller: FromCaller
) -> Response[PickTaskView]:
    """A pick task with its lines."""
    return await _shown(caller, pick_task_id)


@post(f"{ONE}/start", opt=door(WRITE), tags=TAGS, status_code=200)
async def start_picking(
    pick_task_id: FromPath[UUID], data: JSONBody[StepBody], caller: FromCaller
) -> Response[PickTaskView]:
    """Begin to pick; the order is `picking` from now on."""
    return await _stepped(
        caller, pick_task_id, StartPicking(PickTaskId(pick_task_id), data.version)
    )


@post(f"{ONE}/put-back", opt=door(WRITE), tags=TAGS, status_code=200)
async def put_task_back(
    pick_task_id: FromPath[UUID], data: JSONBody[StepBody], caller: FromCaller
) -> Response[PickTaskView]:
    """Leave the task to somebody else."""
    return await _stepped(caller, pick_task_id, PutBack(PickTaskId(pick_task_id), data.version))


@put(f"{ONE}/lines/{{pick_line_id:uuid}}", opt=door(WRITE), tags=TAGS)
async def pick_line(
    pick_task_id: FromPath[UUID],
    pick_line_id: FromPath[UUID],
    data: JSONBody[PickedBody],
    caller: FromCaller,
) -> Response[PickTaskView]:
    """Say what became of a line; said again, it replaces what was said before."""
    wish = PickLines(
        PickTaskId(pick_task_id),
        PickLineId(pick_line_id),
        data.picked,
        data.short,
        data.replaced,
        None if data.substitute_id is None else VariantId(data.substitute_id),
        data.substitute_units,
        data.version,
    )
    return await _stepped(caller, pick_task_id, wish)


@post(f"{ONE}/complete", opt=door(WRITE), tags=TAGS, status_code=200)
async def complete_picking(
    pick_task_id: FromPath[UUID], data: JSONBody[StepBody], caller: FromCaller
) -> Response[PickTaskView]:
    """Everything is picked: the order is priced anew, to no more than was agreed, and `ready`."""
    return await _stepped(
        caller, pick_task_id, CompletePicking(PickTaskId(pick_task_id), data.version)
    )


async def _stepped(caller: Caller, task_id: UUID, wish: Command) -> Response[PickTaskView]:
    await caller.send(wish)
    return await _shown(caller, task_id)


async def _shown(caller: Caller, task_id: UUID) -> Response[PickTaskView]:
    view = await caller.ask(pick_task_page, PickTaskId(task_id))
    return versioned(view, view.version)


STAFF_ROUTES = (
    list_pick_tasks,
    read_pick_task,
    start_picking,
    put_task_back,
    pick_line,
    complete_picking,
)
