"""What payments need: their repositories, and what they ask of their neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from tradepost.kernel.clock import business_date
from tradepost.kernel.ids import CustomerId, OrderId, PaymentId, RefundId
from tradepost.kernel.money import Currency, Money
from tradepost.payments.domain.call import (
    CallToMake,
    GatewayAnswer,
    GatewayCall,
    GatewayEvent,
    HeardEvent,
)
from tradepost.payments.domain.credit import CreditNote, Part
from tradepost.payments.domain.dues import Due
from tradepost.payments.domain.payment import Payment, PaymentAllocation, Share
from tradepost.payments.domain.purse import Purse
from tradepost.payments.domain.refund import Refund
from tradepost.payments.domain.settlement import Settlement


@dataclass(frozen=True, slots=True)
class Terms:
    """The shop's currency, the way its business days are cut, and how shoppers may pay."""

    currency: Currency
    time_zone: str
    cutoff_hour: int
    methods: frozenset[str]

    def day_of(self, instant: datetime) -> date:
        """The business day of an instant."""
        return business_date(instant, self.time_zone, self.cutoff_hour)


class Payments(Protocol):
    """Where payments and their allocations are kept."""

    def add(self, payment: Payment) -> None:
        """Keep a fresh payment."""
        ...

    def allocate(self, made: Sequence[PaymentAllocation]) -> None:
        """Keep fresh allocations."""
        ...

    async def shares_of(self, ids: Sequence[PaymentId]) -> list[OrderId]:
        """The orders that payments are meant for, without locking anything."""
        ...

    async def lock(self, ids: Sequence[PaymentId]) -> dict[PaymentId, Payment]:
        """The payments, nobody else's until the transaction ends; missing ones are left out."""
        ...

    async def save(self, payments: Sequence[Payment]) -> None:
        """Write locked payments back, as they are; whoever changed them raised their version."""
        ...

    async def purse(self, orders: Sequence[OrderId], payments: Sequence[PaymentId]) -> Purse:
        """The payments that locked orders were given money of, and those named, locked."""
        ...

    async def save_allocations(self, allocations: Sequence[PaymentAllocation]) -> None:
        """Write back what of allocations was refunded."""
        ...


class Payers(Protocol):
    """Where it is kept who paid, and with what."""

    async def payments_of(self, customer_id: CustomerId) -> list[PaymentId]:
        """The payments that are a customer's."""
        ...

    async def payments_for(self, order_id: OrderId) -> list[PaymentId]:
        """The payments of which an order was given something."""
        ...

    async def forget_cards(self, ids: Sequence[PaymentId]) -> None:
        """Drop what stands for cards and accounts in calls that gateways have answered."""
        ...


class Refunds(Protocol):
    """Where refunds and credit notes are kept."""

    def add(self, refunds: Sequence[Refund]) -> None:
        """Keep fresh refunds."""
        ...

    async def payment_of(self, refund_id: RefundId) -> PaymentId | None:
        """The payment that a refund is of, without locking anything; nothing if it has none."""
        ...

    async def lock(self, ids: Sequence[RefundId]) -> dict[RefundId, Refund]:
        """The refunds, nobody else's until the transaction ends; missing ones are left out."""
        ...

    async def save(self, refunds: Sequence[Refund]) -> None:
        """Write locked refunds back."""
        ...

    async def notes_of(self, orders: Sequence[OrderId]) -> list[CreditNote]:
        """The credit notes of locked orders."""
        ...

    async def numbers(self, count: int) -> int:
        """Take ``count`` consecutive numbers of credit notes; the first of them."""
        ...

    def add_notes(self, notes: Sequence[CreditNote]) -> None:
        """Keep fresh credit notes."""
        ...


class Calls(Protocol):
    """Where calls to gateways and what gateways told are kept."""

    def add(self, call: GatewayCall) -> None:
        """Write down a call that is to be made."""
        ...

    async def of(self, payment_id: PaymentId) -> list[GatewayCall]:
        """The calls of a locked payment, in order."""
        ...

    async def save(self, call: GatewayCall) -> None:
        """Write down what was answered to a call."""
        ...

    async def heard(self, gateway: str, event_id: str) -> bool:
        """Whether a gateway's event of a locked payment was heard before."""
        ...

    def hear(self, event: HeardEvent) -> None:
        """Keep what a gateway told, once."""
        ...


class Dues(Protocol):
    """What orders owe, asked of ordering and told to it inside the same transaction."""

    async def lock(self, ids: Sequence[OrderId]) -> Mapping[OrderId, Due]:
        """The orders, nobody else's until the transaction ends; missing ones are left out."""
        ...

    async def parts(self, ids: Sequence[OrderId]) -> Mapping[OrderId, Sequence[Part]]:
        """What locked orders were sold for, part by part; together an order's total."""
        ...

    async def paid(self, allocations: Sequence[PaymentAllocation]) -> None:
        """Tell that locked orders were given money."""
        ...

    async def promised(self, changes: Sequence[Share], currency: Currency, at: datetime) -> None:
        """Tell that so much more was promised for locked orders; less, where below zero."""
        ...

    async def lowered(self, refunds: Sequence[Refund], notes: Sequence[CreditNote]) -> None:
        """Tell that money went back on locked orders, and that they were credited."""
        ...


class KnownOrders(Protocol):
    """Which orders there are, asked of ordering."""

    async def check(self, order_id: OrderId, owner: CustomerId | None = None) -> None:
        """Go on if there is such an order, and it is the owner's if one is named.

        :raises Unknown: if not.
        """
        ...


class Books(Protocol):
    """Where money is posted, asked of the ledger."""

    def captured(self, payment: Payment) -> None:
        """Post money that came in: for what orders owe, and the rest as credit."""
        ...

    def credit_used(self, payment: Payment, amount: Money, at: datetime) -> None:
        """Post that a customer's credit was given to orders."""
        ...

    def credited(self, note: CreditNote) -> None:
        """Post a credit note: the shop gives up what it had earned."""
        ...

    def refunded(self, refund: Refund) -> None:
        """Post money that went back."""
        ...

    def settled(self, settlement: Settlement) -> None:
        """Post money that reached the shop from whoever held it."""
        ...


class Gateway(Protocol):
    """A payment gateway; nobody calls it inside a transaction."""

    async def call(self, call: CallToMake) -> GatewayAnswer:
        """Do what the call asks for, once for all repetitions of the call's identifier.

        :raises GatewayDown: if there is no answer.
        """
        ...

    def read(self, body: bytes, signature: str) -> GatewayEvent:
        """What a call-back tells.

        :raises BadSignature: if the gateway did not sign exactly these bytes.
        :raises BadCallback: if it did, and they mean nothing.
        """
        ...
