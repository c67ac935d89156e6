"""A cart as its owner sees it, priced by the same function that prices the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tradepost.kernel.clock import Clock
from tradepost.kernel.errors import Refusal, Unknown
from tradepost.kernel.ids import CartId, CartLineId, CustomerId, Ids, OrderId, VariantId
from tradepost.kernel.messages import Actor
from tradepost.kernel.money import UnitPrice
from tradepost.ordering.domain import Address, Cart, CartLine, Order, OrderLine, draft_order
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.domain.draft import placed_order
from tradepost.ordering.domain.quotes import Quotes
from tradepost.ordering.domain.terms import Policy
from tradepost.ordering.ports import PriceBook, Taxes
from tradepost.ordering.queries.views import TaxLine, taxes_of
from tradepost.ordering.storage.carts import FIND, OPEN_OF, load_cart
from tradepost.platform.db.work import Reader


@dataclass(frozen=True, slots=True)
class CartLineView:
    """A line at today's price; ``amount`` is none of it where the article is not on sale."""

    id: CartLineId
    variant_id: VariantId
    sku: str
    title: str
    quantity: int
    unit: str
    price: str
    price_per: int
    on_sale: bool
    amount: int
    tax: int


@dataclass(frozen=True, slots=True)
class CartProblem:
    """What would keep the cart from being ordered as it is."""

    code: str
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart with its totals, in minor units of ``currency``; ``total`` is what is charged.

    Send ``total`` as ``expected_total`` with the checkout to be told of a change in between.
    """

    id: CartId
    status: str
    customer_id: CustomerId | None
    order_id: OrderId | None
    email: str | None
    ship_to: Address | None
    delivery: str
    payment_method: str
    currency: str
    lines: tuple[CartLineView, ...]
    subtotal: int
    shipping: int
    shipping_tax: int
    cod_fee: int
    cod_fee_tax: int
    tax: int
    taxes: tuple[TaxLine, ...]
    tax_included: bool
    rounding: int
    total: int
    problems: tuple[CartProblem, ...]
    version: int


async def open_cart_page(
    db: Reader,
    customer_id: CustomerId,
    prices: PriceBook,
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
    return await _Pricing(prices, taxes, policy, actor, ids, clock).of(load_cart(row))


async def cart_page(
    db: Reader,
    cart_id: CartId,
    customer_id: CustomerId | None,
    prices: PriceBook,
    taxes: Taxes,
    policy: Policy,
    actor: Actor,
    ids: Ids,
    clock: Clock,
) -> CartView:
    """A guest's cart, or the customer's; anybody else's is :class:`Unknown`."""
    row = await db.one(FIND, ids=[cart_id])
    if row is None:
        raise Unknown("cart", str(cart_id))
    cart = load_cart(row).of(customer_id)
    return await _Pricing(prices, taxes, policy, actor, ids, clock).of(cart)


@dataclass(frozen=True, slots=True)
class _Pricing:
    prices: PriceBook
    taxes: Taxes
    policy: Policy
    actor: Actor
    ids: Ids
    clock: Clock

    async def of(self, cart: Cart) -> CartView:
        """The view of a cart; one that is closed shows its lines and no totals."""
        if cart.status != "open":
            return self._view(cart, {}, None, (), ())
        basket = Basket(customer_id=cart.customer_id, at=self.clock.now()).filled(cart)
        (quotes,) = await self.prices.quotes([basket])
        problems = self._problems(basket, quotes)
        try:
            made = await self._placed(self._previewed(basket, quotes), quotes)
        except Refusal:  # told among the problems
            return self._view(cart, quotes, None, (), problems)
        return self._view(cart, quotes, *made, problems)

    def _problems(self, basket: Basket, quotes: Quotes) -> tuple[CartProblem, ...]:
        try:
            draft_order(basket, quotes, self.policy, self.actor, self.ids)
        except Refusal as refusal:
            return (CartProblem(refusal.code, refusal.message, refusal.remedy),)
        return ()

    def _previewed(self, basket: Basket, quotes: Quotes) -> Basket:
        """The basket as far as it can be priced: what is on sale, to the seller's own country
        while nobody has said where to."""
        on_sale = {quote.variant_id for quote in quotes.values() if quote.on_sale}
        sold = tuple(line for line in basket.lines if line.variant_id in on_sale)
        ship_to = basket.ship_to or Address(country=self.policy.country)
        return replace(basket, lines=sold, ship_to=ship_to)

    async def _placed(self, basket: Basket, quotes: Quotes) -> tuple[Order, tuple[OrderLine, ...]]:
        lenient = replace(self.policy, guest_checkout=True, order_amount_min=0)
        draft = draft_order(basket, quotes, lenient, self.actor, self.ids)
        (assessed,) = await self.taxes.assess([draft])
        return placed_order(draft, assessed, self.policy)

    def _view(
        self,
        cart: Cart,
        quotes: Quotes,
        order: Order | None,
        lines: Sequence[OrderLine],
        problems: tuple[CartProblem, ...],
    ) -> CartView:
        priced = {line.variant_id: line for line in lines}
        return CartView(
            id=cart.id,
            status=cart.status,
            customer_id=cart.customer_id,
            order_id=cart.order_id,
            email=cart.email,
            ship_to=cart.ship_to,
            delivery=cart.delivery.value,
            payment_method=cart.payment_method,
            currency=cart.currency.code,
            lines=tuple(
                self._line(line, quotes, priced.get(line.variant_id)) for line in cart.lines
            ),
            subtotal=order.subtotal.amount if order else 0,
            shipping=order.shipping.amount if order else 0,
            shipping_tax=order.shipping_tax.amount if order else 0,
            cod_fee=order.cod_fee.amount if order else 0,
            cod_fee_tax=order.cod_fee_tax.amount if order else 0,
            tax=order.tax.amount if order else 0,
            taxes=taxes_of(lines),
            tax_included=self.policy.prices_include_tax,
            rounding=order.rounding.amount if order else 0,
            total=order.total.amount if order else 0,
            problems=problems,
            version=cart.version,
        )

    def _line(self, line: CartLine, quotes: Quotes, priced: OrderLine | None) -> CartLineView:
        quote = quotes.get(line.variant_id)
        price = UnitPrice(quote.price_micros, self.policy.currency).decimal_text if quote else ""
        return CartLineView(
            id=line.id,
            variant_id=line.variant_id,
            sku=quote.sku if quote else "",
            title=quote.title if quote else "",
            quantity=line.quantity,
            unit=quote.unit if quote else "",
            price=price,
            price_per=quote.price_per if quote else 1,
            on_sale=quote is not None and quote.on_sale,
            amount=priced.amount.amount if priced else 0,
            tax=priced.tax.amount if priced else 0,
        )


async def wanted_in(db: Reader, cart_id: CartId) -> list[VariantId]:
    """The articles in a cart; nothing, where there is no such cart."""
    row = await db.one(FIND, ids=[cart_id])
    return [] if row is None else [line.variant_id for line in load_cart(row).lines]
