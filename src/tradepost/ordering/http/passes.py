"""What opens a guest's cart, and an order to whoever holds its link."""

from __future__ import annotations

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CartId, OrderId
from tradepost.platform.web import Caller

CART_HEADER = "X-Cart-Token"


def cart_token(caller: Caller, cart_id: CartId) -> str:
    """What a guest shows to be let at a cart."""
    return caller.pass_for("cart", cart_id)


def check_cart(caller: Caller, cart_id: CartId, token: str | None) -> None:
    """Let a guest at a cart only with its token.

    :raises Unknown: as if there were no such cart.
    """
    if not caller.opens("cart", cart_id, token):
        raise Unknown("cart", str(cart_id))


def order_token(caller: Caller, order_id: OrderId) -> str:
    """What the link to an order holds."""
    return caller.pass_for("order", order_id)


def opens_order(caller: Caller, order_id: OrderId, token: str | None) -> bool:
    """Whether a link's token is that of an order."""
    return caller.opens("order", order_id, token)
