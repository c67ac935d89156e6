"""The reasons delivery says no."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import Conflict, Invalid, Refused, TooLarge, TooMany


@dataclass(eq=False)
class OutsideZones(Refused):
    """Nothing is delivered to {postcode} in {country}.

    Choose another address, another way of delivery, or pick the goods up.
    """

    postcode: str
    country: str


@dataclass(eq=False)
class PostcodeMissing(Refused):
    """Local delivery needs an address with a postal code.

    Set the delivery address, with its country and postal code.
    """


@dataclass(eq=False)
class PrefixTaken(Conflict):
    """Postal codes {prefix} in {country} belong to another zone.

    Take the prefix out of the other zone first, or choose a longer one.
    """

    prefix: str
    country: str


@dataclass(eq=False)
class ZoneClosed(Refused):
    """The zone {zone} is not served at the moment.

    Choose another way of delivery.
    """

    zone: str


@dataclass(eq=False)
class SlotMissing(Refused):
    """Local delivery needs a slot: the hours in which the goods come.

    Choose one of the slots of the address.
    """


@dataclass(eq=False)
class SlotElsewhere(Refused):
    """The slot {slot_id} is not one of the zone of the address.

    Choose one of the slots of the address.
    """

    slot_id: str


@dataclass(eq=False)
class SlotFull(Refused):
    """The slot from {starts_at} is full: all its {capacity} places are taken.

    Choose another slot.
    """

    starts_at: str
    capacity: int


@dataclass(eq=False)
class SlotOver(Refused):
    """The slot from {starts_at} takes no more orders; it did until {orders_until}.

    Choose a later slot.
    """

    starts_at: str
    orders_until: str


@dataclass(eq=False)
class SlotTaken(Conflict):
    """{taken} places of the slot are taken, so it cannot have only {capacity}.

    Keep at least as many places as are taken, or close the slot.
    """

    taken: int
    capacity: int


@dataclass(eq=False)
class SlotThere(Conflict):
    """The zone has a slot that starts at {starts_at} already.

    Leave it out, or change the slot that is there.
    """

    starts_at: str


@dataclass(eq=False)
class BadSlots(Invalid):
    """The slots wanted {problem}.

    Name days and hours in order, and no more than {slots_max} slots at once.
    """

    problem: str
    slots_max: int


@dataclass(eq=False)
class PickingWrong(Invalid):
    """Of {sku} {ordered} were ordered; {picked} picked, {short} short and {replaced} replaced do
    not add up to that.

    Say of every unit what became of it.
    """

    sku: str
    ordered: int
    picked: int
    short: int
    replaced: int


@dataclass(eq=False)
class WeightBeyondTolerance(Refused):
    """{weighed} of {sku} were weighed where {wanted} were wanted; between {least} and {most} will
    do.

    Weigh anew, or say what is short.
    """

    sku: str
    weighed: int
    wanted: int
    least: int
    most: int


@dataclass(eq=False)
class SubstituteNotAllowed(Refused):
    """The shopper does not want {substitute} for {sku}: {why}.

    Pick what they allowed, or say that it is short.
    """

    sku: str
    substitute: str
    why: str


@dataclass(eq=False)
class PickingOpen(Refused):
    """{lines} lines have not been picked yet.

    Say of every line what was picked, what is short and what was replaced.
    """

    lines: int


@dataclass(eq=False)
class OrderMoved(Conflict):
    """Order {number} was changed while it was being picked.

    Look at the task again: its changed lines have to be picked anew.
    """

    number: int


@dataclass(eq=False)
class CourierOff(Refused):
    """{courier} is {state} and gets no jobs.

    Choose a courier who is on duty.
    """

    courier: str
    state: str


@dataclass(eq=False)
class CourierElsewhere(Refused):
    """{courier} does not deliver from there, or not to that zone.

    Choose a courier of the place and the zone.
    """

    courier: str


@dataclass(eq=False)
class CourierBusy(Refused):
    """{courier} still has {jobs} jobs.

    Give the jobs to somebody else first, or finish them.
    """

    courier: str
    jobs: int


@dataclass(eq=False)
class NoCourier(Refused):
    """No courier on duty could take the delivery.

    It is given to the next who comes on duty; or choose somebody yourself.
    """


@dataclass(eq=False)
class NotForCouriers(Refused):
    """Order {number} is picked up by the shopper.

    Hand it over with the shopper's code.
    """

    number: int


@dataclass(eq=False)
class WrongCode(Refused):
    """The code is not the one of this order.

    Ask the shopper for the code shown with their order.
    """


@dataclass(eq=False)
class TooManyCodes(TooMany):
    """Too many wrong codes were tried for this order.

    Look the order up by its link instead, or try again later.
    """

    retry_after_s: int


@dataclass(eq=False)
class ProofMissing(Invalid):
    """A delivery is completed with one proof: a name, the shopper's code, a photo or a signature.

    Send one of them.
    """


@dataclass(eq=False)
class SignatureTooLarge(TooLarge):
    """The signature has {bytes} bytes; {bytes_max} are the most.

    Send a smaller picture.
    """

    bytes: int
    bytes_max: int


@dataclass(eq=False)
class SignatureUnreadable(Invalid):
    """The signature is no text in Base64.

    Send its bytes in Base64 (RFC 4648).
    """


@dataclass(eq=False)
class CollectExactly(Refused):
    """{due:money} {currency} are to be collected for order {number}; {collected:money} were named.

    Collect what is due, give change, and send the amount that is due.
    """

    number: int
    due: int
    collected: int
    currency: str


@dataclass(eq=False)
class PositionTooSoon(TooMany):
    """Positions are reported too often.

    Report again after retry_after_s seconds.
    """

    retry_after_s: int


@dataclass(eq=False)
class NotOnTheRoad(Conflict):
    """The job is {state}: positions are taken while it is on the road.

    Report positions after picking the goods up, until they are delivered.
    """

    state: str


@dataclass(eq=False)
class AboveOwed(Refused):
    """The courier owes {owed:money} {currency} for these payments; {counted:money} were counted.

    Count again, or name all payments that are handed in.
    """

    owed: int
    counted: int
    currency: str


@dataclass(eq=False)
class NothingOwed(Refused):
    """The courier has nothing to hand in.

    Look at what they owe.
    """


@dataclass(eq=False)
class NoteMissing(Invalid):
    """{missing:money} {currency} are missing from what was handed in, and nobody says why.

    Send a note with it.
    """

    missing: int
    currency: str


@dataclass(eq=False)
class SignInMissing(Invalid):
    """A courier signs in by a mail address or a telephone number; neither is named.

    Name one of them.
    """
