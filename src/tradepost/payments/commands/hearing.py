"""What gateways say: answers to calls, and call-backs that come when and as often as they like."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tradepost.kernel.ids import PaymentId, RefundId
from tradepost.kernel.messages import Actor, Command
from tradepost.kernel.text import one_line
from tradepost.payments.commands.cashier import RefundView, refund_view
from tradepost.payments.commands.listener import Heard, Listener, Overruling
from tradepost.payments.domain.call import GatewayAnswer, GatewayEvent
from tradepost.payments.domain.refund import RefundState
from tradepost.payments.errors import RefundOutcome

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


@dataclass(frozen=True, slots=True)
class CloseRefund(Command):
    """Close a gateway's refund by hand, as ``issued`` or as ``failed``, with the reason.

    For what its gateway never said, or said in a way that does not fit.
    """

    refund_id: RefundId
    outcome: str
    reason: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ClosedRefund:
    """A refund as a person closed it."""

    refund: RefundView
    version: int


async def close_refund(wish: CloseRefund, listener: Listener, actor: Actor) -> ClosedRefund:
    """A person's word on a refund."""
    actor.must("payments.record")
    reason = one_line(wish.reason, "reason", shortest=0)
    if wish.outcome not in (RefundState.ISSUED, RefundState.FAILED) or not reason:
        raise RefundOutcome
    said = Overruling(wish.refund_id, wish.outcome, reason, wish.version)
    closed = await listener.overruled(said, wish.at)
    return ClosedRefund(refund_view(closed), closed.version)


async def record_answer(wish: RecordAnswer, listener: Listener, actor: Actor) -> Heard:
    """The answer to a call; an answer that was written down already changes nothing."""
    actor.must(HEARS)
    return await listener.answer(wish.payment_id, wish.call_id, wish.answer, wish.at)


async def receive_callback(wish: ReceiveCallback, listener: Listener, actor: Actor) -> Heard:
    """An event, once, however often it is told."""
    actor.must(HEARS)
    return await listener.event(wish.event, wish.at)
