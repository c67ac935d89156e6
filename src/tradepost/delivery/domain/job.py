"""Deliveries: the last step of an order, by a courier or over the counter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tradepost.delivery.errors import NotForCouriers, NotOnTheRoad
from tradepost.kernel.ids import (
    CourierId,
    DeliveryId,
    LocationId,
    OrderId,
    PaymentId,
    ShipmentId,
    SlotId,
    ZoneId,
)
from tradepost.kernel.states import States
from tradepost.kernel.text import one_line

CODE_DIGITS = 6
CODE_TRIES_PER_MINUTE = 5
"""Codes that may be tried for one order in a minute."""


class Kind(StrEnum):
    """How the goods get to the shopper."""

    LOCAL = "local"
    PICKUP = "pickup"


class JobState(StrEnum):
    """The life of a delivery."""

    PENDING = "pending"
    ASSIGNED = "assigned"
    PICKED_UP = "picked_up"
    COMPLETED = "completed"
    FAILED = "failed"
    RETURNED = "returned"
    CANCELLED = "cancelled"


_GIVE_UP = {"cancel": JobState.CANCELLED}
JOB_STATES = States(
    "delivery",
    {
        JobState.PENDING: {
            "assign": JobState.ASSIGNED,
            "hand over": JobState.COMPLETED,
            **_GIVE_UP,
        },
        JobState.ASSIGNED: {
            "accept": JobState.ASSIGNED,
            "assign": JobState.ASSIGNED,
            "release": JobState.PENDING,
            "pick up": JobState.PICKED_UP,
            **_GIVE_UP,
        },
        JobState.PICKED_UP: {"complete": JobState.COMPLETED, "fail": JobState.FAILED},
        JobState.FAILED: {"try again": JobState.PENDING, "bring back": JobState.RETURNED},
        JobState.COMPLETED: {},
        JobState.RETURNED: {},
        JobState.CANCELLED: {},
    },
)
OPEN_JOBS = (JobState.ASSIGNED, JobState.PICKED_UP)
"""States in which a courier has the job."""


class ProofKind(StrEnum):
    """What shows that the goods were handed over."""

    NAME = "name"
    CODE = "code"
    PHOTO = "photo"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is ready: whose order, from where, to which zone and for when."""

    kind: Kind
    order_id: OrderId
    order_number: int
    location_id: LocationId | None
    zone_id: ZoneId | None
    slot_id: SlotId | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One order on its last way; ``version`` guards every step.

    ``code`` is what the shopper shows; ``declined_by`` are couriers who would rather not.
    ``attempt`` counts how often goods left with somebody. What was handed over to whom is in
    ``proof_kind`` and ``proof``: a name or the reference of a photo.
    """

    id: DeliveryId
    kind: Kind
    order_id: OrderId
    order_number: int
    location_id: LocationId | None
    zone_id: ZoneId | None
    slot_id: SlotId | None
    due_at: datetime | None
    code: str
    state: JobState
    courier_id: CourierId | None
    declined_by: tuple[CourierId, ...]
    attempt: int
    shipment_id: ShipmentId | None
    payment_id: PaymentId | None
    proof_kind: ProofKind | None
    proof: str
    failure: str
    opened_at: datetime
    assigned_at: datetime | None
    accepted_at: datetime | None
    picked_up_at: datetime | None
    closed_at: datetime | None
    version: int

    @classmethod
    def opened(cls, id: DeliveryId, order: Parcel, code: str, at: datetime) -> Delivery:
        """An order that is ready."""
        return cls(
            id=id,
            kind=order.kind,
            order_id=order.order_id,
            order_number=order.order_number,
            location_id=order.location_id,
            zone_id=order.zone_id,
            slot_id=order.slot_id,
            due_at=order.due_at,
            code=code,
            state=JobState.PENDING,
            courier_id=None,
            declined_by=(),
            attempt=0,
            shipment_id=None,
            payment_id=None,
            proof_kind=None,
            proof="",
            failure="",
            opened_at=at,
            assigned_at=None,
            accepted_at=None,
            picked_up_at=None,
            closed_at=None,
            version=1,
        )

    def moved(self, action: str) -> Delivery:
        """After a step of the table."""
        return replace(self, state=JOB_STATES.after(self.state, action))

    def of(self, courier_id: CourierId) -> bool:
        """Whether it is this courier's."""
        return self.courier_id == courier_id

    def assigned(self, courier_id: CourierId, at: datetime) -> Delivery:
        """Given to a courier; whoever had it before has it no more."""
        if self.kind is Kind.PICKUP:
            raise NotForCouriers(self.order_number)
        moved = self.moved("assign")
        return replace(moved, courier_id=courier_id, assigned_at=at, accepted_at=None)

    def accepted(self, at: datetime) -> Delivery:
        """Its courier has seen it and comes."""
        return replace(self.moved("accept"), accepted_at=self.accepted_at or at)

    def released(self) -> Delivery:
        """Its courier does not take it; it waits for another."""
        assert self.courier_id is not None
        declined = (*(one for one in self.declined_by if one != self.courier_id), self.courier_id)
        moved = replace(self.moved("release"), declined_by=declined)
        return replace(moved, courier_id=None, assigned_at=None, accepted_at=None)

    def picked_up(self, shipment_id: ShipmentId | None, at: datetime) -> Delivery:
        """Its courier has the goods and leaves."""
        return replace(
            self.moved("pick up"),
            shipment_id=shipment_id,
            accepted_at=self.accepted_at or at,
            picked_up_at=at,
            attempt=self.attempt + 1,
        )

    def check_on_the_road(self) -> None:
        """Refuse what only makes sense while a courier is under way with it."""
        if self.state is not JobState.PICKED_UP:
            raise NotOnTheRoad(self.state.value)

    def failed(self, reason: str) -> Delivery:
        """Nobody took the goods; the courier has them still."""
        return replace(self.moved("fail"), failure=one_line(reason, "reason"))

    def tried_again(self) -> Delivery:
        """The goods are back at the shop and wait for another courier."""
        moved = replace(self.moved("try again"), declined_by=(), courier_id=None)
        return replace(moved, assigned_at=None, accepted_at=None, picked_up_at=None)

    def closed(self, action: str, at: datetime, payment_id: PaymentId | None = None) -> Delivery:
        """The last step."""
        return replace(self.moved(action), closed_at=at, payment_id=payment_id)

    def proven(self, kind: ProofKind, proof: str) -> Delivery:
        """With what shows that it was handed over."""
        return replace(self, proof_kind=kind, proof=proof)

    def anonymized(self) -> Delivery:
        """The same delivery to nobody."""
        return replace(self, proof="", failure="") if self.proof or self.failure else self


def code_of(number: UUID) -> str:
    """A short code from the randomness of a fresh identifier."""
    return str(number.int % 10**CODE_DIGITS).zfill(CODE_DIGITS)
