"""What gateways say: answers to calls, and call-backs that come when and as often as they like."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tradepost.kernel.ids import PaymentId
from tradepost.kernel.messages import Actor, Command
from tradepost.payments.commands.listener import Heard, Listener
from tradepost.payments.domain.call import GatewayAnswer, GatewayEvent

HEARS = "payments.hear"
"""The permission of whoever has made sure that it is the gateway who speaks."""


@dataclass(frozen=True, slots=True)
class RecordAnswer(Command):
    """Write down what a gateway answered to a call, and let it take effect."""

    payment_id: PaymentId
    call_id: UUID
    answer: GatewayAnswer


@dataclass(frozen=True, slots=True)
class ReceiveCallback(Command):
    """Take in what a gateway told by a call-back whose signature was good."""

    event: GatewayEvent


async def record_answer(wish: RecordAnswer, listener: Listener, actor: Actor) -> Heard:
    """The answer to a call; an answer that was written down already changes nothing."""
    actor.must(HEARS)
    return await listener.answer(wish.payment_id, wish.call_id, wish.answer, wish.at)


async def receive_callback(wish: ReceiveCallback, listener: Listener, actor: Actor) -> Heard:
    """An event, once, however often it is told."""
    actor.must(HEARS)
    return await listener.event(wish.event, wish.at)
