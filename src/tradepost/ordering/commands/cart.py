"""Filling a cart: opened by a guest or a customer, merged at sign-in, left open until ordered."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tradepost.kernel.errors import Refusal, Unknown
from tradepost.kernel.ids import CartId, CartLineId, CustomerId, Ids, VariantId
from tradepost.kernel.messages import Command, Facts, of_many
from tradepost.ordering.commands.changing import CartAnswer, CartRoom, at_version, told
from tradepost.ordering.domain import Address, Cart, CartLine, CartState, Delivery
from tradepost.ordering.domain.basket import Basket, Wanted
from tradepost.ordering.domain.quotes import Quotes, quoted
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


@of_many
async def open_carts(
    wishes: list[OpenCart], carts: Carts, policy: Policy, ids: Ids, facts: Facts
) -> list[CartAnswer | Refusal]:
    """Fresh, empty carts."""
    answers: list[CartAnswer | Refusal] = []
    for wish in wishes:
        cart = _empty(wish, policy, ids)
        carts.add(cart)
        answers.append(told(facts, cart, wish.by))
    return answers


def _empty(wish: OpenCart, policy: Policy, ids: Ids) -> Cart:
    return Cart(
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


@of_many
async def add_to_carts(
    wishes: list[AddToCart],
    carts: Carts,
    prices: PriceBook,
    stock: StockRoom,
    policy: Policy,
    ids: Ids,
    facts: Facts,
) -> list[CartAnswer | Refusal]:
    """Put the articles in that are on sale, in quantities that are sold."""
    wanted = [Basket(lines=(_wanted(wish),), at=wish.at) for wish in wishes]
    quotes = dict(zip(map(id, wishes), await prices.quotes(wanted), strict=True))
    room = CartRoom(carts, stock, policy, facts)
    return await room.change(
        wishes, lambda wish, cart: _with(wish, cart, quotes[id(wish)], policy, ids)
    )


def _wanted(wish: AddToCart) -> Wanted:
    return Wanted(wish.quantity, wish.variant_id, wish.sku)


def _with(wish: AddToCart, cart: Cart, quotes: Quotes, policy: Policy, ids: Ids) -> Cart:
    quote = quoted(_wanted(wish), quotes)
    line = CartLine(CartLineId(ids.new()), quote.variant_id, wish.quantity)
    changed = cart.with_line(line, policy.lines_max, wish.at)
    _check(changed, quote.variant_id, quote.sku, quote.step, policy.quantity_max * quote.price_per)
    return changed


@of_many
async def set_cart_quantities(
    wishes: list[SetCartQuantity], carts: Carts, stock: StockRoom, policy: Policy, facts: Facts
) -> list[CartAnswer | Refusal]:
    """Set lines' quantities; what is sold and how many is checked again at checkout."""

    def change(wish: SetCartQuantity, cart: Cart) -> Cart:
        cart = at_version(wish.version, cart)
        if not 0 <= wish.quantity <= policy.quantity_max * 1000:
            raise BadQuantity(str(wish.line_id), wish.quantity, 1)
        return cart.with_quantity(wish.line_id, wish.quantity, wish.at)

    return await CartRoom(carts, stock, policy, facts).change(wishes, change)


@of_many
async def choose_in_carts(
    wishes: list[ChooseInCart], carts: Carts, stock: StockRoom, policy: Policy, facts: Facts
) -> list[CartAnswer | Refusal]:
    """Keep the shoppers' choices in their carts."""

    def change(wish: ChooseInCart, cart: Cart) -> Cart:
        cart = at_version(wish.version, cart)
        policy.check_method(wish.payment_method)
        return cart.with_choices(
            wish.at,
            email=wish.email,
            ship_to=wish.ship_to,
            delivery=wish.delivery,
            payment_method=wish.payment_method,
        )

    return await CartRoom(carts, stock, policy, facts).change(wishes, change)


async def merge_cart(
    wish: MergeCart, carts: Carts, stock: StockRoom, policy: Policy, facts: Facts
) -> CartAnswer:
    """One cart for one customer, with the lines of both."""
    cart = (await carts.lock([wish.cart_id])).get(wish.cart_id)
    if cart is None:
        raise Unknown("cart", str(wish.cart_id))
    cart = cart.of(None, wish.customer_id)
    own = await carts.open_of(wish.customer_id)
    if own is None or own.id == cart.id:
        theirs = replace(cart.opened(wish.at), customer_id=wish.customer_id)
        return told(facts, await _saved(theirs, carts, stock, policy), wish.by)
    merged, own = cart.merged_into(own, policy.lines_max, wish.at)
    merged = replace(merged, version=merged.version + 1)
    await carts.save([merged])
    await stock.drop_hold(merged.id, wish.at)
    told(facts, merged, wish.by)
    return told(facts, await _saved(own, carts, stock, policy), wish.by)


async def _saved(cart: Cart, carts: Carts, stock: StockRoom, policy: Policy) -> Cart:
    changed = replace(cart, version=cart.version + 1)
    await carts.save([changed])
    if policy.holds_at_cart:
        await stock.request_hold(changed, changed.changed_at)
    return changed


def _check(cart: Cart, variant_id: VariantId, sku: str, step: int, quantity_max: int) -> None:
    wanted = next(line.quantity for line in cart.lines if line.variant_id == variant_id)
    if wanted <= 0 or wanted % step:
        raise BadQuantity(sku, wanted, step)
    if wanted > quantity_max:
        raise TooMuchOfOne(sku, wanted, quantity_max)
