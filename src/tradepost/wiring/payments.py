"""Payments in the house: ordering says what is owed, the ledger keeps the books.

A context whose fact gives money back gets the cashier of the same work by ``bound.get(Cashier)``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tradepost.kernel.consignment import Contract, Party
from tradepost.kernel.ids import OrderId
from tradepost.kernel.messages import Facts, Scope
from tradepost.kernel.money import Currency, Money
from tradepost.ledger.commands import Journal
from tradepost.ledger.domain import (
    Document,
    Entry,
    Sold,
    allowance,
    credit_refund,
    credit_used,
    earner,
    given_back,
    payment,
    payment_on_account,
    refund,
    settled,
    tender_account,
    tipped,
)
from tradepost.ordering.commands.progress import Step, take_steps
from tradepost.ordering.domain import Order, OrderLine, OrderState
from tradepost.ordering.domain.portions import Portion, portions
from tradepost.ordering.storage.orders import SqlOrders
from tradepost.payments import commands, ports, reactions
from tradepost.payments.commands.cashier import Cashier
from tradepost.payments.commands.listener import Listener
from tradepost.payments.commands.teller import Teller
from tradepost.payments.domain.credit import CreditNote, Part, PartKind
from tradepost.payments.domain.dues import Due
from tradepost.payments.domain.payment import Payment, PaymentAllocation, Share
from tradepost.payments.domain.refund import Refund
from tradepost.payments.domain.settlement import Settlement
from tradepost.payments.gateway.desk import PaymentDesk
from tradepost.payments.gateway.sandbox import SandboxGateway
from tradepost.payments.ports import Gateway, Terms
from tradepost.payments.storage.calls import (
    SqlCalls,
    SqlPayers,
    calls_of_return,
    open_calls,
    pending_calls,
)
from tradepost.payments.storage.payments import SqlPayments
from tradepost.payments.storage.refunds import SqlRefunds
from tradepost.platform.bus import Bound, Bus
from tradepost.platform.sweeps import Sweep
from tradepost.tenancy.domain import TenantProfile
from tradepost.wiring.known_orders import KnownOrders


class OrderDues:
    """Answers payments' Dues from ordering."""

    def __init__(self, orders: SqlOrders, facts: Facts) -> None:
        self._orders = orders
        self._facts = facts

    async def lock(self, ids: Sequence[OrderId]) -> Mapping[OrderId, Due]:
        """The orders, locked, with what they owe."""
        found = await self._orders.lock(ids)
        return {order.id: due_of(order) for order in found.values()}

    async def parts(self, ids: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Part]]:
        """What orders were sold for: lines, shipping, and whatever else makes up the total."""
        found = await self._orders.lock(ids)
        lines = await self._orders.lines(list(found))
        return {place: parts_of(order, lines.get(place, [])) for place, order in found.items()}

    async def paid(self, allocations: Sequence[PaymentAllocation]) -> None:
        """Bring orders up to the money they were given; one step an order."""
        given: dict[OrderId, list[PaymentAllocation]] = defaultdict(list)
        for one in allocations:
            given[one.order_id].append(one)
        steps = [
            Step(order_id, made[-1].allocated_at, paid=_sum(made))
            for order_id, made in given.items()
        ]
        await take_steps(steps, self._orders, self._facts)

    async def promised(self, changes: Sequence[Share], currency: Currency, at: datetime) -> None:
        """Bring orders up to what they may count on; one step an order."""
        sums: dict[OrderId, int] = defaultdict(int)
        for one in changes:
            sums[one.order_id] += one.amount or 0
        steps = [
            Step(order_id, at, promised=Money(amount, currency))
            for order_id, amount in sums.items()
            if amount
        ]
        await take_steps(steps, self._orders, self._facts)

    async def lowered(self, refunds: Sequence[Refund], notes: Sequence[CreditNote]) -> None:
        """Bring orders down by what went back and was credited; one step an order."""
        lowered: dict[OrderId, Step] = {}
        for gone in refunds:
            assert gone.order_id is not None
            step = lowered.get(gone.order_id) or Step(gone.order_id, _at(gone))
            refunded = gone.amount if step.refunded is None else step.refunded + gone.amount
            lowered[gone.order_id] = replace(step, refunded=refunded, at=_at(gone))
        for note in notes:
            assert note.order_id is not None
            step = lowered.get(note.order_id) or Step(note.order_id, note.issued_at)
            credited = note.total if step.credited is None else step.credited + note.total
            lowered[note.order_id] = replace(step, credited=credited)
        await take_steps(list(lowered.values()), self._orders, self._facts)


def parts_of(order: Order, lines: Sequence[OrderLine]) -> list[Part]:
    """An order in parts with their tax inside; together its total."""
    inside = order.tax_included
    parts = [part for one in portions(order, lines) for part in _portion_parts(one, inside=inside)]
    rest = order.total.amount - sum(part.amount for part in parts)
    if rest:
        parts.append(Part(None, PartKind.ROUNDING, "rounding", rest, 0))
    return parts


def _portion_parts(portion: Portion, *, inside: bool) -> Iterator[Part]:
    """The lines of a portion, and its shares of the fees."""
    for line in portion.lines:
        yield _line_part(line, inside=inside)
    fees = (
        (PartKind.SHIPPING, "shipping", portion.shipping, portion.shipping_tax),
        (PartKind.COD_FEE, "payment at the door", portion.cod_fee, portion.cod_fee_tax),
    )
    for kind, title, fee, tax in fees:
        if fee:
            gross = fee if inside else fee + tax
            yield Part(None, kind, title, gross, tax, contract=portion.contract)


def _line_part(line: OrderLine, *, inside: bool) -> Part:
    kind = PartKind.GOODS if line.ships else PartKind.SERVICE
    tax = line.tax.amount
    gross = line.net.amount + (0 if inside else tax)
    borne = line.contract is not None and line.contract.discount is Party.MALL
    return Part(
        line.id,
        kind,
        line.title,
        gross,
        tax,
        contract=line.contract,
        commission=line.commission.amount,
        subsidy=line.discount.amount if borne else 0,
    )


def _sum(made: Sequence[PaymentAllocation]) -> Money:
    return Money.total(made[0].currency, (one.amount for one in made))


def _at(refund: Refund) -> datetime:
    return refund.closed_at or refund.requested_at


def due_of(order: Order) -> Due:
    """An order as payments know it."""
    return Due(
        order_id=order.id,
        number=order.number,
        customer_id=order.customer_id,
        currency=order.currency,
        total=order.total,
        paid=order.paid,
        refunded=order.refunded,
        credited=order.credited,
        is_cancelled=order.state is OrderState.CANCELLED,
        payment_method=order.payment_method,
    )


class Postings:
    """Answers payments' Books from the ledger."""

    def __init__(self, journal: Journal, terms: Terms) -> None:
        self._journal = journal
        self._terms = terms

    def captured(self, one: Payment) -> None:
        """Post money that came in, to what was owed and to the customer's credit."""
        assert one.captured_at is not None
        document = Document("payment", one.id, one.currency, one.business_date, one.captured_at)
        tender = tender_account(one.method.value, one.held_by)
        entries = (
            payment(tender, one.allocated.amount),
            payment_on_account(tender, one.credit.amount),
            tipped(tender, one.tip.amount),
        )
        self._journal.post(document, [entry for part in entries for entry in part])

    def credit_used(self, one: Payment, amount: Money, at: datetime) -> None:
        """Post that credit paid for orders."""
        day = self._terms.day_of(at)
        self._journal.post(
            Document("payment", one.id, one.currency, day, at), list(credit_used(amount.amount))
        )

    def credited(self, note: CreditNote) -> None:
        """Post a credit note under the document that caused it."""
        kind = "return" if note.return_id else "credit_note"
        document_id = note.return_id or note.id
        day, at = note.business_date, note.issued_at
        document = Document(kind, document_id, note.currency, day, at)
        self._journal.post(document, list(note_entries(note)))

    def refunded(self, one: Refund) -> None:
        """Post money that went back, from what was owed to the customer or from their credit."""
        at = one.closed_at or one.requested_at
        document = Document("refund", one.id, one.currency, one.business_date, at)
        posted = credit_refund if one.is_of_credit else refund
        self._journal.post(document, list(posted(one.method.value, one.amount.amount)))

    def settled(self, one: Settlement) -> None:
        """Post money that reached the bank."""
        document = Document("settlement", one.id, one.currency, one.business_date, one.at)
        entries = settled(
            one.method.value,
            one.amount.amount,
            one.fee.amount,
            held_by=one.held_by,
            missing=one.missing.amount,
        )
        self._journal.post(document, list(entries))


def note_entries(note: CreditNote) -> Iterator[Entry]:
    """What a credit note posts: goods and services taken back, or given up on, to each earner."""
    posted = given_back if note.return_id else allowance
    by_contract: dict[Contract | None, list[Part]] = defaultdict(list)
    for part in note.lines:
        by_contract[part.contract].append(part)
    for contract, parts in by_contract.items():
        yield from posted(_credited(parts), earner(contract))


def _credited(parts: Sequence[Part]) -> Sold:
    goods = sum(part.amount - part.tax for part in parts if part.kind is PartKind.GOODS)
    apart = PartKind.GOODS, PartKind.ROUNDING
    others = sum(part.amount - part.tax for part in parts if part.kind not in apart)
    return Sold(
        goods,
        others,
        tax=sum(part.tax for part in parts),
        rounding=sum(part.amount for part in parts if part.kind is PartKind.ROUNDING),
        commission=sum(part.commission for part in parts),
        subsidy=sum(part.subsidy for part in parts),
    )


def _teller(bound: Bound) -> Teller:
    payments, terms = SqlPayments(bound.work), bound.get(Terms)
    return Teller(_dues(bound), payments, _books(bound), terms, bound.ids, bound.facts)


def _listener(bound: Bound) -> Listener:
    work = bound.work
    return Listener(bound.get(Teller), bound.get(Cashier), SqlRefunds(work), SqlCalls(work))


def _cashier(bound: Bound) -> Cashier:
    work = bound.work
    return Cashier(
        _dues(bound),
        SqlPayments(work),
        SqlRefunds(work),
        SqlCalls(work),
        _books(bound),
        bound.get(Terms),
        bound.ids,
        bound.facts,
    )


def _dues(bound: Bound) -> OrderDues:
    return OrderDues(SqlOrders(bound.work), bound.facts)


def _books(bound: Bound) -> Postings:
    return Postings(bound.get(Journal), bound.get(Terms))


def _terms(bound: Bound) -> Terms:
    profile = bound.get(TenantProfile)
    cutoff = profile.settings.business_day_cutoff_hour
    methods = frozenset(method.value for method in profile.settings.payment_methods)
    return Terms(profile.default_currency, profile.time_zone, cutoff, methods)


def desk_of(bus: Bus, gateways: Mapping[str, Gateway]) -> PaymentDesk:
    """The desk that pays by these gateways, by name."""
    return PaymentDesk(bus, gateways, open_calls, pending_calls, calls_of_return)


SANDBOX = SandboxGateway(b"")
"""The completer's own, for as long as the process lives: it knows which calls it has lost once."""


async def _complete(bus: Bus, scope: Scope) -> int:
    """Ask gateways again what was intended and never answered."""
    desk = desk_of(bus, {SANDBOX.name: SANDBOX})
    return await desk.complete(scope, bus.clock.now())


SWEEPS = {"gateway_calls": Sweep("gateway_calls", 30, _complete)}


HANDLERS = commands.HANDLERS
REACTIONS = reactions.REACTIONS
BINDINGS: dict[Any, Callable[[Bound], Any]] = {
    Terms: _terms,
    ports.Payments: lambda bound: SqlPayments(bound.work),
    ports.Refunds: lambda bound: SqlRefunds(bound.work),
    ports.Calls: lambda bound: SqlCalls(bound.work),
    ports.Payers: lambda bound: SqlPayers(bound.work),
    ports.Dues: _dues,
    ports.KnownOrders: lambda bound: KnownOrders(bound.work),
    ports.Books: _books,
    Cashier: _cashier,
    Teller: _teller,
    Listener: _listener,
}
