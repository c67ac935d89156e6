"""Baskets filled from their carts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tradepost.kernel.batch import Batch, Settled
from tradepost.kernel.errors import Refusal, Unknown
from tradepost.kernel.ids import CartId
from tradepost.ordering.commands.answers import placed_answer
from tradepost.ordering.domain import Basket
from tradepost.ordering.ports import Carriage, Carts, Fitted, Orders


def rounds(named: Sequence[CartId | None]) -> list[list[int]]:
    """The places of wishes by the carts they name, in rounds that name no cart twice.

    So the second wish of a cart is answered with the first one's order, or may order what the
    first could not.
    """
    made: list[list[int]] = []
    seen: Counter[CartId] = Counter()
    for place, cart_id in enumerate(named):
        which = seen[cart_id] if cart_id else 0
        if cart_id:
            seen[cart_id] += 1
        if which == len(made):
            made.append([])
        made[which].append(place)
    return made


async def baskets_of(
    wanted: Sequence[Basket], carts: Carts, orders: Orders
) -> list[Basket | Settled | Refusal]:
    """What is wanted, from itself or from its cart; a cart's order is answered again."""
    named = [basket.cart_id for basket in wanted if basket.cart_id]
    found = await carts.lock(named) if named else {}
    ordered = [cart.order_id for cart in found.values() if cart.order_id]
    before = await orders.lock(ordered) if ordered else {}
    batch = Batch(wanted)

    def filled(basket: Basket) -> Basket | Settled:
        cart = found.get(basket.cart_id) if basket.cart_id else None
        if cart is None:
            return _without_cart(basket)
        if (became := cart.of(basket.customer_id).order_id) is not None:
            return Settled(placed_answer(before[became]))
        return basket.filled(cart)

    batch.each(filled)
    return batch.members


async def fitted_of(
    wanted: Sequence[Basket], carts: Carts, orders: Orders, carriage: Carriage
) -> Batch:
    """What is wanted, as it can be brought to its shoppers; what cannot is refused."""
    batch = Batch(await baskets_of(wanted, carts, orders))
    batch.pair(await carriage.fit(batch.live), lambda _, fitted: _fitting(fitted))
    return batch


def _fitting(fitted: Fitted) -> Basket:
    if fitted.refusal is not None:
        raise fitted.refusal
    return fitted.basket


def _without_cart(basket: Basket) -> Basket:
    """What names no cart, or a guest's that is not kept because nothing was put in."""
    if basket.cart_id is not None and basket.customer_id is not None:
        raise Unknown("cart", str(basket.cart_id))
    return basket if basket.cart_id is None else replace(basket, lines=())
