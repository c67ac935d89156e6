"""Placing an order: the one completion path, whoever asks and for how many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import Ids
from tradepost.kernel.messages import Command, Facts, of_many
from tradepost.ordering.commands.answers import Placed, placed_answer, placed_fact
from tradepost.ordering.commands.baskets import fitted_of, rounds
from tradepost.ordering.domain import Basket, Draft, Order, OrderLine, draft_order
from tradepost.ordering.domain.draft import placed_order
from tradepost.ordering.domain.quotes import Quotes
from tradepost.ordering.domain.terms import Policy, Shortage
from tradepost.ordering.errors import SoldOut
from tradepost.ordering.ports import (
    Books,
    Carriage,
    Carts,
    Orders,
    PriceBook,
    StockRoom,
    Taxes,
)


@dataclass(frozen=True, slots=True)
class PlaceOrder(Command):
    """Order what the basket names; one that names a cart is filled from it."""

    basket: Basket


@of_many
async def place_orders(
    wishes: list[PlaceOrder],
    carts: Carts,
    prices: PriceBook,
    taxes: Taxes,
    carriage: Carriage,
    stock: StockRoom,
    books: Books,
    orders: Orders,
    policy: Policy,
    ids: Ids,
    facts: Facts,
) -> list[Placed | Refusal]:
    """Price, tax, promise the goods, number, book, tell: grant each wish or refuse it."""
    wanted = [replace(wish.basket, at=wish.at, by=wish.by) for wish in wishes]
    answers: dict[int, Placed | Refusal] = {}
    for places in rounds([basket.cart_id for basket in wanted]):
        batch = await fitted_of([wanted[place] for place in places], carts, orders, carriage)
        quotes = await prices.quotes(batch.live)
        batch.pair(quotes, lambda one, quoted: _drafted(one, quoted, policy, ids, facts))
        assessed = await taxes.assess(batch.live)
        batch.pair(assessed, lambda draft, tax: (draft, placed_order(draft, tax, policy)))
        batch.pair(await carriage.reserve([draft for draft, _ in batch.live]), _placed)
        batch.pair(await stock.allocate([draft for draft, _ in batch.live]), _promised)
        placed = batch.pair(await orders.numbers(len(batch.live), policy.first_number), _numbered)
        orders.add(placed)
        await carriage.take([order for order, _ in placed])
        for order, lines in placed:
            books.sold(order, lines)
            facts.tell(placed_fact(order, lines), order.version, order.placed_at)
        batch.each(lambda made: placed_answer(made[0]))
        answers.update(zip(places, batch.answers, strict=True))
    return [answers[place] for place in range(len(wishes))]


def _drafted(basket: Basket, quotes: Quotes, policy: Policy, ids: Ids, facts: Facts) -> Draft:
    draft = draft_order(basket, quotes, policy, basket.by.actor, ids)
    facts.on_behalf(draft.id, basket.by)
    return draft


Made = tuple[Order, Sequence[OrderLine]]


def _placed(made: tuple[Draft, Made], refusal: Refusal | None) -> tuple[Draft, Made]:
    if refusal is not None:
        raise refusal
    return made


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
