"""Who a shopper is, what opens a guest's cart, and an order to whoever holds its link."""

from __future__ import annotations

from uuid import UUID

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import CartId, CustomerId, OrderId
from tradepost.platform.web import Caller

CART_HEADER = "X-Cart-Token"


def customer_of(caller: Caller) -> CustomerId | None:
    """The customer who is signed in; nobody for a guest."""
    return None if caller.customer_id is None else CustomerId(caller.customer_id)


def cart_token(caller: Caller, cart_id: CartId) -> str:
    """What a guest shows to be let at a cart."""
    return caller.pass_for("cart", cart_id)


def check_cart(caller: Caller, cart_id: CartId, token: str | None) -> None:
    """Let a guest at a cart only with its token.

    :raises Unknown: as if there were no such cart.
    """
    if not caller.opens("cart", cart_id, token):
        raise Unknown("cart", str(cart_id))


def opened_cart(
    caller: Caller, cart_id: UUID, token: str | None
) -> tuple[CartId, CustomerId | None]:
    """A cart and who has to be its owner; a guest needs its token.

    :raises Unknown: as if there were no such cart.
    """
    owner = customer_of(caller)
    if owner is None:
        check_cart(caller, CartId(cart_id), token)
    return CartId(cart_id), owner


def order_token(caller: Caller, order_id: OrderId) -> str:
    """What the link to an order holds."""
    return caller.pass_for("order", order_id)


def opens_order(caller: Caller, order_id: OrderId, token: str | None) -> bool:
    """Whether a link's token is that of an order."""
    return caller.opens("order", order_id, token)
