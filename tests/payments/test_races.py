"""Many at once: an order is paid once, refunded once, and a call-back counts once."""

from __future__ import annotations

import asyncio
from collections import Counter as Tally
from typing import Any

import pytest

from tests.payments.counter import Counter
from tests.payments.till import Till
from tradepost.kernel.errors import Refusal
from tradepost.kernel.messages import Command
from tradepost.payments.commands import AllocatePayment, RecordPayment, RefundPayment
from tradepost.payments.domain.payment import Share
from tradepost.payments.errors import CreditExceeded, NothingDue, NothingToRefund
from tradepost.payments.gateway.sandbox import Token

pytestmark = pytest.mark.asyncio(loop_scope="module")

AT_ONCE = 6


async def _all(till: Till, wish: Command) -> tuple[list[Any], Tally[type]]:
    """The same wish, several times at once: what was granted, and why the rest was not."""
    sent = (till.send(wish) for _ in range(AT_ONCE))
    answers = await asyncio.gather(*sent, return_exceptions=True)
    refused = Tally(type(one) for one in answers if isinstance(one, Refusal))
    broken = [one for one in answers if isinstance(one, Exception) and type(one) not in refused]
    assert broken == []
    return [one for one in answers if not isinstance(one, BaseException)], refused


async def test_an_order_is_paid_once(till: Till) -> None:
    order_id = await till.order(10)
    granted, refused = await _all(till, RecordPayment((Share(order_id),)))
    assert (len(granted), refused) == (1, {NothingDue: AT_ONCE - 1})
    assert (await till.look(order_id)).paid.amount == 1000


async def test_an_order_is_refunded_once(till: Till) -> None:
    order_id = await till.order(10)
    await till.send(RecordPayment((Share(order_id),)))
    granted, refused = await _all(till, RefundPayment(order_id))
    assert (len(granted), refused) == (1, {NothingToRefund: AT_ONCE - 1})
    assert (await till.look(order_id)).refunded.amount == 1000


async def test_credit_is_used_once(till: Till) -> None:
    order_id = await till.order(100)
    paid = await till.send(RecordPayment(amount=500))
    wish = AllocatePayment(paid.payment_id, (Share(order_id, 500),))
    granted, refused = await _all(till, wish)
    assert (len(granted), refused) == (1, {CreditExceeded: AT_ONCE - 1})
    assert (await till.look(order_id)).paid.amount == 500


async def test_twins_of_a_callback_count_once(till: Till, counter: Counter) -> None:
    order_id = await till.order(10)
    payment_id = await counter.pay(order_id, Token.LATER)
    (callback,) = await counter.outgoing(payment_id)
    heard = await asyncio.gather(*(counter.hear(callback) for _ in range(AT_ONCE)))
    assert Tally(result for result, _ in heard) == {"applied": 1, "repeated": AT_ONCE - 1}
    assert (await till.look(order_id)).paid.amount == 1000
    assert await till.told(payment_id) == ["payment.opened", "payment.captured"]
