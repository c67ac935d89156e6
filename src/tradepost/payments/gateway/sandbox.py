"""A gateway for trying out: it answers in this process, by what the token says.

What it answers follows from the call alone, so every process with the same secret is the same
sandbox, and a repeated call is done once. It takes no money: never offer it to real shoppers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

import msgspec

from tradepost.payments.domain.call import (
    CallAction,
    CallToMake,
    EventKind,
    GatewayAnswer,
    GatewayEvent,
    Outcome,
    meaning,
)
from tradepost.payments.errors import GatewayDown
from tradepost.payments.gateway.signing import signature_of, signed_event


class Token(StrEnum):
    """What a shopper can pay with in the sandbox, and how it behaves.

    A payment's reference carries its token on, so captures and refunds behave alike.
    """

    OK = "tok_ok"
    DECLINED = "tok_declined"
    LATER = "tok_later"
    """Everything is answered by a call-back."""
    LATER_DECLINED = "tok_later_declined"
    REFUND_DECLINED = "tok_refund_declined"
    WRONG_AMOUNT = "tok_wrong_amount"
    """A penny more is taken than was asked for."""
    WRONG_CURRENCY = "tok_wrong_currency"
    DOWN_ONCE = "tok_down_once"
    """The answer to the first call of each identifier is lost."""


@dataclass(frozen=True, slots=True)
class Callback:
    """A call-back as it goes over the wire."""

    body: bytes
    signature: str


class SandboxGateway:
    """Answers the Gateway port in process."""

    name = "sandbox"

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._lost: set[UUID] = set()

    async def call(self, call: CallToMake) -> GatewayAnswer:
        """Do what is asked.

        :raises GatewayDown: the first time, where the token says so.
        """
        token = _token(call)
        if token == Token.DOWN_ONCE and call.call_id not in self._lost:
            self._lost.add(call.call_id)
            raise GatewayDown(self.name, "the line broke")
        done = _done(call, token)
        later = token in (Token.LATER, Token.LATER_DECLINED)
        return replace(done, outcome=Outcome.PENDING) if later else done

    def read(self, body: bytes, signature: str) -> GatewayEvent:
        """The event in a call-back that this gateway signed."""
        return signed_event(self.name, body, signature, self._secret)

    def callback(self, call: CallToMake) -> Callback:
        """The call-back by which a call that was answered by "later" is settled."""
        done = _done(call, _token(call))
        kind = meaning(CallAction(call.action), done.outcome)
        assert kind is not None, call.action
        return self.signed(_event(self.name, call, kind, done))

    def signed(self, event: GatewayEvent) -> Callback:
        """An event as it goes over the wire."""
        body = msgspec.json.encode(event)
        return Callback(body, signature_of(body, self._secret))


def _done(call: CallToMake, token: str) -> GatewayAnswer:
    taking = call.action in (CallAction.AUTHORIZE, CallAction.PURCHASE)
    declined = taking and token not in set(Token) - {Token.DECLINED, Token.LATER_DECLINED}
    declined |= call.action == CallAction.REFUND and token == Token.REFUND_DECLINED
    wrong = call.action != CallAction.VOID
    return GatewayAnswer(
        outcome=Outcome.DECLINED if declined else Outcome.APPROVED,
        reference=call.reference or f"{token}.{call.payment_id.hex}",
        amount=call.amount + int(wrong and token == Token.WRONG_AMOUNT),
        currency="XTS" if wrong and token == Token.WRONG_CURRENCY else call.currency,
    )


def _event(gateway: str, call: CallToMake, kind: EventKind, done: GatewayAnswer) -> GatewayEvent:
    return GatewayEvent(
        gateway=gateway,
        event_id=f"evt_{call.call_id.hex}",
        kind=kind,
        payment_id=call.payment_id,
        refund_id=call.refund_id,
        amount=done.amount,
        currency=done.currency,
        reference=done.reference,
    )


def _token(call: CallToMake) -> str:
    return call.token or call.reference.partition(".")[0]
