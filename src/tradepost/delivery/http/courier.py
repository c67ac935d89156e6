"""The courier's own doors, on the shoppers' API: duty, jobs, positions, hand-over, cash."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from msgspec import Meta

from tradepost.delivery.commands.couriers import CourierAnswer, PutOnDuty
from tradepost.delivery.commands.ending import (
    SIGNATURE_BYTES_MAX,
    CompleteDelivery,
    FailDelivery,
    Proof,
)
from tradepost.delivery.commands.jobs import AcceptJob, PickUp, ReleaseJob
from tradepost.delivery.domain.job import ProofKind
from tradepost.delivery.errors import PositionTooSoon, SignatureUnreadable
from tradepost.delivery.queries.jobs import (
    CashView,
    CourierView,
    JobView,
    cash_page,
    courier_page,
    job_page,
    jobs_page,
    own_job_page,
)
from tradepost.kernel.ids import CourierId, DeliveryId, OrderId
from tradepost.kernel.messages import Command
from tradepost.platform.live import Position, Positions
from tradepost.platform.web import COURIER, Body, Caller, FromCaller, FromPath, JSONBody, door
from tradepost.platform.web.body import Line
from tradepost.platform.web.rates import Limit, RateLimiter

TAGS = ["Couriers"]
PATH = "/api/v1/courier"
JOB = f"{PATH}/jobs/{{delivery_id:uuid}}"
OPEN = door(COURIER, rate="courier")
POSITIONS = Limit(60)
"""Positions that a courier may report in a minute."""


class DutyBody(Body, frozen=True):
    """Whether the courier takes jobs."""

    on_duty: bool


class FailedBody(Body, frozen=True):
    """Why nobody took the goods."""

    reason: Line


class ProofBody(Body, frozen=True, kw_only=True):
    """One proof: the name of who took it, the shopper's code, the reference of a photo, or a
    signature as bytes in Base64."""

    kind: ProofKind
    text: Line = ""
    signature: Annotated[str, Meta(max_length=SIGNATURE_BYTES_MAX * 2)] = ""

    def parsed(self) -> Proof:
        """The proof.

        :raises SignatureUnreadable: if the signature is no Base64.
        """
        try:
            image = b64decode(self.signature, validate=True)
        except (NotBase64, ValueError) as why:
            raise SignatureUnreadable from why
        return Proof(self.kind, self.text, image)


class CompletedBody(Body, frozen=True, kw_only=True):
    """The proof, and the money collected in minor units: just what is due."""

    proof: ProofBody
    collected: Annotated[int, Meta(ge=0, le=10**15)] = 0


class PositionBody(Body, frozen=True):
    """A place by WGS 84 in millionths of a degree."""

    latitude_e6: Annotated[int, Meta(ge=-90_000_000, le=90_000_000)]
    longitude_e6: Annotated[int, Meta(ge=-180_000_000, le=180_000_000)]
    accuracy_m: Annotated[int, Meta(ge=0, le=100_000)] | None = None


@get(f"{PATH}/me", opt=OPEN, tags=TAGS)
async def read_me(caller: FromCaller) -> CourierView:
    """Who is signed in, and whether they are on duty."""
    return await caller.ask(courier_page, _who(caller))


@put(f"{PATH}/duty", opt=OPEN, tags=TAGS)
async def set_duty(data: JSONBody[DutyBody], caller: FromCaller) -> CourierAnswer:
    """Go on duty, and be given what waits; or off, and keep the jobs one has."""
    answer: CourierAnswer = await caller.send(PutOnDuty(_who(caller), data.on_duty))
    return answer


@get(f"{PATH}/jobs", opt=OPEN, tags=TAGS)
async def list_jobs(caller: FromCaller) -> list[JobView]:
    """One's jobs, the oldest first."""
    return await caller.ask(jobs_page, _who(caller))


@get(JOB, opt=OPEN, tags=TAGS)
async def read_job(delivery_id: FromPath[UUID], caller: FromCaller) -> JobView:
    """One of one's jobs."""
    return await _shown(caller, delivery_id)


@post(f"{JOB}/accept", opt=OPEN, tags=TAGS, status_code=200)
async def accept_job(delivery_id: FromPath[UUID], caller: FromCaller) -> JobView:
    """Say that one comes."""
    return await _stepped(caller, delivery_id, AcceptJob(DeliveryId(delivery_id), _who(caller)))


@post(f"{JOB}/decline", opt=OPEN, tags=TAGS, status_code=204)
async def decline_job(delivery_id: FromPath[UUID], caller: FromCaller) -> None:
    """Leave the job to somebody else."""
    await caller.send(ReleaseJob(DeliveryId(delivery_id), _who(caller)))


@post(f"{JOB}/pick-up", opt=OPEN, tags=TAGS, status_code=200)
async def pick_up_job(delivery_id: FromPath[UUID], caller: FromCaller) -> JobView:
    """Leave with the goods; the order is `out_for_delivery` from now on."""
    return await _stepped(caller, delivery_id, PickUp(DeliveryId(delivery_id), _who(caller)))


@put(f"{JOB}/position", opt=OPEN, tags=TAGS, status_code=204)
async def report_position(
    delivery_id: FromPath[UUID], data: JSONBody[PositionBody], caller: FromCaller
) -> None:
    """Tell those who follow the order where it is; kept by nobody."""
    job = await caller.ask(own_job_page, _who(caller), DeliveryId(delivery_id))
    job.check_on_the_road()
    limiter: RateLimiter = caller.get(RateLimiter)  # type: ignore[type-abstract]  # a port
    verdict = await limiter.take(f"{caller.tenant_id}:position:{_who(caller)}", POSITIONS)
    if not verdict.allowed:
        raise PositionTooSoon(verdict.retry_after_s)
    place = Position(data.latitude_e6, data.longitude_e6, caller.now(), data.accuracy_m)
    await caller.get(Positions).report(caller.tenant_id, job.order_id, place)


@post(f"{JOB}/complete", opt=OPEN, tags=TAGS, status_code=200)
async def complete_job(
    delivery_id: FromPath[UUID], data: JSONBody[CompletedBody], caller: FromCaller
) -> JobView:
    """The goods were handed over, and what was due was collected."""
    id, proof = DeliveryId(delivery_id), data.proof.parsed()
    wish = CompleteDelivery(id, _who(caller), proof, data.collected)
    return await _arrived(caller, delivery_id, wish)


@post(f"{JOB}/fail", opt=OPEN, tags=TAGS, status_code=200)
async def fail_job(
    delivery_id: FromPath[UUID], data: JSONBody[FailedBody], caller: FromCaller
) -> JobView:
    """Nobody took the goods; bring them back to the shop."""
    wish = FailDelivery(DeliveryId(delivery_id), data.reason, _who(caller))
    return await _arrived(caller, delivery_id, wish)


@get(f"{PATH}/cash", opt=OPEN, tags=TAGS)
async def read_own_cash(caller: FromCaller) -> CashView:
    """What one has collected and not handed in."""
    return await caller.ask(cash_page, _who(caller))


def _who(caller: Caller) -> CourierId:
    assert caller.courier_id is not None
    return CourierId(caller.courier_id)


async def _stepped(caller: Caller, delivery_id: UUID, wish: Command) -> JobView:
    await caller.send(wish)
    return await _shown(caller, delivery_id)


async def _arrived(caller: Caller, delivery_id: UUID, wish: Command) -> JobView:
    """After the last step nobody is shown where the courier is."""
    view = await _stepped(caller, delivery_id, wish)
    await caller.get(Positions).end(caller.tenant_id, OrderId(view.order_id))
    return view


async def _shown(caller: Caller, delivery_id: UUID) -> JobView:
    return await caller.ask(job_page, _who(caller), DeliveryId(delivery_id))


ROUTES = (
    read_me,
    set_duty,
    list_jobs,
    read_job,
    accept_job,
    decline_job,
    pick_up_job,
    report_position,
    complete_job,
    fail_job,
    read_own_cash,
)
