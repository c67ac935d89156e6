"""Filling a cart: opened by a guest or a customer, merged at sign-in, left open until ordered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import CartId, CartLineId, CustomerId, Ids, LocationId, SlotId, VariantId
from tradepost.kernel.messages import Command, Facts, Scope, of_many
from tradepost.ordering.commands.changing import CartAnswer, ChangeCart, at_version, told
from tradepost.ordering.domain import Address, Cart, CartLine, Delivery, Wanted
from tradepost.ordering.domain.cart import empty_cart
from tradepost.ordering.domain.quotes import Quotes, quoted
from tradepost.ordering.domain.substitution import Substitution
from tradepost.ordering.domain.terms import Policy
from tradepost.ordering.errors import BadQuantity
from tradepost.ordering.ports import Carts, StockRoom


@dataclass(frozen=True, slots=True)
class OpenCart(Command):
    """Open a cart, for a guest or for a customer."""

    customer_id: CustomerId | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class AddToCart(ChangeCart):
    """Put more of an article, named by identifier or SKU, into a customer's or a guest's cart."""

    quantity: int
    variant_id: VariantId | None = None
    sku: str | None = None
    substitution: Substitution | None = None

    def wanted(self) -> tuple[Wanted, ...]:
        """The article."""
        return (Wanted(self.quantity, self.variant_id, self.sku, substitution=self.substitution),)

    def changed(self, cart: Cart, quotes: Quotes, policy: Policy, ids: Ids) -> Cart:
        """With more of the article, if it is on sale in such quantities."""
        return _with_more(cart, self.wanted(), quotes, policy, ids, self.at)


@dataclass(frozen=True, slots=True)
class FillCart(ChangeCart):
    """Put several articles into a cart: all of them, or none."""

    lines: tuple[Wanted, ...]

    def wanted(self) -> tuple[Wanted, ...]:
        """The articles."""
        return self.lines

    def changed(self, cart: Cart, quotes: Quotes, policy: Policy, ids: Ids) -> Cart:
        """With more of each article, if all are on sale in such quantities."""
        return _with_more(cart, self.lines, quotes, policy, ids, self.at)


@dataclass(frozen=True, slots=True)
class SetCartQuantity(ChangeCart):
    """Set how many of a line are wanted; zero takes it out.

    What is sold, and how many, is checked again at checkout.
    """

    line_id: CartLineId
    quantity: int
    version: int | None = None

    def changed(self, cart: Cart, quotes: Quotes, policy: Policy, ids: Ids) -> Cart:
        """With the line's quantity set."""
        cart = at_version(self.version, cart)
        if not 0 <= self.quantity <= policy.quantity_max * 1000:
            raise BadQuantity(str(self.line_id), self.quantity, 1)
        return cart.with_quantity(self.line_id, self.quantity, self.at)


@dataclass(frozen=True, slots=True)
class ChooseInCart(ChangeCart):
    """Say where the goods go, how they get there and how they will be paid."""

    email: str | None = None
    ship_to: Address | None = None
    delivery: Delivery = Delivery.SHIP
    payment_method: str = "bank_transfer"
    location_id: LocationId | None = None
    slot_id: SlotId | None = None
    version: int | None = None

    def goes_to(self, cart: Cart | None) -> Address | None:
        """To the address that is chosen."""
        return self.ship_to

    def changed(self, cart: Cart, quotes: Quotes, policy: Policy, ids: Ids) -> Cart:
        """With the shopper's choices."""
        cart = at_version(self.version, cart)
        policy.check_method(self.payment_method)
        return cart.with_choices(
            self.at,
            email=self.email,
            ship_to=self.ship_to,
            delivery=self.delivery,
            payment_method=self.payment_method,
            location_id=self.location_id,
            slot_id=self.slot_id,
        )


@dataclass(frozen=True, slots=True)
class MergeCart(Command):
    """Bring a guest's cart into the customer's open cart; without one it becomes theirs."""

    cart_id: CartId
    customer_id: CustomerId


def _with_more(
    cart: Cart, lines: Sequence[Wanted], quotes: Quotes, policy: Policy, ids: Ids, at: datetime
) -> Cart:
    for wanted in lines:
        quote = quoted(wanted, quotes)
        new = CartLineId(ids.new())
        line = CartLine(new, quote.variant_id, wanted.quantity, wanted.substitution)
        cart = cart.with_line(line, policy.lines_max, at)
        in_all = next(one.quantity for one in cart.lines if one.variant_id == quote.variant_id)
        policy.check_quantity(in_all, in_all, quote)
    return cart


@of_many
async def open_carts(
    wishes: list[OpenCart], carts: Carts, policy: Policy, ids: Ids, facts: Facts
) -> list[CartAnswer | Refusal]:
    """Fresh, empty carts."""
    answers: list[CartAnswer | Refusal] = []
    for wish in wishes:
        cart = empty_cart(CartId(ids.new()), wish.customer_id, policy, wish.at)
        cart = replace(cart, email=wish.email, version=1)
        carts.add(cart)
        answers.append(told(facts, cart, wish.by))
    return answers


async def merge_cart(
    wish: MergeCart, carts: Carts, stock: StockRoom, policy: Policy, facts: Facts
) -> CartAnswer:
    """One cart for one customer, with the lines of both."""
    cart = (await carts.lock([wish.cart_id])).get(wish.cart_id)
    own = await carts.open_of(wish.customer_id)
    if cart is None:  # a guest's that nothing was put in
        return await _opened(own, wish, carts, policy, facts)
    cart = cart.of(None, wish.customer_id)
    if own is None or own.id == cart.id:
        theirs = replace(cart.opened(wish.at), customer_id=wish.customer_id)
        return told(facts, await _saved(theirs, wish.by, carts, stock, policy), wish.by)
    merged, own = cart.merged_into(own, policy.lines_max, wish.at)
    merged = replace(merged, version=merged.version + 1)
    await carts.save([merged])
    await stock.drop_hold(merged.id, wish.at)
    told(facts, merged, wish.by)
    return told(facts, await _saved(own, wish.by, carts, stock, policy), wish.by)


async def _opened(
    own: Cart | None, wish: MergeCart, carts: Carts, policy: Policy, facts: Facts
) -> CartAnswer:
    """The customer's open cart; without one the guest's empty one becomes theirs."""
    if own is not None:
        return CartAnswer(own.id, own.version)
    cart = replace(empty_cart(wish.cart_id, wish.customer_id, policy, wish.at), version=1)
    carts.add(cart)
    return told(facts, cart, wish.by)


async def _saved(cart: Cart, by: Scope, carts: Carts, stock: StockRoom, policy: Policy) -> Cart:
    changed = replace(cart, version=cart.version + 1)
    await carts.save([changed])
    if policy.holds_at_cart:
        await stock.request_holds([(changed, by)])
    return changed
