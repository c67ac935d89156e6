"""The cashier pays back, whoever asks: by hand, or for a return inside its own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.events.payments import RefundReview, RefundReviewed
from tradepost.kernel.batch import Batch
from tradepost.kernel.errors import Refusal, Unknown
from tradepost.kernel.ids import CreditNoteId, Ids, OrderId, PaymentId, RefundId
from tradepost.kernel.messages import Facts
from tradepost.payments.commands.told import note_fact, refund_fact
from tradepost.payments.domain.call import CallAction, CallToMake, GatewayCall, to_make
from tradepost.payments.domain.correction import corrections
from tradepost.payments.domain.credit import CreditKind, CreditNote, Part
from tradepost.payments.domain.dues import Due
from tradepost.payments.domain.hearing import Result
from tradepost.payments.domain.payback import GivenBack, PayBack, Refunding, RefundWish, issued
from tradepost.payments.domain.purse import Purse
from tradepost.payments.domain.refund import STATES, Refund, RefundState
from tradepost.payments.errors import RefundAboveCaptured
from tradepost.payments.ports import Books, Calls, Dues, Payments, Refunds, Terms


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund as it stands, in minor units of the answer's currency."""

    refund_id: RefundId
    payment_id: PaymentId | None
    method: str
    state: str
    amount: int


@dataclass(frozen=True, slots=True)
class Refunded:
    """What goes back; ``calls`` are still to be made to a gateway."""

    order_id: OrderId | None
    currency: str
    amount: int
    refunds: tuple[RefundView, ...]
    credit_note_id: CreditNoteId | None
    credit_note_number: int | None
    credited: int
    calls: tuple[CallToMake, ...] = ()


class Cashier:
    """Works out refunds and carries them out."""

    def __init__(
        self,
        dues: Dues,
        payments: Payments,
        refunds: Refunds,
        calls: Calls,
        books: Books,
        terms: Terms,
        ids: Ids,
        facts: Facts,
    ) -> None:
        self._terms = terms
        self._dues = dues
        self._payments = payments
        self._refunds = refunds
        self._calls = calls
        self._books = books
        self._ids = ids
        self._facts = facts

    async def refund(self, wishes: Sequence[RefundWish | Refusal]) -> list[Refunded | Refusal]:
        """Refund what is wished, or say why not; refusals already there stay in their places."""
        batch = Batch(wishes)
        orders = {one.order_id for one in batch.live if one.order_id}
        named = {one.payment_id for one in batch.live if one.payment_id}
        refunding, purse = await self._open(orders, named)
        batch.each(refunding.refund)
        batch.take(await self._carry_out(batch.live, purse))
        return batch.answers

    async def concede(self, wish: RefundWish) -> Refunded:
        """Credit what an order still owes."""
        refunding, purse = await self._open({wish.order_id} if wish.order_id else set(), set())
        (made,) = await self._carry_out([refunding.concede(wish)], purse)
        return made

    async def give_back(self, made: Sequence[GivenBack]) -> list[Refunded]:
        """Credit and pay back returns, inside the transaction that takes the goods back."""
        refunding, purse = await self._open({one.order_id for one in made if one.order_id}, set())
        return await self._carry_out([refunding.give_back(one) for one in made], purse)

    async def correct(
        self, due: Due, before: Sequence[Part], after: Sequence[Part], at: datetime
    ) -> int:
        """Take back what was credited on what is called off of a locked order; how much it was.

        Whoever changes the order writes down what stays credited on it.
        """
        notes = await self._refunds.notes_of([due.order_id])
        parts = corrections(before, after, notes)
        if not parts:
            return 0
        day, reason = self._terms.day_of(at), "called off"
        wish = RefundWish(due.order_id, None, (), None, None, reason, at, day)
        note = issued(CreditKind.CORRECTION, wish, due.currency, due.customer_id, parts, self._ids)
        note = replace(note, number=await self._refunds.numbers(1))
        self._issue([note])
        return -note.total.amount

    async def close(
        self,
        refund_id: RefundId,
        payment_id: PaymentId,
        paid: tuple[int, str] | None,
        at: datetime,
        reference: str,
    ) -> tuple[Result, Refund]:
        """A gateway's word on a pending refund: ``paid`` back so much, or not at all.

        What failed before and is now said to be paid back counts, as far as the money is there.

        :raises Unknown: if the payment has no such refund.
        """
        refund = await self.lock(refund_id, payment_id)
        action = "fail" if paid is None else "issue"
        if paid is None and refund.state is RefundState.ISSUED:
            return await self._doubt(refund, "said to have failed after it was paid back", at)
        if not STATES.allows(refund.state, action):
            return Result.IGNORED, refund
        agreed = refund.amount.amount, refund.currency.code
        if paid is not None and paid != agreed:
            note = f"refunded {paid[0]} {paid[1]}, but {agreed[0]} {agreed[1]} was asked for"
            return await self._doubt(refund, note, at)
        late = refund.state is RefundState.FAILED
        if late and not await self._take_again(refund, payment_id):
            note = "said to be paid back after it had failed, and so much is no longer there"
            return await self._doubt(refund, note, at)
        return Result.APPLIED, await self._moved(refund, payment_id, action, at, reference)

    async def close_by_hand(
        self, refund: Refund, payment_id: PaymentId, outcome: str, note: str, at: datetime
    ) -> Refund:
        """A person's word on a locked refund of which the gateway's cannot be believed.

        :raises RefundClosed: if nobody doubts it.
        :raises RefundAboveCaptured: if it had failed, and so much is no longer there to go back.
        """
        action = refund.by_hand(outcome)
        refund = replace(refund, note=note)
        if not action:
            seen = refund.left_as_it_is()
            await self._refunds.save([seen])
            self._facts.tell(RefundReviewed(seen.id, seen.state.value), seen.version, at)
            return seen
        if refund.state is RefundState.FAILED and not await self._take_again(refund, payment_id):
            raise RefundAboveCaptured(0, refund.amount.amount, refund.currency.code)
        return await self._moved(refund, payment_id, action, at, "")

    async def _moved(
        self, refund: Refund, payment_id: PaymentId, action: str, at: datetime, reference: str
    ) -> Refund:
        closed = refund.moved(action, at, self._terms.day_of(at), reference)
        await self._refunds.save([closed])
        if closed.state is RefundState.FAILED:
            await self._restore(refund, payment_id)
        await pay_out([closed], self._dues, self._books, self._facts)
        if action == "revoke":
            undone = replace(closed, amount=-closed.amount)
            self._books.refunded(undone)
            if undone.order_id:
                await self._dues.lowered([undone], [])
        return closed

    async def _doubt(self, refund: Refund, note: str, at: datetime) -> tuple[Result, Refund]:
        """What was said is kept, and a person must look; saying it again changes nothing."""
        if refund.needs_review and refund.note == note:
            return Result.REVIEW, refund
        doubted = refund.doubted(note)
        await self._refunds.save([doubted])
        self._facts.tell(RefundReview(doubted.id, note), doubted.version, at)
        return Result.REVIEW, doubted

    async def lock(self, refund_id: RefundId, payment_id: PaymentId) -> Refund:
        """A refund of a payment; :class:`Unknown` if there is none."""
        refund = (await self._refunds.lock([refund_id])).get(refund_id)
        if refund is None or refund.payment_id != payment_id:
            raise Unknown("refund", str(refund_id))
        return refund

    async def _restore(self, refund: Refund, payment_id: PaymentId) -> None:
        """What did not go back can be refunded again."""
        orders = [refund.order_id] if refund.order_id else []
        purse = await self._payments.purse(orders, [payment_id])
        purse.restore(payment_id, refund.order_id, refund.amount)
        await self._payments.save(purse.changed_payments)
        await self._payments.save_allocations(purse.changed_allocations)

    async def _take_again(self, refund: Refund, payment_id: PaymentId) -> bool:
        """What went back after all; not if so much is no longer there."""
        orders, amount = [refund.order_id] if refund.order_id else [], refund.amount.amount
        purse = await self._payments.purse(orders, [payment_id])
        if not purse.holds(payment_id, refund.order_id, amount):
            return False
        if refund.order_id is None:
            purse.draw_credit(payment_id, amount)
        else:
            purse.draw(refund.order_id, amount, payment_id)
        await self._payments.save(purse.changed_payments)
        await self._payments.save_allocations(purse.changed_allocations)
        return True

    async def _open(self, orders: set[OrderId], named: set[PaymentId]) -> tuple[Refunding, Purse]:
        wanted = sorted(orders)
        dues = await self._dues.lock(wanted) if wanted else {}
        purse = await self._payments.purse(wanted, sorted(named))
        sold = await self._dues.parts(wanted) if wanted else {}
        notes = await self._refunds.notes_of(wanted) if wanted else []
        return Refunding(dues, sold, notes, purse, self._ids), purse

    async def _carry_out(self, made: Sequence[PayBack], purse: Purse) -> list[Refunded]:
        numbered = await self._numbered(made)
        refunds = [refund for one in numbered for refund in one.refunds]
        notes = [one.note for one in numbered if one.note]
        self._refunds.add(refunds)
        self._issue(notes)
        await self._payments.save(purse.changed_payments)
        await self._payments.save_allocations(purse.changed_allocations)
        await pay_out(refunds, self._dues, self._books, self._facts, notes)
        return [self._answer(one, self._calls_for(one, purse)) for one in numbered]

    def _issue(self, notes: Sequence[CreditNote]) -> None:
        self._refunds.add_notes(notes)
        for note in notes:
            self._books.credited(note)
            self._facts.tell(note_fact(note), 1, note.issued_at)

    async def _numbered(self, made: Sequence[PayBack]) -> list[PayBack]:
        count = sum(one.note is not None for one in made)
        number = await self._refunds.numbers(count) if count else 0
        numbered = []
        for one in made:
            if one.note:
                one = replace(one, note=replace(one.note, number=number))  # noqa: PLW2901  numbered
                number += 1
            numbered.append(one)
        return numbered

    def _calls_for(self, made: PayBack, purse: Purse) -> tuple[CallToMake, ...]:
        """The calls that pending refunds need, written down before anybody makes them."""
        calls = [_call(one, purse) for one in made.refunds if one.state is RefundState.PENDING]
        for call in calls:
            self._calls.add(call)
        return tuple(map(to_make, calls))

    def _answer(self, made: PayBack, calls: tuple[CallToMake, ...]) -> Refunded:
        return Refunded(
            order_id=made.order_id,
            currency=made.currency.code,
            amount=sum(one.amount.amount for one in made.refunds),
            refunds=tuple(map(refund_view, made.refunds)),
            credit_note_id=made.note.id if made.note else None,
            credit_note_number=made.note.number if made.note else None,
            credited=made.note.total.amount if made.note else 0,
            calls=calls,
        )


async def pay_out(
    refunds: Sequence[Refund],
    dues: Dues,
    books: Books,
    facts: Facts,
    notes: Sequence[CreditNote] = (),
) -> None:
    """What every refund comes to: its fact, and once issued its posting and the order told."""
    issued = [one for one in refunds if one.state is RefundState.ISSUED]
    for one in refunds:
        facts.tell(refund_fact(one), one.version, one.closed_at or one.requested_at)
    for one in issued:
        books.refunded(one)
    of_orders = [one for one in issued if one.order_id]
    credited = [one for one in notes if one.order_id]
    if of_orders or credited:
        await dues.lowered(of_orders, credited)


def _call(refund: Refund, purse: Purse) -> GatewayCall:
    assert refund.payment_id and refund.gateway
    paid = purse.payment(refund.payment_id)
    return GatewayCall(
        id=refund.id,
        payment_id=refund.payment_id,
        refund_id=refund.id,
        gateway=refund.gateway,
        action=CallAction.REFUND,
        currency=refund.currency,
        amount=refund.amount,
        token="",
        reference=paid.reference,
        outcome=None,
        intended_at=refund.requested_at,
        answered_at=None,
    )


def refund_view(refund: Refund) -> RefundView:
    """What is answered about a refund."""
    return RefundView(
        refund.id,
        refund.payment_id,
        refund.method.value,
        refund.state.value,
        refund.amount.amount,
    )
