"""Forgetting who paid: the money stays in the books, the person does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tradepost.events.payments import PaymentAnonymized
from tradepost.kernel.ids import CustomerId, OrderId, PaymentId
from tradepost.kernel.messages import Command, Facts
from tradepost.payments.ports import Payers, Payments


@dataclass(frozen=True, slots=True)
class ForgetPayer(Command):
    """Take a customer's references, notes and cards out of their payments."""

    customer_id: CustomerId


@dataclass(frozen=True, slots=True)
class ForgetPayerOf(Command):
    """The same for the payments of an order that is nobody's any more."""

    order_id: OrderId


async def forget_payer(wish: ForgetPayer, payers: Payers, payments: Payments, facts: Facts) -> int:
    """Keep amounts, days and methods; how many payments said more."""
    ids = await payers.payments_of(wish.customer_id)
    return await _forget(ids, wish.at, payers, payments, facts)


async def forget_payer_of(
    wish: ForgetPayerOf, payers: Payers, payments: Payments, facts: Facts
) -> int:
    """The same for an order's payments."""
    ids = await payers.payments_for(wish.order_id)
    return await _forget(ids, wish.at, payers, payments, facts)


async def _forget(
    ids: Sequence[PaymentId], at: datetime, payers: Payers, payments: Payments, facts: Facts
) -> int:
    if not ids:
        return 0
    found = (await payments.lock(ids)).values()
    changed = [after for one in found if (after := one.anonymized()) != one]
    await payments.save(changed)
    await payers.forget_cards(ids)
    for one in changed:
        facts.tell(PaymentAnonymized(one.id), one.version, at)
    return len(changed)
