"""Changing carts: those that many wishes name are locked together, changed in turn, saved once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tradepost.events.ordering import CartChanged
from tradepost.kernel.errors import Refusal, Stale, Unknown
from tradepost.kernel.ids import CartId, CustomerId, Ids
from tradepost.kernel.messages import Command, Facts, Scope, of_many
from tradepost.ordering.commands.showing import CartPages, Shown
from tradepost.ordering.domain import Address, Basket, Cart, Wanted
from tradepost.ordering.domain.cart import empty_cart
from tradepost.ordering.domain.pages import CartView
from tradepost.ordering.domain.quotes import Quotes
from tradepost.ordering.domain.terms import Policy
from tradepost.ordering.ports import Carriage, Carts, PriceBook, StockRoom, Taxes


@dataclass(frozen=True, slots=True)
class CartAnswer:
    """The cart after a change, and how it looks now; who repeats a wish has to look again."""

    cart_id: CartId
    version: int
    page: CartView | None = field(default=None, compare=False)

    def to_keep(self) -> CartAnswer:
        """Without the page, which names its shopper."""
        return replace(self, page=None)


@dataclass(frozen=True, slots=True)
class ChangeCart(Command, ABC):
    """A wish to change a cart: a customer's, or a guest's, which opens by it if need be."""

    cart_id: CartId
    customer_id: CustomerId | None = field(default=None, kw_only=True)

    def wanted(self) -> tuple[Wanted, ...]:
        """The articles that it names, beside those in the cart."""
        return ()

    def goes_to(self, cart: Cart | None) -> Address | None:
        """Where the goods go after it, which the tax hangs on."""
        return cart.ship_to if cart else None

    @abstractmethod
    def changed(self, cart: Cart, quotes: Quotes, policy: Policy, ids: Ids) -> Cart:
        """The cart as it is wished for.

        :raises Refusal: if it may not be.
        """


@of_many
async def change_carts(
    wishes: list[ChangeCart],
    carts: Carts,
    prices: PriceBook,
    carriage: Carriage,
    taxes: Taxes,
    stock: StockRoom,
    policy: Policy,
    ids: Ids,
    facts: Facts,
) -> list[CartAnswer | Refusal]:
    """Change the cart of each wish, in order; who names a cart twice changes it twice."""
    found = await carts.lock([wish.cart_id for wish in wishes])
    quoted = await prices.quotes([_basket(wish, found.get(wish.cart_id)) for wish in wishes])
    changing = _Changing(found, policy, ids, facts)
    told = changing.granted_all(wishes, quoted)
    answers = await _answers(told, CartPages(carriage, taxes, policy, ids))
    await changing.keep(carts, stock)
    return answers


async def _answers(told: Sequence[Shown | Refusal], pages: CartPages) -> list[CartAnswer | Refusal]:
    views = iter(await pages.of([one for one in told if isinstance(one, Shown)]))
    return [_answer(next(views)) if isinstance(one, Shown) else one for one in told]


def _basket(wish: ChangeCart, cart: Cart | None) -> Basket:
    """All that has to be priced for a wish: what it names, and what lies in the cart."""
    there = tuple(Wanted(one.quantity, one.variant_id) for one in cart.lines) if cart else ()
    lines, place = (*wish.wanted(), *there), wish.goes_to(cart)
    return Basket(lines=lines, ship_to=place, customer_id=wish.customer_id, at=wish.at)


class _Changing:
    """The carts of a batch while its wishes are granted."""

    def __init__(self, found: dict[CartId, Cart], policy: Policy, ids: Ids, facts: Facts) -> None:
        self._found = found
        self._policy = policy
        self._ids = ids
        self._facts = facts
        self._old = set(found)
        self._by: dict[CartId, Scope] = {}

    def granted_all(
        self, wishes: Sequence[ChangeCart], quoted: Sequence[Quotes]
    ) -> list[Shown | Refusal]:
        """The cart of each wish after it, told as a fact; or the refusal."""
        told: list[Shown | Refusal] = []
        for wish, quotes in zip(wishes, quoted, strict=True):
            try:
                told.append(self._granted(wish, quotes))
            except Refusal as refusal:
                told.append(refusal)
        return told

    def _granted(self, wish: ChangeCart, quotes: Quotes) -> Shown:
        cart = wish.changed(self._whose(wish), quotes, self._policy, self._ids)
        cart = replace(cart, version=cart.version + 1)
        self._found[cart.id] = cart
        self._by[cart.id] = wish.by
        tell(self._facts, cart, wish.by)
        return Shown(cart, quotes, wish.by.actor, wish.at)

    def _whose(self, wish: ChangeCart) -> Cart:
        cart = self._found.get(wish.cart_id)
        if cart is not None:
            return cart.of(wish.customer_id)
        if wish.customer_id is not None:
            raise Unknown("cart", str(wish.cart_id))
        return empty_cart(wish.cart_id, None, self._policy, wish.at)

    async def keep(self, carts: Carts, stock: StockRoom) -> None:
        """Keep all carts that are otherwise now, and ask for their goods where the shop holds."""
        await carts.save([self._found[id] for id in self._by if id in self._old])
        for id in sorted(self._by.keys() - self._old):  # as all processes open them
            carts.add(self._found[id])
        if self._policy.holds_at_cart:
            await stock.request_holds([(self._found[id], by) for id, by in self._by.items()])


def _answer(view: CartView) -> CartAnswer:
    return CartAnswer(view.id, view.version, view)


def at_version(version: int | None, cart: Cart) -> Cart:
    """The cart, if it is at the version that a wish names."""
    if version is not None and version != cart.version:
        raise Stale("cart", version, cart.version)
    return cart


def tell(facts: Facts, cart: Cart, by: Scope) -> None:
    """Tell that a cart has changed."""
    facts.on_behalf(cart.id, by)
    facts.tell(CartChanged(cart.id, cart.status, len(cart.lines)), cart.version, cart.changed_at)


def told(facts: Facts, cart: Cart, by: Scope) -> CartAnswer:
    """Tell that a cart has changed; what is answered."""
    tell(facts, cart, by)
    return CartAnswer(cart.id, cart.version)
