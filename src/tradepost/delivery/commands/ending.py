"""How deliveries end: handed over with a proof, fetched by the shopper, failed, brought back."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace

from tradepost.delivery.commands.jobs import READY, own_job
from tradepost.delivery.commands.told import JobAnswer, check_version, save_job
from tradepost.delivery.domain.job import Delivery, JobState, Kind, ProofKind
from tradepost.delivery.errors import CollectExactly, ProofMissing, SignatureTooLarge, WrongCode
from tradepost.delivery.ports import Book, Deliveries, ReadyOrder, Trade
from tradepost.events.delivery import (
    DeliveryCompleted,
    DeliveryFailed,
    DeliveryReleased,
    DeliveryReturned,
)
from tradepost.kernel.ids import CourierId, DeliveryId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.text import one_line

SIGNATURE_BYTES_MAX = 48 * 1024
HANDED_OVER = "handed over"


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows a hand-over: a name, the shopper's code, a photo's reference or a signature.

    ``text`` is the name, code or reference; ``image`` the bytes of a signature.
    """

    kind: ProofKind
    text: str = ""
    image: bytes = b""


@dataclass(frozen=True, slots=True)
class CompleteDelivery(Command):
    """Goods were handed over, and money taken for them: in minor units, exactly what is due."""

    delivery_id: DeliveryId
    courier_id: CourierId
    proof: Proof
    collected: int = 0


@dataclass(frozen=True, slots=True)
class HandOver(Command):
    """The shopper fetched the goods: by their code, or by the link that ``by_link`` was shown."""

    delivery_id: DeliveryId
    code: str = ""
    by_link: bool = False
    version: int | None = None


@dataclass(frozen=True, slots=True)
class FailDelivery(Command):
    """Nobody took the goods; by the courier, or by staff if none is named."""

    delivery_id: DeliveryId
    reason: str
    courier_id: CourierId | None = None


@dataclass(frozen=True, slots=True)
class TryAgain(Command):
    """A delivery that failed is given to a courier anew."""

    delivery_id: DeliveryId
    version: int | None = None


@dataclass(frozen=True, slots=True)
class BringBack(Command):
    """The goods of a delivery that failed are on the shelf again, and the order is settled."""

    delivery_id: DeliveryId
    version: int | None = None


async def complete_delivery(
    wish: CompleteDelivery, deliveries: Deliveries, book: Book, trade: Trade, facts: Facts
) -> JobAnswer:
    """Keep the proof, take the money, close the order."""
    job = await own_job(deliveries, wish.delivery_id, wish.courier_id)
    job.moved("complete")
    proven = _proven(job, wish.proof)
    order = await book.lock(job.order_id)
    _check_collected(order, wish.collected)
    payment_id = None
    if wish.collected:
        payment_id = await trade.collect(order.id, wish.courier_id, wish.collected, wish.at)
    assert job.shipment_id is not None, job.id
    await trade.arrive(job.shipment_id, wish.at)
    await trade.complete(order.id, wish.at)
    if wish.proof.kind is ProofKind.SIGNATURE:
        await deliveries.sign(job.id, wish.proof.image)
    closed = proven.closed("complete", wish.at, payment_id)
    fact = _completed(closed, order, wish.collected)
    return await save_job(closed, fact, deliveries, facts, wish.at)


async def hand_over(
    wish: HandOver, deliveries: Deliveries, book: Book, trade: Trade, facts: Facts
) -> JobAnswer:
    """The goods leave by the shop's door; the order has to be paid by then."""
    job = await deliveries.lock(wish.delivery_id)
    check_version("delivery", wish.version, job.version)
    moved = job.moved("hand over")
    if job.kind is not Kind.PICKUP:
        raise WrongCode
    if not wish.by_link:
        check_code(job, wish.code)
    order = await book.lock(job.order_id)
    shipment_id = await trade.ship(job.order_id, HANDED_OVER, wish.at)
    await trade.arrive(shipment_id, wish.at)
    await trade.complete(order.id, wish.at)
    kind = ProofKind.CODE
    closed = replace(moved, shipment_id=shipment_id, closed_at=wish.at, proof_kind=kind)
    return await save_job(closed, _completed(closed, order, 0), deliveries, facts, wish.at)


async def fail_delivery(wish: FailDelivery, deliveries: Deliveries, facts: Facts) -> JobAnswer:
    """The courier brings the goods back to the shop, for another try or for good."""
    if wish.courier_id is not None:
        job = await own_job(deliveries, wish.delivery_id, wish.courier_id)
    else:
        job = await deliveries.lock(wish.delivery_id)
    fact = DeliveryFailed(job.id, job.order_id, job.courier_id, job.attempt)
    return await save_job(job.failed(wish.reason), fact, deliveries, facts, wish.at)


async def try_again(wish: TryAgain, deliveries: Deliveries, book: Book, facts: Facts) -> JobAnswer:
    """The goods wait at the shop for another courier."""
    job = await deliveries.lock(wish.delivery_id)
    check_version("delivery", wish.version, job.version)
    waiting = job.tried_again()
    await book.reach(job.order_id, READY, wish.at)
    fact = DeliveryReleased(job.id, job.order_id, job.location_id)
    return await save_job(waiting, fact, deliveries, facts, wish.at)


async def bring_back(
    wish: BringBack, deliveries: Deliveries, trade: Trade, facts: Facts
) -> JobAnswer:
    """Goods to the shelf, credit for all of the order, and its end."""
    job = await deliveries.lock(wish.delivery_id)
    check_version("delivery", wish.version, job.version)
    closed = job.closed("bring back", wish.at)
    await trade.bring_back(job.order_id, job.failure, wish.at)
    fact = DeliveryReturned(job.id, job.order_id)
    return await save_job(closed, fact, deliveries, facts, wish.at)


def check_code(job: Delivery, code: str) -> None:
    """Refuse a code that is not the shopper's."""
    if not hmac.compare_digest(job.code.encode(), code.strip().encode()):
        raise WrongCode


def _proven(job: Delivery, proof: Proof) -> Delivery:
    if proof.kind is ProofKind.CODE:
        check_code(job, proof.text)
        return job.proven(proof.kind, "")
    if proof.kind is ProofKind.SIGNATURE:
        if not proof.image:
            raise ProofMissing
        if len(proof.image) > SIGNATURE_BYTES_MAX:
            raise SignatureTooLarge(len(proof.image), SIGNATURE_BYTES_MAX)
        return job.proven(proof.kind, "")
    return job.proven(proof.kind, one_line(proof.text, proof.kind.value))


def _check_collected(order: ReadyOrder, collected: int) -> None:
    due = max(order.due, 0)
    if collected != due:
        raise CollectExactly(order.number, due, collected, order.currency.code)


def _completed(job: Delivery, order: ReadyOrder, collected: int) -> DeliveryCompleted:
    assert job.state is JobState.COMPLETED
    return DeliveryCompleted(
        delivery_id=job.id,
        order_id=job.order_id,
        courier_id=job.courier_id,
        proof=job.proof_kind.value if job.proof_kind else "",
        currency=order.currency.code,
        collected=collected,
    )


HANDLERS = {
    CompleteDelivery: complete_delivery,
    HandOver: hand_over,
    FailDelivery: fail_delivery,
    TryAgain: try_again,
    BringBack: bring_back,
}
