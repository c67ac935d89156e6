"""How tasks and deliveries are saved and told: every version once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.delivery.domain.job import Delivery
from tradepost.delivery.domain.picking import PickLine, PickTask
from tradepost.delivery.ports import Deliveries, PickTasks
from tradepost.events.delivery import PickedLine
from tradepost.kernel.errors import Stale
from tradepost.kernel.ids import CourierId, DeliveryId, OrderId, PickTaskId
from tradepost.kernel.messages import Fact, Facts


@dataclass(frozen=True, slots=True)
class TaskAnswer:
    """Where a pick task stands."""

    pick_task_id: PickTaskId
    order_id: OrderId
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """Where a delivery stands."""

    delivery_id: DeliveryId
    order_id: OrderId
    state: str
    courier_id: CourierId | None
    version: int


async def save_task(
    task: PickTask, fact: Fact, tasks: PickTasks, facts: Facts, at: datetime
) -> TaskAnswer:
    """Keep a locked task and tell it."""
    version = await tasks.save(task)
    facts.tell(fact, version, at)
    return TaskAnswer(task.id, task.order_id, task.state.value, version)


async def save_job(
    job: Delivery, fact: Fact, deliveries: Deliveries, facts: Facts, at: datetime
) -> JobAnswer:
    """Keep a locked delivery and tell it."""
    version = await deliveries.save(job)
    facts.tell(fact, version, at)
    return job_answer(replace(job, version=version))


def job_answer(job: Delivery) -> JobAnswer:
    """What is answered about a delivery."""
    return JobAnswer(job.id, job.order_id, job.state.value, job.courier_id, job.version)


def check_version(what: str, version: int | None, current: int) -> None:
    """Refuse a step on a version that has moved on; none was named: it is not asked."""
    if version is not None and version != current:
        raise Stale(what, version, current)


def picked_lines(lines: Iterable[PickLine]) -> tuple[PickedLine, ...]:
    """Lines as facts tell them."""
    return tuple(
        PickedLine(
            order_line_id=one.order_line_id,
            variant_id=one.variant_id,
            ordered=one.ordered,
            picked=one.picked,
            short=one.short,
            replaced=one.replaced,
            over=one.over,
            substitute_id=one.substitute_id,
            substitute_units=one.substitute_units,
        )
        for one in lines
    )
