"""Forgetting who took a delivery."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.delivery.commands.told import save_job
from tradepost.delivery.domain.job import ProofKind
from tradepost.delivery.ports import Deliveries
from tradepost.events.delivery import DeliveryChanged
from tradepost.kernel.ids import OrderId
from tradepost.kernel.messages import Command, Facts


@dataclass(frozen=True, slots=True)
class ForgetRecipient(Command):
    """Take out of an order's delivery who took it: name, photo, signature."""

    order_id: OrderId


async def forget_recipient(wish: ForgetRecipient, deliveries: Deliveries, facts: Facts) -> int:
    """Keep what was delivered when; how many deliveries said more."""
    changed = 0
    for job in await deliveries.lock_of(wish.order_id):
        after = job.anonymized()
        signed = job.proof_kind is ProofKind.SIGNATURE
        if signed:
            await deliveries.forget_signature(job.id)
        if after == job and not signed:
            continue
        fact = DeliveryChanged(job.id, job.order_id, "person")
        await save_job(after, fact, deliveries, facts, wish.at)
        changed += 1
    return changed


HANDLERS = {ForgetRecipient: forget_recipient}
