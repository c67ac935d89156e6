"""Showing carts, priced by the functions that price their orders: many at once, as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import Ids
from tradepost.kernel.messages import Actor
from tradepost.ordering.domain import Address, Basket, Cart, Draft
from tradepost.ordering.domain.draft import fresh_draft, placed_order, whole_draft
from tradepost.ordering.domain.pages import CartProblem, CartView, cart_view
from tradepost.ordering.domain.quotes import Quotes
from tradepost.ordering.domain.terms import Assessed, Policy
from tradepost.ordering.ports import Carriage, Fitted, Taxes


@dataclass(frozen=True, slots=True)
class Shown:
    """A cart to be shown, what its articles cost, to whom, and when."""

    cart: Cart
    quotes: Quotes
    actor: Actor
    at: datetime


Drafted = tuple[Draft | None, tuple[CartProblem, ...]]


@dataclass(frozen=True, slots=True)
class CartPages:
    """Makes the views of carts; one that is closed shows its lines and no totals."""

    carriage: Carriage
    taxes: Taxes
    policy: Policy
    ids: Ids

    async def of(self, shown: Sequence[Shown]) -> list[CartView]:
        """The view of each, in order; tax is asked for once for all."""
        lenient = replace(self.policy, guest_checkout=True, order_amount_min=0)
        fitted = await self.carriage.fit([_basket(one) for one in shown])
        drafted = [self._drafted(one, fit, lenient) for one, fit in zip(shown, fitted, strict=True)]
        drafts = [draft for draft, _ in drafted if draft is not None]
        assessed = iter(await self.taxes.assess(drafts) if drafts else ())
        return [
            self._view(one, draft, next(assessed) if draft else None, problems)
            for one, (draft, problems) in zip(shown, drafted, strict=True)
        ]

    def _drafted(self, one: Shown, fitted: Fitted, lenient: Policy) -> Drafted:
        """The draft of what can be ordered, and what keeps the cart from being ordered whole."""
        if one.cart.status != "open":
            return None, ()
        basket, draft = fitted.basket, None
        try:
            draft = fresh_draft(basket, one.quotes, self.policy, one.actor, self.ids)
            whole = whole_draft(draft, self.policy, one.actor)
            return whole, (() if fitted.refusal is None else (_problem(fitted.refusal),))
        except Refusal as refusal:
            told = (_problem(refusal),)
        try:
            if draft is None:
                sold = self._sold(basket, one.quotes)
                draft = fresh_draft(sold, one.quotes, lenient, one.actor, self.ids)
            return whole_draft(self._going_home(draft), lenient, one.actor), told
        except Refusal:  # told among the problems
            return None, told

    def _going_home(self, draft: Draft) -> Draft:
        """To the seller's own country while nobody has said where to, however little it is."""
        basket = draft.basket
        tariff = basket.tariff and replace(basket.tariff, least=0)
        home = basket.ship_to or Address(country=self.policy.country)
        return replace(draft, basket=replace(basket, ship_to=home, tariff=tariff))

    def _sold(self, basket: Basket, quotes: Quotes) -> Basket:
        """The basket as far as it can be priced: what is on sale."""
        quoted = [(line, quotes.get(line.variant_id or "")) for line in basket.lines]
        lines = tuple(line for line, quote in quoted if quote is not None and quote.on_sale)
        return replace(basket, lines=lines)

    def _view(
        self,
        one: Shown,
        draft: Draft | None,
        assessed: Assessed | None,
        problems: tuple[CartProblem, ...],
    ) -> CartView:
        made = None
        if draft is not None and assessed is not None:
            try:
                made = placed_order(draft, assessed, self.policy)
            except Refusal as refusal:
                problems = problems or (_problem(refusal),)
        return cart_view(one.cart, one.quotes, made, problems, self.policy)


def _basket(one: Shown) -> Basket:
    """What is in a cart that can still be ordered."""
    basket = Basket(customer_id=one.cart.customer_id, at=one.at)
    return basket.filled(one.cart) if one.cart.status == "open" else basket


def _problem(refusal: Refusal) -> CartProblem:
    return CartProblem(refusal.code, refusal.message, refusal.remedy)
