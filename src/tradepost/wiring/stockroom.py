"""Ordering's stockroom: what inventory promises to orders and holds for carts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from tradepost.catalog.storage import Articles
from tradepost.inventory.commands.holds import Holds
from tradepost.inventory.commands.storeroom import Storeroom
from tradepost.inventory.domain.demand import Demand, DemandLine
from tradepost.inventory.domain.dispatch import Release
from tradepost.inventory.domain.holds import CartHold, HoldLine, HoldTerms
from tradepost.inventory.domain.quota import Quota
from tradepost.inventory.errors import Shortage as StockShortage
from tradepost.inventory.errors import TooMuchHeld
from tradepost.kernel.ids import CartId, LocationId, OrderLineId, TenantId, VariantId
from tradepost.kernel.messages import Actor, Facts, Scope
from tradepost.ordering.domain import Cart, Channel, Draft, Order
from tradepost.ordering.domain.terms import Shortage
from tradepost.platform.bus import Bound
from tradepost.tenancy.domain import TenantProfile
from tradepost.tenancy.domain.settings import HoldStart
from tradepost.wiring.inventory import lies_on_shelves
from tradepost.wiring.places import Places
from tradepost.wiring.quotas import quota_of
from tradepost.wiring.rush.interest import Interest
from tradepost.wiring.sold_from import SoldFrom


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
            if line.takes_stock
        )
        if draft.basket.channel is Channel.WEB:
            self._interest.note(self._tenant_id, (line.variant_id for line in lines))
        # Where carts hold nothing, nobody need look for it.
        cart_id = draft.basket.cart_id if self._at_cart else None
        basket = draft.basket
        places = (basket.location_id,) if basket.location_id else self._locations
        return Demand(draft.id, lines, places, basket.at, cart_id, draft.version, basket.by)

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


def stockroom_for(bound: Bound) -> Stockroom:
    """The stockroom of the tenant that a work is for."""
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
