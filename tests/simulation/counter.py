"""The steps of a state machine: every wish goes to all houses, and a model says what comes of it.

They are drawn from small alphabets, so that stock runs out, keys collide and versions are old. In
one of the two shops carts hold stock: there the model knows nothing, and the stores have to agree.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.simulation.chance import SimTime
from tests.simulation.clients import HOME
from tests.simulation.houses import House
from tests.simulation.laws import EVERY_COMMIT
from tests.simulation.trade import Deal, Shelf, Trade
from tradepost.fulfillment.commands import ShipOrder
from tradepost.inventory.commands.goods import AdjustStock, ReceiveStock
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import OrderId, TenantId, uuid_of
from tradepost.kernel.messages import SYSTEM, Actor, Command, Scope
from tradepost.ordering.commands import AddToCart, CancelOrder, OpenCart, PlaceOrder
from tradepost.ordering.commands.cart import ChooseInCart
from tradepost.ordering.domain import Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.payments.commands import RecordPayment, RefundPayment
from tradepost.payments.domain.payment import Share
from tradepost.wiring.doctor import LAWS, View
from tradepost.wiring.doctor.law import Law

SKUS = ("mug", "lamp", "boat")
SHOPS = {"modelled": "checkout", "holding": "cart"}
BOOK = [law for law in LAWS if law.view is View.TENANT]

shops = st.sampled_from(list(SHOPS))
skus = st.sampled_from(SKUS)
customers = st.integers(0, 1)
keys = st.sampled_from("ab")
few = st.integers(1, 2)
picks = st.integers(0, 2)


def plain(answer: Any) -> Any:
    """An answer in a form that can be compared."""
    return (answer.code, answer.facts()) if isinstance(answer, Refusal) else answer


def _units(sku: str, units: int, more: str | None) -> dict[str, int]:
    """What is wished for: so many units of one article, perhaps one of another."""
    wanted = {sku: units}
    if more is not None:
        wanted[more] = wanted.get(more, 0) + 1
    return wanted


class Counter(RuleBasedStateMachine):
    """Sends every wish to both houses, and asks the model what has to come of it."""

    runner: ClassVar[asyncio.Runner]
    houses: ClassVar[list[House]]
    time: ClassVar[SimTime]
    opened: ClassVar[int] = 0

    @initialize()
    def open(self) -> None:
        """Two shops of this sequence's own, in every house."""
        self.steps = 0
        self.tenants: dict[str, TenantId] = {}
        self.trade = Trade({sku: Shelf() for sku in SKUS})
        self.deals: list[tuple[OrderId, Deal]] = []
        self.held_orders: list[OrderId] = []
        self.carts: dict[tuple[str, int], Any] = {}
        self.places: dict[str, Any] = {}
        self.variants: dict[str, dict[str, Any]] = {}
        self.customers: dict[str, Any] = {}
        self.after = self._both(lambda house: house.last_seq())
        for shop, holds in SHOPS.items():
            type(self).opened += 1
            tenant_id = self.tenants[shop] = TenantId(uuid_of((7 << 76) + (2 << 62) + self.opened))
            made = self._both(lambda house, of=tenant_id, to=holds: house.open(of, SKUS, to))
            self.places[shop], variants, self.customers[shop] = made
            self.variants[shop] = dict(zip(SKUS, variants, strict=True))
            for sku, units in zip(SKUS, (3, 2, 0), strict=True):
                self.set_stock(shop, sku, units)

    def _both(self, job: Any) -> Any:
        """Have every house do it; what they answer has to be the same."""
        self.steps += 1
        answers = []
        for house in self.houses:
            house.draw_from(f"{self.opened} {self.steps}")
            answers.append(self.runner.run(job(house)))
        first, *others = map(plain, answers)
        assert all(other == first for other in others), answers
        return answers[0]

    def _send(self, shop: str, wish: Command, by: Actor = SYSTEM, key: str | None = None) -> Any:
        scope = Scope(self.tenants[shop], by)
        return self._both(lambda house: house.send(scope, wish, key))

    def _foreseen(self, answer: Any, expected: str) -> None:
        got = type(answer).__name__ if isinstance(answer, Refusal) else ""
        assert got == expected, f"the model says {expected or 'granted'}: {answer!r}"

    def _order(self, pick: int) -> tuple[OrderId, Deal]:
        return self.deals[-1 - pick % len(self.deals)]

    @rule(shop=shops, sku=skus, units=st.integers(-2, 3))
    def set_stock(self, shop: str, sku: str, units: int) -> None:
        """Goods come in or are lost."""
        lines = (GoodsLine(self.variants[shop][sku], units),)
        if units > 0:
            answer = self._send(shop, ReceiveStock(self.places[shop], lines))
        elif units < 0:
            answer = self._send(shop, AdjustStock(self.places[shop], lines, "gone"))
        if units and shop == "modelled":
            self._foreseen(answer, self.trade.receive(sku, units))

    @rule(who=customers, sku=skus, units=few, more=st.none() | skus, key=keys)
    def checkout(self, who: int, sku: str, units: int, more: str | None, key: str) -> None:
        """Order at once; keys are few, so that they are used again, for the same and for others."""
        wanted = _units(sku, units, more)
        customer = self.customers["modelled"][who]
        lines = tuple(Wanted(count, sku=one) for one, count in wanted.items())
        wish = PlaceOrder(Basket(lines=lines, ship_to=HOME, customer_id=customer))
        answer = self._send("modelled", wish, Actor("customer", customer), key)
        first = self.trade.asked.get((f"{who} places", key))
        if first is None:
            self._foreseen(answer, self.trade.place(wanted))
            self.trade.asked[f"{who} places", key] = wish, answer
            self._placed(answer)
        elif first[0] == wish:
            assert plain(answer) == plain(first[1])
        else:
            self._foreseen(answer, "KeyReused")

    def _placed(self, answer: Any) -> None:
        if not isinstance(answer, Refusal):
            self.deals.append((answer.order_id, self.trade.deals[-1]))

    @rule(who=customers, sku=skus, units=few, more=st.none() | skus, back=st.sampled_from((0, 333)))
    def sell(self, who: int, sku: str, units: int, more: str | None, back: int) -> None:
        """An order that is paid at once, so that much can be done; perhaps some goes back."""
        wanted = _units(sku, units, more)
        customer = self.customers["modelled"][who]
        lines = tuple(Wanted(count, sku=one) for one, count in wanted.items())
        basket = Basket(lines=lines, ship_to=HOME, customer_id=customer)
        answer = self._send("modelled", PlaceOrder(basket), Actor("customer", customer))
        self._foreseen(answer, self.trade.place(wanted))
        self._placed(answer)
        if not isinstance(answer, Refusal):
            self.pay(0, None)
            if back:
                self.refund_part(0, back)

    @rule(shop=shops, who=customers, sku=skus, units=few)
    def add_to_cart(self, shop: str, who: int, sku: str, units: int) -> None:
        """What carts answer the stores only have to agree on."""
        customer = self.customers[shop][who]
        by = Actor("customer", customer)
        cart = self.carts.get((shop, who))
        if cart is None:
            cart = self._send(shop, OpenCart(customer), by).cart_id
            chosen = ChooseInCart(cart, "me@example.com", HOME, payment_method="bank_transfer")
            self._send(shop, chosen, SYSTEM)
            self.carts[shop, who] = cart
        self._send(shop, AddToCart(cart, units, sku=sku, customer_id=customer), by)

    @precondition(lambda self: any(shop == "holding" for shop, _ in self.carts))
    @rule(who=customers)
    def checkout_cart(self, who: int) -> None:
        """In the shop whose carts hold stock."""
        cart = self.carts.get(("holding", who))
        if cart is None:
            return
        customer = self.customers["holding"][who]
        basket = Basket(cart_id=cart, customer_id=customer)
        answer = self._send("holding", PlaceOrder(basket), Actor("customer", customer))
        if not isinstance(answer, Refusal):
            del self.carts["holding", who]
            self.held_orders.append(answer.order_id)

    @precondition(lambda self: self.deals)
    @rule(pick=picks, key=st.none() | keys)
    def pay(self, pick: int, key: str | None) -> None:
        """What is due, perhaps once more, perhaps under a key that was used before."""
        found = self._order(pick)
        wish = RecordPayment((Share(found[0]),))
        answer = self._send("modelled", wish, key=key)
        first = self.trade.asked.get(("pays", key)) if key else None
        if first is None:
            self._foreseen(answer, self.trade.pay(found[1]))
            if key:
                self.trade.asked["pays", key] = wish, answer
        elif first[0] == wish:
            assert plain(answer) == plain(first[1])
        else:
            self._foreseen(answer, "KeyReused")

    @precondition(lambda self: self.deals)
    @rule(pick=picks, amount=st.sampled_from((1, 333, 1000, 5000)))
    def refund_part(self, pick: int, amount: int) -> None:
        """Some of the money goes back."""
        order_id, deal = self._order(pick)
        answer = self._send("modelled", RefundPayment(order_id, amount=amount))
        self._foreseen(answer, self.trade.refund(deal, amount))

    @precondition(lambda self: self.deals)
    @rule(pick=picks, stale=st.booleans())
    def cancel(self, pick: int, stale: bool) -> None:
        """With the version that one has seen, which may be an old one."""
        order_id, deal = self._order(pick)
        of = self.tenants["modelled"]
        version = self._both(lambda house: house.version(of, order_id)) - stale
        answer = self._send("modelled", CancelOrder(order_id, version))
        self._foreseen(answer, "Stale" if stale else self.trade.cancel(deal))

    @precondition(lambda self: self.deals)
    @rule(pick=picks)
    def ship(self, pick: int) -> None:
        """Everything that is open."""
        order_id, deal = self._order(pick)
        answer = self._send("modelled", ShipOrder(order_id))
        self._foreseen(answer, self.trade.ship(deal))

    @precondition(lambda self: self.held_orders)
    @rule(pick=picks, how=st.sampled_from(("pay", "ship", "cancel", "refund")))
    def go_on(self, pick: int, how: str) -> None:
        """With an order whose stock a cart had held."""
        order_id = self.held_orders[pick % len(self.held_orders)]
        wish: Command = {
            "pay": RecordPayment((Share(order_id),)),
            "ship": ShipOrder(order_id),
            "cancel": CancelOrder(order_id),
            "refund": RefundPayment(order_id, amount=333),
        }[how]
        self._send("holding", wish)

    @rule(minutes=st.sampled_from((1, 6, 60)))
    def expire(self, minutes: int) -> None:
        """Time goes by, and the sweeps run."""
        self.time.jump(timedelta(minutes=minutes))
        for tenant_id in self.tenants.values():
            scope = Scope(tenant_id, SYSTEM)
            self._both(lambda house, of=scope: house.sweep(of))

    @rule(count=st.integers(1, 3))
    def relay_step(self, count: int) -> None:
        """A few facts become visible."""
        self._both(lambda house: house.relay(count))

    @rule(again=st.booleans())
    def deliver(self, again: bool) -> None:
        """Everybody hears everything, perhaps all of it once more."""
        self._both(lambda house: house.settle())
        if again:
            self._both(lambda house: house.deliver_again(self.after))

    @invariant()
    def shelves_and_money_are_as_the_model_says(self) -> None:
        """After every step, in every house."""
        if not hasattr(self, "customers") or not self.customers:
            return
        of = self.tenants["modelled"]
        rows = self._both(lambda house: house.shelves(of))
        names = {variant: sku for sku, variant in self.variants["modelled"].items()}
        for variant, on_hand, held, allocated in rows:
            shelf = self.trade.shelves[names[variant]]
            assert (on_hand, held, allocated) == (shelf.on_hand, 0, shelf.promised), shelf
        money = self._both(lambda house: house.money(of))
        foreseen = {
            order_id: (deal.total, deal.credited, deal.paid, deal.refunded)
            for order_id, deal in self.deals
        }
        assert money == foreseen, f"the money of orders is {money}, not {foreseen}"
        for tenant_id in self.tenants.values():
            self._examine(tenant_id, EVERY_COMMIT)

    def _examine(self, tenant_id: TenantId, laws: Sequence[Law]) -> None:
        told = self.runner.run(self.houses[0].broken(tenant_id, laws))
        assert not told, told

    def teardown(self) -> None:
        """All rows of all tables are equal, so that it is enough to examine one store."""
        for tenant_id in getattr(self, "tenants", {}).values():
            self._both(lambda house: house.settle())
            first, *others = (self.runner.run(house.rows(tenant_id)) for house in self.houses)
            for other in others:
                assert first == other, [table for table in first if first[table] != other[table]]
            self._examine(tenant_id, BOOK)
