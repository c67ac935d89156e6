"""Placing an order: the one completion path, whoever asks and for how many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tradepost.kernel.batch import Batch
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import CartId, Ids
from tradepost.kernel.messages import Command, Facts
from tradepost.ordering.commands.answers import Placed, placed_answer, placed_fact
from tradepost.ordering.commands.baskets import baskets_of
from tradepost.ordering.domain import Basket, Draft, Order, OrderLine, draft_order
from tradepost.ordering.domain.draft import Quotes, placed_order
from tradepost.ordering.domain.terms import Policy, Shortage
from tradepost.ordering.errors import SoldOut
from tradepost.ordering.ports import Books, Carts, Orders, PriceBook, StockRoom, Taxes


@dataclass(frozen=True, slots=True)
class PlaceOrder(Command):
    """Order what the basket names; one that names a cart is filled from it."""

    basket: Basket


async def place_orders(
    wishes: list[PlaceOrder],
    carts: Carts,
    prices: PriceBook,
    taxes: Taxes,
    stock: StockRoom,
    books: Books,
    orders: Orders,
    policy: Policy,
    ids: Ids,
    facts: Facts,
) -> list[Placed | Refusal]:
    """Grant each wish or refuse it; those that name one cart are looked at one after the other.

    So the second is answered with the first one's order, or may order what the first could not.
    """
    neighbours = (carts, prices, taxes, stock, books, orders, policy, ids, facts)
    answers: dict[int, Placed | Refusal] = {}
    waiting = list(range(len(wishes)))
    while waiting:
        now, waiting = one_a_cart(wishes, waiting)
        placed = await _place([wishes[place] for place in now], *neighbours)
        answers.update(zip(now, placed, strict=True))
    return [answers[place] for place in range(len(wishes))]


def one_a_cart(wishes: Sequence[PlaceOrder], places: Sequence[int]) -> tuple[list[int], list[int]]:
    """The places of wishes that name no cart twice, and of those that come after them."""
    now, after, named = list[int](), list[int](), set[CartId]()
    for place in places:
        cart_id = wishes[place].basket.cart_id
        if cart_id in named:
            after.append(place)
            continue
        now.append(place)
        if cart_id is not None:
            named.add(cart_id)
    return now, after


async def _place(
    wishes: Sequence[PlaceOrder],
    carts: Carts,
    prices: PriceBook,
    taxes: Taxes,
    stock: StockRoom,
    books: Books,
    orders: Orders,
    policy: Policy,
    ids: Ids,
    facts: Facts,
) -> list[Placed | Refusal]:
    """Price, tax, promise the goods, number, book, tell."""
    wanted = [replace(wish.basket, at=wish.at, by=wish.by) for wish in wishes]
    batch = Batch(await baskets_of(wanted, carts, orders))
    quotes = await prices.quotes(batch.live)
    batch.pair(quotes, lambda one, quoted: _drafted(one, quoted, policy, ids, facts))
    assessed = await taxes.assess(batch.live)
    batch.pair(assessed, lambda draft, tax: (draft, placed_order(draft, tax, policy)))
    batch.pair(await stock.allocate([draft for draft, _ in batch.live]), _promised)
    placed = batch.pair(await orders.numbers(len(batch.live), policy.first_number), _numbered)
    orders.add(placed)
    for order, lines in placed:
        books.sold(order, lines)
        facts.tell(placed_fact(order, lines), order.version, order.placed_at)
    batch.each(lambda made: placed_answer(made[0]))
    return batch.answers


def _drafted(basket: Basket, quotes: Quotes, policy: Policy, ids: Ids, facts: Facts) -> Draft:
    draft = draft_order(basket, quotes, policy, basket.by.actor, ids)
    facts.on_behalf(draft.id, basket.by)
    return draft


Made = tuple[Order, Sequence[OrderLine]]


def _promised(made: tuple[Draft, Made], short: Shortage | None) -> Made:
    if short is not None:
        raise sold_out(made[0], short)
    return made[1]


def sold_out(draft: Draft, short: Shortage) -> SoldOut:
    """The refusal of a draft that wants too much."""
    sku = next(line.sku for line in draft.lines if line.variant_id == short.variant_id)
    return SoldOut(sku, short.wanted, short.available)


def _numbered(made: Made, number: int) -> Made:
    return replace(made[0], number=number), made[1]
