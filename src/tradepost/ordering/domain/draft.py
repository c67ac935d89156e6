"""From what somebody wants to what an order says: the one place where a total is made.

Cart previews, checkouts and order changes all come through here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tradepost.kernel.ids import Ids, OrderId, VariantId
from tradepost.kernel.messages import Actor
from tradepost.kernel.money import Money
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.domain.discount import all_lowered, lowered
from tradepost.ordering.domain.line import OrderLine
from tradepost.ordering.domain.order import Order
from tradepost.ordering.domain.quotes import Quotes, quoted
from tradepost.ordering.domain.status import Delivery
from tradepost.ordering.domain.terms import Assessed, Fees, Policy
from tradepost.ordering.domain.totals import Totals
from tradepost.ordering.errors import AddressMissing, NothingWanted, PriceChanged


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
    fees: Fees
    tax_included: bool
    version: int = 1

    @property
    def worth(self) -> int:
        """What the lines come to after their discounts, in minor units."""
        return sum(line.net.amount for line in self.lines)


def draft_order(basket: Basket, quotes: Quotes, policy: Policy, actor: Actor, ids: Ids) -> Draft:
    """Check what is wanted against the shop's rules and price it.

    :raises Refusal: the first rule of the shop that the basket breaks.
    """
    return whole_draft(fresh_draft(basket, quotes, policy, actor, ids), policy, actor)


def fresh_draft(basket: Basket, quotes: Quotes, policy: Policy, actor: Actor, ids: Ids) -> Draft:
    """The lines of a basket, each held to the shop's rules and priced.

    :raises Refusal: the first rule that a line, or the way of paying, breaks.
    """
    if not basket.lines:
        raise NothingWanted
    policy.check_lines(len(basket.lines))
    policy.check_location(basket.location_id)
    if not basket.channel.pays_on_the_spot:
        policy.check_method(basket.payment_method)
    draft = priced_draft(basket, (), quotes, policy, actor, ids)
    return replace(draft, lines=all_lowered(draft.lines, basket.discount, actor))


def priced_draft(
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
        if quote.backorder or basket.handed_over:
            backorder.add(quote.variant_id)
        policy.check_quantity(wanted.quantity, totals[quote.variant_id], quote)
        price = quote.price_for(wanted.agreed_price_micros, actor)
        place = (order_id, position)
        line = OrderLine.agreed(place, wanted.quantity, quote, price, policy, ids)
        line = replace(line, substitution=wanted.substitution) if wanted.substitution else line
        lines.append(lowered(line, wanted.discount, actor))
    free, inside = Money.zero(policy.currency), policy.prices_include_tax
    none = Fees(free, free)
    return Draft(order_id, basket, tuple(lines), frozenset(backorder), none, inside)


def whole_draft(draft: Draft, policy: Policy, actor: Actor) -> Draft:
    """All lines of an order, held to the rules for all of them, with the fee for shipping them."""
    basket, ships = draft.basket, any(line.to_ship for line in draft.lines)
    if ships and basket.delivery is Delivery.SHIP and basket.ship_to is None:
        raise AddressMissing
    tariff = basket.tariff
    policy.check_shopper(actor.kind, draft.worth, tariff.least if tariff else 0)
    carried = ships and basket.delivery.is_carried
    fees = policy.fees_for(draft.worth, basket.payment_method, ships=carried, tariff=tariff)
    return replace(draft, fees=fees)


def placed_order(
    draft: Draft, assessed: Assessed, policy: Policy
) -> tuple[Order, tuple[OrderLine, ...]]:
    """The order and lines that a draft becomes with its taxes; its number is still to be taken.

    :raises PriceChanged: if the shopper expected another total.
    """
    method, otherwise = draft.basket.payment_method, draft.basket.paid_otherwise
    totals = Totals.of(draft.lines, draft.fees, assessed, method, policy, otherwise)
    order = Order.placed(draft.id, draft.basket, draft.lines, totals, policy)
    expected, total = draft.basket.expected_total, order.total.amount
    if expected is not None and expected != total:
        raise PriceChanged(expected, total, policy.currency.code)
    return order, agreed_lines(draft, assessed, policy)


def agreed_lines(draft: Draft, assessed: Assessed, policy: Policy) -> tuple[OrderLine, ...]:
    """The lines of a draft with their taxes, and with the commission where a vendor's are sold."""
    lines = draft.lines
    if any(assessed.line_ppms):
        taxes = zip(lines, assessed.line_taxes, assessed.line_ppms, strict=True)
        lines = tuple(one.taxed(tax, ppm) for one, tax, ppm in taxes)
    if any(one.contract for one in lines):
        lines = tuple(one.commissioned(policy) for one in lines)
    return lines
