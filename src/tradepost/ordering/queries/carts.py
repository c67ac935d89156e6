"""A cart as its owner sees it, priced by the same function that prices the order."""

from __future__ import annotations

from tradepost.kernel.clock import Clock
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CartId, CustomerId, Ids, VariantId
from tradepost.kernel.messages import Actor
from tradepost.ordering.commands.showing import CartPages, Shown
from tradepost.ordering.domain import Basket, Cart
from tradepost.ordering.domain.cart import empty_cart
from tradepost.ordering.domain.pages import CartView
from tradepost.ordering.domain.quotes import Quotes
from tradepost.ordering.domain.terms import Policy
from tradepost.ordering.ports import Carriage, PriceBook, Taxes
from tradepost.ordering.storage.carts import FIND, OPEN_OF, load_cart
from tradepost.platform.db.work import Reader


async def open_cart_page(
    db: Reader,
    customer_id: CustomerId,
    prices: PriceBook,
    carriage: Carriage,
    taxes: Taxes,
    policy: Policy,
    actor: Actor,
    ids: Ids,
    clock: Clock,
) -> CartView:
    """The customer's open cart; :class:`Unknown` if there is none."""
    row = await db.one(OPEN_OF, customer_id=customer_id)
    if row is None:
        raise Unknown("cart", "of this customer")
    pages = CartPages(carriage, taxes, policy, ids)
    return await _page(load_cart(row), prices, pages, actor, clock)


async def cart_page(
    db: Reader,
    cart_id: CartId,
    customer_id: CustomerId | None,
    prices: PriceBook,
    carriage: Carriage,
    taxes: Taxes,
    policy: Policy,
    actor: Actor,
    ids: Ids,
    clock: Clock,
) -> CartView:
    """A guest's cart, empty before anything was put in, or the customer's; anybody else's is
    :class:`Unknown`."""
    row = await db.one(FIND, ids=[cart_id])
    if row is not None:
        cart = load_cart(row).of(customer_id)
    elif customer_id is None:
        cart = empty_cart(cart_id, None, policy, clock.now())
    else:
        raise Unknown("cart", str(cart_id))
    return await _page(cart, prices, CartPages(carriage, taxes, policy, ids), actor, clock)


async def _page(
    cart: Cart, prices: PriceBook, pages: CartPages, actor: Actor, clock: Clock
) -> CartView:
    now = clock.now()
    quotes: Quotes = {}
    if cart.status == "open":
        basket = Basket(customer_id=cart.customer_id, at=now).filled(cart)
        (quotes,) = await prices.quotes([basket])
    (view,) = await pages.of([Shown(cart, quotes, actor, now)])
    return view


async def wanted_in(db: Reader, cart_id: CartId) -> list[VariantId]:
    """The articles in a cart; nothing, where there is no such cart."""
    row = await db.one(FIND, ids=[cart_id])
    return [] if row is None else [line.variant_id for line in load_cart(row).lines]
