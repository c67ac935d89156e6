"""Filling a cart: opened by a guest or a customer, merged at sign-in, left open until ordered."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tradepost.events.ordering import CartChanged
from tradepost.kernel.errors import Stale, Unknown
from tradepost.kernel.ids import CartId, CartLineId, CustomerId, Ids, VariantId
from tradepost.kernel.messages import Command, Facts
from tradepost.ordering.domain import Address, Cart, CartLine, CartState, Delivery
from tradepost.ordering.domain.basket import Basket, Wanted
from tradepost.ordering.domain.quotes import quoted
from tradepost.ordering.domain.terms import Policy
from tradepost.ordering.errors import BadQuantity, TooMuchOfOne
from tradepost.ordering.ports import Carts, PriceBook, StockRoom


@dataclass(frozen=True, slots=True)
class OpenCart(Command):
    """Open a cart, for a guest or for a customer."""

    customer_id: CustomerId | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class AddToCart(Command):
    """Put more of an article, named by identifier or SKU, into a customer's or a guest's cart."""

    cart_id: CartId
    quantity: int
    variant_id: VariantId | None = None
    sku: str | None = None
    customer_id: CustomerId | None = None


@dataclass(frozen=True, slots=True)
class SetCartQuantity(Command):
    """Set how many of a line are wanted; zero takes it out."""

    cart_id: CartId
    line_id: CartLineId
    quantity: int
    version: int | None = None
    customer_id: CustomerId | None = None


@dataclass(frozen=True, slots=True)
class ChooseInCart(Command):
    """Say where the goods go, how they get there and how they will be paid."""

    cart_id: CartId
    email: str | None = None
    ship_to: Address | None = None
    delivery: Delivery = Delivery.SHIP
    payment_method: str = "bank_transfer"
    version: int | None = None
    customer_id: CustomerId | None = None


@dataclass(frozen=True, slots=True)
class MergeCart(Command):
    """Bring a guest's cart into the customer's open cart; without one it becomes theirs."""

    cart_id: CartId
    customer_id: CustomerId


@dataclass(frozen=True, slots=True)
class CartAnswer:
    """The cart after a change."""

    cart_id: CartId
    version: int


async def open_cart(
    wish: OpenCart, carts: Carts, policy: Policy, ids: Ids, facts: Facts
) -> CartAnswer:
    """A fresh, empty cart."""
    cart = Cart(
        id=CartId(ids.new()),
        state=CartState.OPEN,
        customer_id=wish.customer_id,
        email=wish.email,
        currency=policy.currency,
        lines=(),
        ship_to=None,
        delivery=Delivery.SHIP,
        payment_method=policy.payment_methods[0],
        opened_at=wish.at,
        changed_at=wish.at,
        version=1,
    )
    carts.add(cart)
    return _told(cart, facts)


async def add_to_cart(
    wish: AddToCart,
    carts: Carts,
    prices: PriceBook,
    stock: StockRoom,
    policy: Policy,
    ids: Ids,
    facts: Facts,
) -> CartAnswer:
    """Put the article in, if it is on sale and the quantity is one that is sold."""
    cart = await _locked(carts, wish.cart_id, wish.customer_id)
    wanted = Wanted(wish.quantity, wish.variant_id, wish.sku)
    (quotes,) = await prices.quotes([Basket(lines=(wanted,), at=wish.at)])
    quote = quoted(wanted, quotes)
    line = CartLine(CartLineId(ids.new()), quote.variant_id, wish.quantity)
    changed = cart.with_line(line, policy.lines_max, wish.at)
    _check(changed, quote.variant_id, quote.sku, quote.step, policy.quantity_max * quote.price_per)
    return await _saved(changed, carts, stock, policy, facts)


async def set_cart_quantity(
    wish: SetCartQuantity, carts: Carts, stock: StockRoom, policy: Policy, facts: Facts
) -> CartAnswer:
    """Set a line's quantity; what is sold and how many is checked again at checkout."""
    cart = _at(wish.version, await _locked(carts, wish.cart_id, wish.customer_id))
    if not 0 <= wish.quantity <= policy.quantity_max * 1000:
        raise BadQuantity(str(wish.line_id), wish.quantity, 1)
    changed = cart.with_quantity(wish.line_id, wish.quantity, wish.at)
    return await _saved(changed, carts, stock, policy, facts)


async def choose_in_cart(
    wish: ChooseInCart, carts: Carts, stock: StockRoom, policy: Policy, facts: Facts
) -> CartAnswer:
    """Keep the shopper's choices in the cart."""
    cart = _at(wish.version, await _locked(carts, wish.cart_id, wish.customer_id))
    policy.check_method(wish.payment_method)
    changed = cart.with_choices(
        wish.at,
        email=wish.email,
        ship_to=wish.ship_to,
        delivery=wish.delivery,
        payment_method=wish.payment_method,
    )
    return await _saved(changed, carts, stock, policy, facts)


async def merge_cart(
    wish: MergeCart, carts: Carts, stock: StockRoom, policy: Policy, facts: Facts
) -> CartAnswer:
    """One cart for one customer, with the lines of both."""
    cart = await _locked(carts, wish.cart_id, None, wish.customer_id)
    own = await carts.open_of(wish.customer_id)
    if own is None or own.id == cart.id:
        theirs = replace(cart.opened(wish.at), customer_id=wish.customer_id)
        return await _saved(theirs, carts, stock, policy, facts)
    merged, own = cart.merged_into(own, policy.lines_max, wish.at)
    merged = replace(merged, version=merged.version + 1)
    await carts.save([merged])
    await stock.drop_hold(merged.id, wish.at)
    _told(merged, facts)
    return await _saved(own, carts, stock, policy, facts)


async def _locked(carts: Carts, cart_id: CartId, *owners: CustomerId | None) -> Cart:
    cart = (await carts.lock([cart_id])).get(cart_id)
    if cart is None:
        raise Unknown("cart", str(cart_id))
    return cart.of(*owners)


def _at(version: int | None, cart: Cart) -> Cart:
    if version is not None and version != cart.version:
        raise Stale("cart", version, cart.version)
    return cart


async def _saved(
    cart: Cart, carts: Carts, stock: StockRoom, policy: Policy, facts: Facts
) -> CartAnswer:
    changed = replace(cart, version=cart.version + 1)
    await carts.save([changed])
    if policy.holds_at_cart:
        await stock.request_hold(changed, changed.changed_at)
    return _told(changed, facts)


def _check(cart: Cart, variant_id: VariantId, sku: str, step: int, quantity_max: int) -> None:
    wanted = next(line.quantity for line in cart.lines if line.variant_id == variant_id)
    if wanted <= 0 or wanted % step:
        raise BadQuantity(sku, wanted, step)
    if wanted > quantity_max:
        raise TooMuchOfOne(sku, wanted, quantity_max)


def _told(cart: Cart, facts: Facts) -> CartAnswer:
    facts.tell(CartChanged(cart.id, cart.status, len(cart.lines)), cart.version, cart.changed_at)
    return CartAnswer(cart.id, cart.version)
