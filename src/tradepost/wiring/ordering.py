"""Ordering in the house: its policy from the tenant's settings, its neighbours' answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from tradepost.catalog.storage import Articles
from tradepost.fulfillment.domain.sold import Given
from tradepost.fulfillment.storage.returns import SqlReturns
from tradepost.inventory.commands.holds import Holds
from tradepost.inventory.commands.storeroom import Storeroom
from tradepost.inventory.domain.demand import Demand, DemandLine
from tradepost.inventory.domain.dispatch import Release
from tradepost.inventory.domain.holds import CartHold, HoldLine, HoldTerms
from tradepost.inventory.domain.quota import Quota
from tradepost.inventory.errors import Shortage as StockShortage
from tradepost.inventory.errors import TooMuchHeld
from tradepost.kernel.clock import business_date
from tradepost.kernel.ids import CartId, LocationId, OrderId, OrderLineId, TenantId, VariantId
from tradepost.kernel.messages import Actor, Facts, Scope
from tradepost.kernel.money import Money
from tradepost.ledger.commands import Journal
from tradepost.ledger.domain import Document, Sold, call_off, sale, undone
from tradepost.ledger.ports import Bookkeeping
from tradepost.ordering import commands, ports, reactions
from tradepost.ordering.domain import Cart, Channel, Draft, Order, OrderLine
from tradepost.ordering.domain.terms import Policy, Shortage
from tradepost.ordering.ports import Booked
from tradepost.ordering.storage.carts import SqlCarts
from tradepost.ordering.storage.orders import SqlOrders
from tradepost.payments.commands.cashier import Cashier
from tradepost.payments.storage.refunds import SqlRefunds
from tradepost.platform.bus import Bound
from tradepost.platform.sweeps import Sweep
from tradepost.tenancy.domain import Location, TenantProfile
from tradepost.tenancy.domain.settings import HoldStart
from tradepost.wiring.inventory import lies_on_shelves
from tradepost.wiring.payments import due_of, note_entries, parts_of
from tradepost.wiring.places import Places
from tradepost.wiring.prices import Buyers, ShopPrices
from tradepost.wiring.quotas import quota_of
from tradepost.wiring.rush.interest import Interest
from tradepost.wiring.sold_from import SoldFrom
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


class Stockroom:
    """Answers ordering's StockRoom from inventory."""

    def __init__(
        self,
        storeroom: Storeroom,
        holds: Holds,
        articles: Articles,
        sold_from: SoldFrom,
        locations: tuple[LocationId, ...],
        terms: HoldTerms,
        *,
        at_cart: bool,
        interest: Interest,
        tenant_id: TenantId,
        quota_of: Callable[[Actor, Cart], Quota | None],
        facts: Facts,
    ) -> None:
        self._storeroom = storeroom
        self._holds = holds
        self._articles = articles
        self._sold_from = sold_from
        self._locations = locations
        self._terms = terms
        self._at_cart = at_cart
        self._interest = interest
        self._tenant_id = tenant_id
        self._quota_of = quota_of
        self._facts = facts

    async def allocate(self, drafts: Sequence[Draft]) -> list[Shortage | None]:
        """Promise each draft its goods; services want none."""
        demands = [self._demand(draft) for draft in drafts]
        asked = [demand for demand in demands if demand.lines]
        answers = iter(await self._storeroom.allocate(asked) if asked else ())
        outcomes = [next(answers) if demand.lines else None for demand in demands]
        return [_shortage(one) if isinstance(one, StockShortage) else None for one in outcomes]

    def _demand(self, draft: Draft) -> Demand:
        lines = tuple(
            DemandLine(
                line.id,
                line.variant_id,
                line.quantity,
                line.variant_id in draft.backorder,
                self._sold_from.limit(line.variant_id),
            )
            for line in draft.lines
            if line.ships
        )
        if draft.basket.channel is Channel.WEB:
            self._interest.note(self._tenant_id, (line.variant_id for line in lines))
        # Where carts hold nothing, nobody need look for it.
        cart_id = draft.basket.cart_id if self._at_cart else None
        basket = draft.basket
        return Demand(
            draft.id, lines, self._locations, basket.at, cart_id, draft.version, basket.by
        )

    async def release(self, orders: Sequence[Order], at: datetime) -> None:
        """Let go of what orders were promised."""
        releases = [Release(order.id, at, order.version) for order in orders]
        for refusal in await self._storeroom.release(releases):
            if refusal is not None:
                raise refusal

    async def release_units(
        self, order: Order, units: Sequence[tuple[OrderLineId, int]], at: datetime
    ) -> None:
        """Let go of some units of lines."""
        if not units:
            return
        wish = Release(order.id, at, order.version, tuple(units))
        for refusal in await self._storeroom.release([wish]):
            if refusal is not None:
                raise refusal

    async def request_holds(self, carts: Sequence[tuple[Cart, Scope]]) -> None:
        """Ask for the goods of carts to be held; persons are locked in one order by all."""
        wanted = [(cart, by, self._quota_of(by.actor, cart)) for cart, by in carts]
        for cart, by, quota in sorted(wanted, key=lambda one: one[2].person if one[2] else ""):
            self._facts.speak_for(by)
            await self._request_hold(cart, quota)

    async def _request_hold(self, cart: Cart, quota: Quota | None) -> None:
        """Ask for one cart's goods; services want no stock."""
        articles = await self._articles.by_ids({line.variant_id for line in cart.lines})
        await self._sold_from.sellable(articles.values())
        lines = tuple(
            HoldLine(
                line.id, line.variant_id, line.quantity, self._sold_from.limit(line.variant_id)
            )
            for line in cart.lines
            if (article := articles.get(line.variant_id)) and lies_on_shelves(article)
        )
        self._interest.note(self._tenant_id, (line.variant_id for line in lines))
        at = cart.changed_at
        wish = CartHold(cart.id, cart.version, lines, self._locations, self._terms, at, quota)
        try:
            await self._holds.request(wish)
        except TooMuchHeld:
            self._interest.too_much_held()
            raise

    async def drop_hold(self, cart_id: CartId, at: datetime) -> None:
        """Let go of what a cart holds."""
        await self._holds.drop(cart_id, at)


def _stockroom(bound: Bound) -> Stockroom:
    settings = bound.get(TenantProfile).settings
    return Stockroom(
        bound.get(Storeroom),
        bound.get(Holds),
        Articles(bound.work),
        bound.get(SoldFrom),
        bound.get(Places).ids_of(bound.scope.tenant_id),
        HoldTerms(settings.hold_minutes, settings.hold_extensions_max),
        at_cart=settings.hold_starts is HoldStart.CART,
        interest=bound.get(Interest),
        tenant_id=bound.scope.tenant_id,
        quota_of=partial(quota_of, settings),
        facts=bound.facts,
    )


def _shortage(said: StockShortage) -> Shortage:
    return Shortage(VariantId(UUID(said.variant_id)), said.wanted, said.available)


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
        self._journal.post(document, list(sale(_parts(order, lines))))

    async def changed(self, before: Booked, after: Booked, at: datetime) -> Money:
        """Post what is more or less owed than before, on the day of the change.

        What was credited on units that are called off is no longer credited.
        """
        more = _parts(*after).less(_parts(*before))
        self._journal.post(self._document(after[0], at), list(sale(more)))
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
        self._journal.post(document, list(call_off(_parts(order, lines))))
        for note in await self._refunds.notes_of([order.id]):
            void = replace(document, kind="credit_note_reversal", id=note.id)
            self._journal.post(void, list(undone(note_entries(note))))

    def _document(self, order: Order, at: datetime) -> Document:
        day = business_date(at, self._terms.time_zone, self._terms.cutoff_hour)
        return Document("order", order.id, order.currency, day, at)


def _parts(order: Order, lines: Sequence[OrderLine]) -> Sold:
    """What goes to which account; where prices include tax, it is taken out of its line."""
    inside = order.tax_included
    goods = services = 0
    for line in lines:
        net = line.amount.amount - (line.tax.amount if inside else 0)
        if line.ships:
            goods += net
        else:
            services += net
    return Sold(
        goods=goods,
        services=services,
        shipping=order.shipping.amount - (order.shipping_tax.amount if inside else 0),
        tax=order.tax.amount,
        discount=order.discount.amount,
        rounding=order.rounding.amount,
        cod_fee=order.cod_fee.amount - (order.cod_fee_tax.amount if inside else 0),
    )


HANDLERS = commands.HANDLERS
REACTIONS = reactions.REACTIONS
SWEEPS = {"ordering.unpaid": Sweep("ordering.unpaid", UNPAID_EVERY_S, call_off_unpaid)}
BINDINGS: dict[Any, Callable[[Bound], Any]] = {
    Policy: policy_for,
    ports.Orders: lambda bound: SqlOrders(bound.work),
    ports.Carts: lambda bound: SqlCarts(bound.work),
    Buyers: Buyers,
    SoldFrom: SoldFrom,
    ports.PriceBook: ShopPrices,
    ports.Taxes: ShopTaxes,
    ports.StockRoom: _stockroom,
    ports.Books: lambda bound: OrderPostings(
        bound.get(Journal),
        bound.get(Bookkeeping),
        SqlRefunds(bound.work),
        SqlReturns(bound.work),
        bound.get(Cashier),
    ),
}
