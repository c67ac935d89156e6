"""From what somebody wants to what an order says: the one place where a total is made.

Cart previews, checkouts and order changes all come through here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tradepost.kernel.codes import folded
from tradepost.kernel.ids import Ids, OrderId, VariantId
from tradepost.kernel.messages import Actor
from tradepost.kernel.money import Money
from tradepost.ordering.domain.basket import Basket, Wanted
from tradepost.ordering.domain.line import OrderLine
from tradepost.ordering.domain.order import Delivery, Order
from tradepost.ordering.domain.terms import Assessed, Policy, Quote
from tradepost.ordering.errors import (
    AddressMissing,
    BadQuantity,
    NothingWanted,
    NotOnSale,
    PriceChanged,
    TooManyLines,
    TooMuchOfOne,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """An order in the making: its lines, before tax and number are known.

    ``tax_included`` says whether its prices have the tax inside; ``version`` is the version its
    order reaches by it.
    """

    id: OrderId
    basket: Basket
    lines: tuple[OrderLine, ...]
    backorder: frozenset[VariantId]
    shipping: Money
    tax_included: bool
    version: int = 1

    @property
    def subtotal(self) -> int:
        """Σ line amounts, in minor units."""
        return sum(line.amount.amount for line in self.lines)


Quotes = Mapping[VariantId | str, Quote]


def draft_order(basket: Basket, quotes: Quotes, policy: Policy, actor: Actor, ids: Ids) -> Draft:
    """Check what is wanted against the shop's rules and price it.

    :raises Refusal: the first rule of the shop that the basket breaks.
    """
    if not basket.lines:
        raise NothingWanted
    _check_lines(len(basket.lines), policy)
    policy.check_method(basket.payment_method)
    return _whole(_priced(basket, (), quotes, policy, actor, ids), policy, actor)


def enlarged_draft(
    basket: Basket,
    kept: Sequence[OrderLine],
    quotes: Quotes,
    policy: Policy,
    actor: Actor,
    ids: Ids,
) -> tuple[Draft, Draft]:
    """What is wanted besides the lines kept of an order, and both together.

    The limits are those of both; nothing more has to be wanted.

    :raises Refusal: the first rule of the shop that they break.
    """
    if basket.lines:
        open_lines = sum(line.quantity > line.cancelled for line in kept)
        _check_lines(open_lines + len(basket.lines), policy)
    added = _priced(basket, kept, quotes, policy, actor, ids)
    whole = _whole(replace(added, lines=(*kept, *added.lines)), policy, actor)
    return replace(added, shipping=whole.shipping), whole


def _priced(
    basket: Basket,
    kept: Sequence[OrderLine],
    quotes: Quotes,
    policy: Policy,
    actor: Actor,
    ids: Ids,
) -> Draft:
    """The lines that a basket names, each at its price, behind those that are there."""
    order_id = basket.order_id or OrderId(ids.new())
    totals: dict[VariantId, int] = defaultdict(int)
    for line in kept:
        totals[line.variant_id] += line.quantity - line.cancelled
    lines, backorder = [], set()
    for position, wanted in enumerate(basket.lines, start=len(kept) + 1):
        quote = quoted(wanted, quotes)
        totals[quote.variant_id] += wanted.quantity
        if quote.backorder:
            backorder.add(quote.variant_id)
        _check_quantity(wanted.quantity, totals[quote.variant_id], quote, policy)
        price = _price(wanted, quote, actor)
        place = (order_id, position)
        lines.append(OrderLine.agreed(place, wanted.quantity, quote, price, policy, ids))
    free, inside = Money.zero(policy.currency), policy.prices_include_tax
    return Draft(order_id, basket, tuple(lines), frozenset(backorder), free, inside)


def _whole(draft: Draft, policy: Policy, actor: Actor) -> Draft:
    """All lines of an order, held to the rules for all of them, with the fee for shipping them."""
    basket, ships = draft.basket, any(line.to_ship for line in draft.lines)
    if ships and basket.delivery is Delivery.SHIP and basket.ship_to is None:
        raise AddressMissing
    policy.check_shopper(actor.kind, draft.subtotal)
    fee = policy.shipping_fee_for(draft.subtotal) if ships else 0
    return replace(draft, shipping=Money(fee, policy.currency))


def _check_lines(count: int, policy: Policy) -> None:
    if count > policy.lines_max:
        raise TooManyLines(count, policy.lines_max)


def quoted(wanted: Wanted, quotes: Quotes) -> Quote:
    """The quote of what is wanted; :class:`NotOnSale` if there is none."""
    named: VariantId | str = wanted.variant_id or folded(wanted.sku or "")
    quote = quotes.get(named)
    if quote is None or not quote.on_sale:
        raise NotOnSale(str(wanted.sku or wanted.variant_id))
    return quote


def _check_quantity(quantity: int, in_all: int, quote: Quote, policy: Policy) -> None:
    if quantity <= 0 or quantity % quote.step:
        raise BadQuantity(quote.sku, quantity, quote.step)
    if in_all > policy.quantity_max * quote.price_per:
        raise TooMuchOfOne(quote.sku, in_all, policy.quantity_max * quote.price_per)


def _price(wanted: Wanted, quote: Quote, actor: Actor) -> int:
    agreed = wanted.agreed_price_micros
    if agreed is None or agreed == quote.price_micros:
        return quote.price_micros
    actor.must("orders.price_override")
    return agreed


def placed_order(
    draft: Draft, assessed: Assessed, policy: Policy
) -> tuple[Order, tuple[OrderLine, ...]]:
    """The order and lines that a draft becomes with its taxes; its number is still to be taken.

    :raises PriceChanged: if the shopper expected another total.
    """
    order = Order.placed(draft.id, draft.basket, draft.lines, draft.shipping, assessed, policy)
    expected, total = draft.basket.expected_total, order.total.amount
    if expected is not None and expected != total:
        raise PriceChanged(expected, total, policy.currency.code)
    if not any(assessed.line_ppms):
        return order, draft.lines
    taxes = zip(draft.lines, assessed.line_taxes, assessed.line_ppms, strict=True)
    return order, tuple(one.taxed(tax, ppm) for one, tax, ppm in taxes)
