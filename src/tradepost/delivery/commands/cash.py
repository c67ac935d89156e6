"""Couriers hand in what they collected."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tradepost.delivery.domain.cash import HandIn, chosen, handed_in
from tradepost.delivery.ports import Couriers, HandIns, Purse
from tradepost.events.delivery import CashHandedIn
from tradepost.kernel.ids import CourierId, HandInId, Ids, PaymentId
from tradepost.kernel.messages import Actor, Command, Facts


@dataclass(frozen=True, slots=True)
class HandInCash(Command):
    """A courier hands cash in for some payments, or for all they owe; ``counted`` is what it was,
    in minor units. What is missing is noted and written off."""

    courier_id: CourierId
    counted: int
    payment_ids: tuple[PaymentId, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What was handed in; amounts in minor units of ``currency``."""

    hand_in_id: HandInId
    courier_id: CourierId
    settlement_id: UUID
    currency: str
    owed: int
    counted: int
    missing: int


async def hand_in_cash(
    wish: HandInCash,
    couriers: Couriers,
    purse: Purse,
    hand_ins: HandIns,
    actor: Actor,
    ids: Ids,
    facts: Facts,
) -> HandedIn:
    """Settle the payments, and note who received how much."""
    courier = await couriers.get(wish.courier_id)
    taken = chosen(await purse.owed(courier.id), wish.payment_ids)
    new = HandInId(ids.new())
    made = handed_in(new, courier.id, taken, wish.counted, wish.note, new, actor.id, wish.at)
    settlement_id = await purse.settle(made.payment_ids, made.missing.amount, wish.at)
    hand_ins.add(made.settled(settlement_id))
    facts.tell(_fact(made, settlement_id), 1, wish.at)
    return _answer(made, settlement_id)


def _fact(made: HandIn, settlement_id: UUID) -> CashHandedIn:
    return CashHandedIn(
        hand_in_id=made.id,
        courier_id=made.courier_id,
        settlement_id=settlement_id,
        currency=made.currency.code,
        owed=made.owed.amount,
        counted=made.counted.amount,
        missing=made.missing.amount,
        payments=made.payment_ids,
    )


def _answer(made: HandIn, settlement_id: UUID) -> HandedIn:
    return HandedIn(
        made.id,
        made.courier_id,
        settlement_id,
        made.currency.code,
        made.owed.amount,
        made.counted.amount,
        made.missing.amount,
    )


HANDLERS = {HandInCash: hand_in_cash}
