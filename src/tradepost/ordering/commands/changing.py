"""Changing carts: those that many wishes name are locked together, changed in turn, saved once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from tradepost.events.ordering import CartChanged
from tradepost.kernel.errors import Refusal, Stale, Unknown
from tradepost.kernel.ids import CartId, CustomerId
from tradepost.kernel.messages import Facts, Scope
from tradepost.ordering.domain import Cart
from tradepost.ordering.domain.terms import Policy
from tradepost.ordering.ports import Carts, StockRoom


@dataclass(frozen=True, slots=True)
class CartAnswer:
    """The cart after a change."""

    cart_id: CartId
    version: int


class CartWish(Protocol):
    """What every wish to change a cart says: which cart, and whose it has to be."""

    @property
    def cart_id(self) -> CartId:
        """The cart."""
        ...

    @property
    def customer_id(self) -> CustomerId | None:
        """Whose; nobody's if a guest's."""
        ...

    @property
    def by(self) -> Scope:
        """Who wishes it."""
        ...


W = TypeVar("W", bound=CartWish)


class CartRoom:
    """Where carts are changed; made from what a handler was given."""

    def __init__(self, carts: Carts, stock: StockRoom, policy: Policy, facts: Facts) -> None:
        self._carts = carts
        self._stock = stock
        self._policy = policy
        self._facts = facts

    async def change(
        self, wishes: Sequence[W], change: Callable[[W, Cart], Cart]
    ) -> list[CartAnswer | Refusal]:
        """Change the cart of each wish, in order; who names a cart twice changes it twice."""
        found = await self._carts.lock([wish.cart_id for wish in wishes])
        changed: dict[CartId, tuple[Cart, Scope]] = {}
        answers: list[CartAnswer | Refusal] = []
        for wish in wishes:
            try:
                cart = change(wish, _whose(found, wish))
            except Refusal as refusal:
                answers.append(refusal)
                continue
            cart = replace(cart, version=cart.version + 1)
            found[cart.id] = cart
            changed[cart.id] = (cart, wish.by)
            answers.append(told(self._facts, cart, wish.by))
        await self._kept(list(changed.values()))
        return answers

    async def _kept(self, changed: Sequence[tuple[Cart, Scope]]) -> None:
        if changed:
            await self._carts.save([cart for cart, _ in changed])
        if self._policy.holds_at_cart:
            for cart, by in changed:
                self._facts.speak_for(by)
                await self._stock.request_hold(cart, cart.changed_at)


def _whose(found: dict[CartId, Cart], wish: CartWish) -> Cart:
    cart = found.get(wish.cart_id)
    if cart is None:
        raise Unknown("cart", str(wish.cart_id))
    return cart.of(wish.customer_id)


def at_version(version: int | None, cart: Cart) -> Cart:
    """The cart, if it is at the version that a wish names."""
    if version is not None and version != cart.version:
        raise Stale("cart", version, cart.version)
    return cart


def told(facts: Facts, cart: Cart, by: Scope) -> CartAnswer:
    """Tell that a cart has changed; what is answered."""
    facts.on_behalf(cart.id, by)
    facts.tell(CartChanged(cart.id, cart.status, len(cart.lines)), cart.version, cart.changed_at)
    return CartAnswer(cart.id, cart.version)
