"""Ordering in the house: its policy from the tenant's settings, its neighbours' answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from tradepost.fulfillment.domain.sold import Given
from tradepost.fulfillment.storage.returns import SqlReturns
from tradepost.kernel.clock import business_date
from tradepost.kernel.ids import OrderId
from tradepost.kernel.money import Money
from tradepost.ledger.commands import Journal
from tradepost.ledger.domain import Document, undone
from tradepost.ledger.ports import Bookkeeping
from tradepost.ordering import commands, ports, reactions
from tradepost.ordering.domain import Order, OrderLine
from tradepost.ordering.domain.terms import Policy
from tradepost.ordering.ports import Booked
from tradepost.ordering.storage.carts import SqlCarts
from tradepost.ordering.storage.orders import SqlOrders
from tradepost.payments.commands.cashier import Cashier
from tradepost.payments.storage.refunds import SqlRefunds
from tradepost.platform.bus import Bound
from tradepost.platform.sweeps import Sweep
from tradepost.tenancy.domain import Location, TenantProfile
from tradepost.tenancy.domain.settings import HoldStart
from tradepost.wiring.carriage import Carriage
from tradepost.wiring.payments import due_of, note_entries, parts_of
from tradepost.wiring.places import Places
from tradepost.wiring.prices import Buyers, ShopPrices
from tradepost.wiring.sales import difference, sale_of
from tradepost.wiring.sold_for import SoldFor
from tradepost.wiring.sold_from import SoldFrom
from tradepost.wiring.stockroom import stockroom_for
from tradepost.wiring.taxes import ShopTaxes
from tradepost.wiring.unpaid import call_off_unpaid

UNPAID_EVERY_S = 300


@lru_cache(maxsize=4096)
def policy_of(profile: TenantProfile, places: tuple[Location, ...]) -> Policy:
    """The rules an order is held to, from the tenant's settings."""
    settings = profile.settings
    return Policy(
        currency=profile.default_currency,
        time_zone=profile.time_zone,
        cutoff_hour=settings.business_day_cutoff_hour,
        country=settings.tax_country or "ZZ",
        store_id=places[0].store_id if places else None,
        locations=tuple(place.id for place in places),
        lines_max=settings.lines_per_order_max,
        quantity_max=settings.quantity_per_line_max,
        rounding=settings.rounding,
        prices_include_tax=settings.prices_include_tax,
        payment_methods=tuple(method.value for method in settings.payment_methods),
        shipping_fee=settings.shipping_fee_amount,
        shipping_free_from=settings.free_shipping_from_amount,
        first_number=settings.order_number_first,
        holds_at_cart=settings.hold_starts is HoldStart.CART,
        guest_checkout=settings.guest_checkout,
        order_amount_min=settings.order_amount_min,
        bank_transfer_days=settings.bank_transfer_days,
        cod_fee=settings.cod_fee_amount,
        cash_step=settings.cash_rounding_step_amount,
    )


def policy_for(bound: Bound) -> Policy:
    """The policy of the tenant that a work is for."""
    return policy_of(bound.get(TenantProfile), bound.get(Places).of(bound.scope.tenant_id))


class OrderPostings:
    """Answers ordering's Books from the ledger."""

    def __init__(
        self,
        journal: Journal,
        terms: Bookkeeping,
        refunds: SqlRefunds,
        returns: SqlReturns,
        cashier: Cashier,
    ) -> None:
        self._journal = journal
        self._terms = terms
        self._refunds = refunds
        self._returns = returns
        self._cashier = cashier

    def sold(self, order: Order, lines: Sequence[OrderLine]) -> None:
        """Post a placed order."""
        document = self._document(order, order.placed_at)
        self._journal.post(document, list(sale_of(order, lines)))

    async def changed(self, before: Booked, after: Booked, at: datetime) -> Money:
        """Post what is more or less owed than before, on the day of the change.

        What was credited on units that are called off is no longer credited.
        """
        self._journal.post(self._document(after[0], at), list(difference(before, after)))
        credited = before[0].credited
        if not credited.amount:
            return credited
        sold = parts_of(*before), parts_of(*after)
        corrected = await self._cashier.correct(due_of(before[0]), *sold, at)
        return credited - Money(corrected, credited.currency)

    async def given_back(self, order_id: OrderId) -> Given:
        """What units of an order that came back were worth."""
        return await self._returns.given_on(order_id)

    async def called_off(self, order: Order, lines: Sequence[OrderLine], at: datetime) -> None:
        """Post the reverse of a placed order, and of what was credited on it: both are void."""
        document = self._document(order, at)
        self._journal.post(document, list(undone(sale_of(order, lines))))
        for note in await self._refunds.notes_of([order.id]):
            void = replace(document, kind="credit_note_reversal", id=note.id)
            self._journal.post(void, list(undone(note_entries(note))))

    def _document(self, order: Order, at: datetime) -> Document:
        day = business_date(at, self._terms.time_zone, self._terms.cutoff_hour)
        return Document("order", order.id, order.currency, day, at)


HANDLERS = commands.HANDLERS
REACTIONS = reactions.REACTIONS
SWEEPS = {"ordering.unpaid": Sweep("ordering.unpaid", UNPAID_EVERY_S, call_off_unpaid)}
BINDINGS: dict[Any, Callable[[Bound], Any]] = {
    Policy: policy_for,
    ports.Orders: lambda bound: SqlOrders(bound.work),
    ports.Carts: lambda bound: SqlCarts(bound.work),
    Buyers: Buyers,
    SoldFor: SoldFor,
    SoldFrom: SoldFrom,
    ports.PriceBook: ShopPrices,
    ports.Taxes: ShopTaxes,
    ports.Carriage: Carriage,
    ports.StockRoom: stockroom_for,
    ports.Books: lambda bound: OrderPostings(
        bound.get(Journal),
        bound.get(Bookkeeping),
        SqlRefunds(bound.work),
        SqlReturns(bound.work),
        bound.get(Cashier),
    ),
}
