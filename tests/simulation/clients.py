"""Clients: each does one thing after the other, and asks again until it has a definite answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from tests.simulation.laws import Broken
from tests.simulation.machines import Died, HungUp, Server, Stage
from tests.simulation.script import WISHES_MIN, Step
from tests.simulation.shops import PRICES, SHELF, Shop
from tradepost.catalog.commands import ReviseArticles
from tradepost.catalog.domain.revision import ArticleLine
from tradepost.fulfillment.commands import MoveReturn, RequestReturn, ShipOrder
from tradepost.inventory.commands.goods import AdjustStock, ReceiveStock
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.kernel.errors import Category, Refusal
from tradepost.kernel.ids import OrderId
from tradepost.kernel.messages import SYSTEM, Actor, Command, Scope
from tradepost.ordering.commands import (
    AddToCart,
    CancelOrder,
    ChangeOrder,
    CompleteOrder,
    OpenCart,
    PlaceOrder,
)
from tradepost.ordering.commands.cart import ChooseInCart
from tradepost.ordering.domain import Address, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.storage.orders import order_lines, orders
from tradepost.payments.commands import RecordPayment, RefundPayment, StartPayment
from tradepost.payments.domain.payment import Share
from tradepost.payments.gateway.sandbox import Token
from tradepost.platform.db.statement import Statement, param, scoped
from tradepost.platform.db.work import Reader
from tradepost.platform.idempotency import KeyReused, KeyRunning

TRIES_MAX = 60
JUMPS = {"jump": timedelta(minutes=11), "week": timedelta(days=7, hours=1)}
TOKENS = (
    Token.OK,
    Token.LATER,
    Token.DOWN_ONCE,
    Token.DECLINED,
    Token.WRONG_AMOUNT,
    Token.REFUND_DECLINED,
)
HOME = Address(country="GB", name="A. Shopper", line1="1 High Street", city="Leeds")
_LINES = Statement(
    scoped(order_lines, order_lines.c.id, order_lines.c.quantity)
    .where(order_lines.c.order_id == param("order_id"))
    .order_by(order_lines.c.position, order_lines.c.id)
)
_VERSION = Statement(scoped(orders, orders.c.version).where(orders.c.id == param("order_id")))


async def _order_now(db: Reader, order_id: OrderId) -> tuple[int, list[tuple[Any, ...]]]:
    """An order's version and its lines."""
    version = int(await db.value(_VERSION, order_id=order_id))
    return version, await db.all(_LINES, order_id=order_id)


Way = Callable[[Server], Awaitable[Any]]
"""How a server is asked, where it is not by the wish alone."""


@dataclass
class Crowd:
    """What all clients know of together."""

    stage: Stage
    shop: Shop
    servers: list[Server]
    orders: list[OrderId] = field(default_factory=list)
    paid: list[OrderId] = field(default_factory=list)
    shipped: list[OrderId] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    """What was granted under each key."""
    asked: dict[str, tuple[Scope, Command]] = field(default_factory=dict)
    commands: int = 0

    async def told(self, scope: Scope, wish: Command, key: str, how: Way | None = None) -> Any:
        """Ask until there is a definite answer; a refusal is one, too.

        What is asked another ``how`` may be answered differently each time.
        """
        for tries in range(TRIES_MAX):
            server = self.stage.chance.choice(self.servers)
            self.commands += 1
            try:
                answer = await (how(server) if how else server.send(scope, wish, key))
            except HungUp:
                pass
            except Refusal as refusal:
                if not _passes(refusal):
                    self.stage.note(key, refusal.code)
                    return refusal
            except Exception as error:
                self.stage.breaks(Broken("no.defects", f"{type(wish).__name__}: {error!r}"))
                raise Died from error
            else:
                if how is None:
                    self._once(key, answer)
                return answer
            await asyncio.sleep(self.stage.chance.uniform(0, 0.02 * min(tries + 1, 10)))
        self.stage.breaks(Broken("clients.answered", f"{key}: {wish} was never answered"))
        raise Died

    def _once(self, key: str, answer: Any) -> None:
        self.stage.note(key, answer)
        if self.answers.setdefault(key, answer) != answer:
            told = f"{key} was answered {self.answers[key]}, then {answer}"
            self.stage.breaks(Broken("keys.same_answer", told))

    async def asked_again(self) -> None:
        """Whoever was promised something is promised the same now; some of them ask, at once."""
        granted = list(self.answers)
        count = max(self.stage.script.size.asked_again, WISHES_MIN - self.commands)
        asking = self.stage.chance.choices(granted, k=count) if granted else ()
        await asyncio.gather(*(self._asked_again(key) for key in asking))

    async def _asked_again(self, key: str) -> None:
        again = await self.told(*self.asked[key], key)
        if isinstance(again, Refusal):
            told = f"{key} was answered {self.answers[key]}, then {again!r}"
            self.stage.breaks(Broken("keys.same_answer", told))


def _passes(refusal: Refusal) -> bool:
    return refusal.category is Category.UNAVAILABLE or isinstance(refusal, KeyRunning)


class Client:
    """One of them: a shopper with a cart, or somebody of the shop."""

    def __init__(self, number: int, crowd: Crowd, steps: list[Step]) -> None:
        self._crowd = crowd
        self._stage = crowd.stage
        self._shop = crowd.shop
        self._steps = steps
        shoppers = crowd.shop.customers
        self._customer = shoppers[number] if number < len(shoppers) else None
        actor = Actor("customer", self._customer) if self._customer else SYSTEM
        self._by = actor
        self._cart = crowd.shop.carts[number] if self._customer else None
        self._last: tuple[PlaceOrder, str] | None = None
        self._step: Step
        self._part = 0

    async def run(self) -> None:
        """Do everything, in order."""
        ways: dict[str, Callable[[Step], Awaitable[None]]] = {
            "fill": self._fill,
            "place": self._place,
            "buy": self._buy,
            "again": self._again,
            "twist": self._twist,
            "pay": self._pay,
            "gateway": self._gateway,
            "return": self._return,
            "refund": self._refund,
            "receive": self._receive,
            "lose": self._lose,
            "price": self._price,
            "change": self._change,
            "ship": self._ship,
            "complete": lambda step: self._on_order(step, CompleteOrder),
            "cancel": lambda step: self._on_order(step, CancelOrder),
        }
        script = self._stage.script
        for step in self._steps:
            if self._crowd.commands >= script.size.wishes:
                return
            self._step = step
            await asyncio.sleep(self._stage.chance.uniform(0, script.think_s_max))
            self._part = 0
            await ways[step.kind](step)

    async def _wish(self, wish: Command, key: str | None = None, by: Actor | None = None) -> Any:
        """Send it under a key of its own; what may go wrong on the way goes wrong."""
        self._part += 1
        step = self._step
        key = key or f"key of client {step.client}, step {step.nth}, part {self._part}"
        scope = Scope(self._shop.tenant_id, by or self._by, request_id=key)
        fault = self._stage.fault("wish")
        crowd = self._crowd
        crowd.asked[key] = scope, wish
        if fault in JUMPS:
            self._stage.time.jump(JUMPS[fault])
        elif fault == "skew":
            self._skew()
        elif fault in ("double", "later", "cut"):
            twin = asyncio.ensure_future(crowd.told(scope, wish, key))
            if fault == "cut":
                await asyncio.sleep(0.002)
                twin.cancel()
            elif fault == "later":
                await twin
                await asyncio.sleep(self._stage.chance.uniform(0, 0.2))
        return await crowd.told(scope, wish, key)

    def _skew(self) -> None:
        """One server's clock goes wrong by an hour."""
        server = self._stage.chance.choice(self._crowd.servers)
        server.clock.skew = timedelta(hours=self._stage.chance.choice((-1, 1)))

    def _sku(self, number: int) -> str:
        return list(PRICES)[number % len(PRICES)]

    def _order(self, step: Step, some: Sequence[OrderId] = ()) -> OrderId | None:
        """One of some orders, or of all if there is none of these."""
        known = some or self._crowd.orders
        return known[step.a % len(known)] if known else None

    async def _now(self, order_id: OrderId) -> tuple[int, list[tuple[Any, ...]]]:
        while True:
            server = self._stage.chance.choice(self._crowd.servers)
            try:
                found: tuple[int, list[tuple[Any, ...]]]
                found = await server.ask(self._shop.scope, _order_now, order_id)
            except HungUp:
                await asyncio.sleep(0.02)
            else:
                return found

    async def _fill(self, step: Step) -> None:
        if self._cart is None:
            opened = await self._wish(OpenCart(self._customer))
            if isinstance(opened, Refusal):
                return
            self._cart = opened.cart_id
        more = AddToCart(self._cart, 1 + step.b % 3, sku=self._sku(step.a))
        await self._wish(replace(more, customer_id=self._customer))

    async def _place(self, step: Step) -> None:
        if self._cart is None:
            return await self._fill(step)
        method = ("bank_transfer", "cod")[step.b % 2]
        chosen = ChooseInCart(self._cart, "me@example.com", HOME, payment_method=method)
        await self._wish(replace(chosen, customer_id=self._customer))
        wish = PlaceOrder(Basket(cart_id=self._cart, customer_id=self._customer))
        if not isinstance(await self._placed(wish), Refusal):
            self._cart = None
        return None

    async def _buy(self, step: Step) -> None:
        lines = [Wanted(1 + step.b % 2, sku=self._sku(step.a))]
        if step.b % 3 == 0:
            lines.append(Wanted(1, sku=self._sku(step.a // 7)))
        basket = Basket(lines=tuple(lines), ship_to=HOME, customer_id=self._customer)
        await self._placed(PlaceOrder(basket))

    async def _placed(self, wish: PlaceOrder) -> Any:
        answer = await self._wish(wish)
        key = f"key of client {self._step.client}, step {self._step.nth}, part {self._part}"
        self._last = wish, key
        if not isinstance(answer, Refusal) and answer.order_id not in self._crowd.orders:
            self._crowd.orders.append(answer.order_id)
        return answer

    async def _again(self, step: Step) -> None:
        if self._last:
            await self._wish(*self._last)

    async def _twist(self, step: Step) -> None:
        """The same key for something else."""
        if self._last is None:
            return
        _, key = self._last
        granted = key in self._crowd.answers
        lines = (Wanted(7, sku="wrap"), Wanted(1, sku="wrap"))
        other = PlaceOrder(Basket(lines=lines, ship_to=HOME, customer_id=self._customer))
        answer = await self._crowd.told(Scope(self._shop.tenant_id, self._by), other, key)
        if granted and not isinstance(answer, KeyReused):
            self._stage.breaks(Broken("keys.reused", f"{key} for {other}: {answer}"))

    async def _pay(self, step: Step) -> None:
        order_id = self._order(step)
        if order_id is not None:
            amount = (None, None, 500, 100_000)[step.b % 4]
            await self._paid(order_id, amount)

    async def _paid(self, order_id: OrderId, amount: int | None) -> None:
        answer = await self._wish(RecordPayment((Share(order_id),), amount=amount))
        if not isinstance(answer, Refusal):
            self._crowd.paid.append(order_id)

    async def _gateway(self, step: Step) -> None:
        """Pay by the sandbox; what it tells later is told at another server."""
        order_id = self._order(step)
        if order_id is None:
            return
        self._part += 1
        scope = Scope(self._shop.tenant_id, self._by)
        wish = StartPayment((Share(order_id),), "sandbox", TOKENS[step.b % len(TOKENS)])
        key = f"key of client {step.client}, step {step.nth}, part {self._part}"
        told = self._crowd.told
        paid = await told(scope, wish, key, lambda server: server.pay(scope, wish, key))
        if isinstance(paid, Refusal):
            return
        self._crowd.paid.append(order_id)
        if step.b % 3:
            await told(scope, wish, key, lambda server: server.pay(scope, wish, key))
        await told(scope, wish, key, lambda server: server.call_back(scope, paid.payment_id))

    async def _ship(self, step: Step) -> None:
        """Some of it or all of it, after the rest of the money has come in."""
        order_id = self._order(step, self._crowd.paid if step.b % 3 else ())
        if order_id is None:
            return
        if step.b % 2:
            await self._paid(order_id, None)
        _, lines = await self._now(order_id)
        some = ((lines[0][0], 1),) if step.b % 5 == 0 else ()
        if not isinstance(await self._wish(ShipOrder(order_id, some)), Refusal):
            self._crowd.shipped.append(order_id)

    async def _on_order(self, step: Step, kind: Callable[[OrderId], Command]) -> None:
        order_id = self._order(step)
        if order_id is not None:
            await self._wish(kind(order_id), by=SYSTEM)

    async def _return(self, step: Step) -> None:
        order_id = self._order(step, self._crowd.shipped)
        if order_id is None:
            return
        _, lines = await self._now(order_id)
        line_id, quantity = lines[step.b % len(lines)]
        wanted = ((line_id, 1 + step.b % quantity),)
        asked = await self._wish(RequestReturn(order_id, wanted, "no"), by=SYSTEM)
        for action in ("approve", "receive", "refund"):
            if isinstance(asked, Refusal):
                return
            await self._wish(MoveReturn(asked.return_id, action), by=SYSTEM)

    async def _refund(self, step: Step) -> None:
        order_id = self._order(step, self._crowd.paid)
        if order_id is not None:
            if order_id not in self._crowd.paid:
                await self._paid(order_id, None)
            amount = (None, 1, 333, 500, 777)[step.b % 5]
            await self._wish(RefundPayment(order_id, amount=amount))

    async def _receive(self, step: Step) -> None:
        goods = GoodsLine(self._variant(step.a), 1 + step.b % 3)
        await self._wish(ReceiveStock(self._shop.location_id, (goods,)))

    async def _lose(self, step: Step) -> None:
        goods = GoodsLine(self._variant(step.a), -1 - step.b % 2)
        await self._wish(AdjustStock(self._shop.location_id, (goods,), "gone"))

    def _variant(self, number: int) -> Any:
        return self._shop.variants[list(SHELF)[number % len(SHELF)]]

    async def _price(self, step: Step) -> None:
        line = ArticleLine(self._sku(step.a), None, (100 + step.b) * 10_000)
        await self._wish(ReviseArticles((line,), "GBP"))

    async def _change(self, step: Step) -> None:
        order_id = self._order(step)
        if order_id is None:
            return
        version, lines = await self._now(order_id)
        off = ((lines[0][0], 1),) if step.b % 2 else ()
        more = (Wanted(1, sku=self._sku(step.b)),) if step.b % 3 or not off else ()
        await self._wish(ChangeOrder(order_id, version, off, more), by=SYSTEM)
