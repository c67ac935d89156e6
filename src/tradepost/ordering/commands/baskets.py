"""Baskets filled from their carts."""

from __future__ import annotations

from collections.abc import Sequence

from tradepost.kernel.batch import Batch, Settled
from tradepost.kernel.errors import Refusal, Unknown
from tradepost.ordering.commands.answers import placed_answer
from tradepost.ordering.domain import Basket
from tradepost.ordering.ports import Carts, Orders


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
        if basket.cart_id is None:
            return basket
        cart = found.get(basket.cart_id)
        if cart is None:
            raise Unknown("cart", str(basket.cart_id))
        if (became := cart.of(basket.customer_id).order_id) is not None:
            return Settled(placed_answer(before[became]))
        return basket.filled(cart)

    batch.each(filled)
    return batch.members
