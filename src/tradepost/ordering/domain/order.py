"""The order: lines and totals as agreed, and views that follow from what was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from tradepost.kernel.clock import business_date
from tradepost.kernel.ids import (
    CartId,
    CustomerId,
    LocationId,
    OrderId,
    SlotId,
    StoreId,
)
from tradepost.kernel.money import Currency, Money
from tradepost.ordering.domain.address import NOWHERE, Address
from tradepost.ordering.domain.line import OrderLine
from tradepost.ordering.domain.status import (
    PAID_LATER,
    STATES,
    WORDS,
    Channel,
    Delivery,
    OrderState,
    Stage,
    Status,
)
from tradepost.ordering.domain.terms import Policy
from tradepost.ordering.domain.totals import Totals
from tradepost.ordering.errors import AlreadyShipped, NoSuchStage, NotPaid, NotShipped

if TYPE_CHECKING:
    from tradepost.ordering.domain.basket import Basket


@dataclass(frozen=True, slots=True)
class Order:
    """An order without its lines. Amounts are in minor units of ``currency``.

    ``subtotal`` is Σ line amounts; total = subtotal − discount + shipping + cod_fee (+ tax, unless
    prices include it) + rounding. ``paid`` and ``refunded`` follow the payments, ``promised`` those
    that are authorized and not yet captured, ``credited`` the credit notes, the units the lines.
    """

    id: OrderId
    number: int
    channel: Channel
    delivery: Delivery
    state: OrderState
    currency: Currency
    store_id: StoreId | None
    location_id: LocationId | None
    slot_id: SlotId | None
    customer_id: CustomerId | None
    cart_id: CartId | None
    external_code: str | None
    email: str | None
    ship_to: Address
    payment_method: str
    tax_included: bool
    subtotal: Money
    discount: Money
    shipping: Money
    shipping_tax: Money
    cod_fee: Money
    cod_fee_tax: Money
    tax: Money
    rounding: Money
    total: Money
    paid: Money
    promised: Money
    refunded: Money
    credited: Money
    units_to_ship: int
    units_shipped: int
    stage: Stage
    placed_at: datetime
    business_date: date
    closed_at: datetime | None
    version: int

    @classmethod
    def placed(
        cls,
        id: OrderId,
        basket: Basket,
        lines: Sequence[OrderLine],
        totals: Totals,
        policy: Policy,
    ) -> Order:
        """What a basket becomes; its number is still to be taken."""
        currency, zero = policy.currency, Money.zero(policy.currency)
        return cls(
            id=id,
            number=0,
            channel=basket.channel,
            delivery=basket.delivery,
            state=OrderState.PLACED,
            currency=currency,
            store_id=policy.store_id,
            location_id=basket.location_id,
            slot_id=basket.slot_id,
            customer_id=basket.customer_id,
            cart_id=basket.cart_id,
            external_code=basket.external_code,
            email=basket.email,
            ship_to=basket.ship_to or NOWHERE,
            payment_method=basket.payment_method,
            tax_included=policy.prices_include_tax,
            **totals.amounts(),
            paid=zero,
            promised=zero,
            refunded=zero,
            credited=zero,
            units_to_ship=sum(line.to_ship for line in lines),
            units_shipped=0,
            stage=Stage.NONE,
            placed_at=basket.at,
            business_date=business_date(basket.at, policy.time_zone, policy.cutoff_hour),
            closed_at=None,
            version=1,
        )

    @property
    def destination(self) -> Address | None:
        """The address it goes to, if it names one."""
        return None if self.ship_to == NOWHERE else self.ship_to

    @property
    def due(self) -> Money:
        """What is still owed after credit notes; below zero where too much is paid.

        A called-off order comes to nothing, with its credit notes.
        """
        gone = self.state is OrderState.CANCELLED
        worth = Money.zero(self.currency) if gone else self.total - self.credited
        return worth - (self.paid - self.refunded)

    @property
    def is_paid(self) -> bool:
        """Nothing is owed; an order of nothing counts as paid."""
        return self.due.amount <= 0

    @property
    def payment_status(self) -> str:
        """The payment view: what the payments and refunds add up to."""
        if self.refunded.amount:
            return "refunded" if self.refunded >= self.paid else "partially_refunded"
        if self.state is OrderState.CANCELLED:
            return "paid" if self.paid.amount else "unpaid"
        if self.due.amount < 0:
            return "overpaid"
        if self.is_paid:
            return "paid"
        if self.due <= self.promised:
            return "authorized"
        return "partially_paid" if self.paid.amount else "unpaid"

    @property
    def fulfillment_status(self) -> str:
        """The fulfillment view: what the shipments add up to."""
        if not self.units_to_ship:
            return "not_needed"
        if not self.units_shipped:
            return "unfulfilled"
        return "fulfilled" if self.units_shipped >= self.units_to_ship else "partially_fulfilled"

    @property
    def status(self) -> Status:
        """What people read; follows from state, payments and shipments."""
        if self.state is OrderState.CANCELLED:
            return Status.CANCELLED
        if self.state is OrderState.COMPLETED:
            return Status.COMPLETED
        kind = self.kind
        begun = self.stage is not Stage.NONE if kind in WORDS else bool(self.units_shipped)
        if not begun and self.waits_for_money:
            return Status.PENDING_PAYMENT
        if kind in WORDS:
            return WORDS[kind][self.stage]
        if not self.units_shipped:
            return Status.PENDING_SHIPMENT
        whole = self.units_shipped >= self.units_to_ship
        return Status.SHIPPED if whole else Status.PARTIALLY_SHIPPED

    @property
    def kind(self) -> Channel | Delivery:
        """What decides on its words: where it was taken, or on the web how it is delivered."""
        return self.delivery if self.channel is Channel.WEB else self.channel

    @property
    def waits_for_money(self) -> bool:
        """Whether nothing may leave before it is paid, or its payment is promised."""
        later = self.payment_method in PAID_LATER or self.channel is Channel.TABLE
        return not later and self.due > self.promised

    @property
    def may_ship(self) -> bool:
        """Whether goods may leave for it: it is open, and paid or to be paid later."""
        open_still = self.state is OrderState.PLACED
        return open_still and (bool(self.units_shipped) or not self.waits_for_money)

    def with_paid(self, amount: Money) -> Order:
        """After a payment of an amount was captured for it."""
        return replace(self, paid=self.paid + amount)

    def with_promised(self, amount: Money) -> Order:
        """After so much more was promised for it; below zero where that was captured or void."""
        return replace(self, promised=self.promised + amount)

    def with_refunded(self, amount: Money) -> Order:
        """After an amount was paid back."""
        return replace(self, refunded=self.refunded + amount)

    def with_credited(self, amount: Money) -> Order:
        """After a credit note of an amount; one that corrects others is below zero."""
        return replace(self, credited=self.credited + amount)

    def at_stage(self, stage: Stage) -> Order:
        """After the work on it has come to a stage, or gone back to one.

        :raises NoSuchStage: if orders of its kind have no such stage.
        """
        STATES.after(self.state, "complete")
        stages = WORDS.get(self.kind, {})
        if stage not in stages:
            raise NoSuchStage(self.number, stage.value, ", ".join(stages))
        return replace(self, stage=stage)

    def with_shipped(self, units: int) -> Order:
        """After units left the shelf."""
        STATES.after(self.state, "complete")
        assert self.units_shipped + units <= self.units_to_ship, self.number
        return replace(self, units_shipped=self.units_shipped + units)

    def completed(self, at: datetime) -> Order:
        """Closed: everything is paid and has left."""
        state = STATES.after(self.state, "complete")
        if not self.is_paid:
            raise NotPaid(self.number, self.due.amount, self.currency.code)
        if self.units_shipped < self.units_to_ship:
            raise NotShipped(self.number, self.units_to_ship - self.units_shipped)
        return replace(self, state=state, closed_at=at)

    def anonymized(self) -> Order:
        """The same sale to nobody; an order that names nobody stays as it is."""
        kept = replace(self, email=None, ship_to=self.ship_to.anonymized())
        return self if kept == self else replace(kept, version=self.version + 1)

    def cancelled(self, at: datetime) -> Order:
        """Called off before anything left; money already taken is refunded by its own command."""
        state = STATES.after(self.state, "cancel")
        if self.units_shipped:
            raise AlreadyShipped(self.number)
        return replace(self, state=state, closed_at=at, units_to_ship=0)
