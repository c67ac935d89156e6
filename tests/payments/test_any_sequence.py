"""Any sequence of what people and gateways do leaves books that keep every law of money."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from tests.payments.counter import Counter
from tests.payments.till import Till, open_till
from tradepost.fulfillment.commands.take_back import MoveReturn, RequestReturn
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import OrderId, PaymentId, ReturnId
from tradepost.ordering.commands import CancelOrder, ChangeOrder
from tradepost.ordering.domain import Wanted
from tradepost.payments.commands import (
    AllocatePayment,
    AskGateway,
    CapturePayment,
    OpenPayment,
    RecordPayment,
    RefundLine,
    RefundPayment,
    StartPayment,
    VoidPayment,
)
from tradepost.payments.domain.call import EventKind
from tradepost.payments.domain.payment import Share
from tradepost.payments.gateway.sandbox import Callback, Token
from tradepost.payments.queries import order_money
from tradepost.platform.db.work import Store
from tradepost.pricing.commands import CreateTaxRate
from tradepost.pricing.domain.tax import TaxRateDraft
from tradepost.wiring.doctor import LAWS, Visit, examine

pytestmark = pytest.mark.asyncio(loop_scope="module")

STEPS = 100
MONEY_LAWS = [law for law in LAWS if law.name.startswith(("payments.", "ledger.", "orders."))]


class Day:
    """A day at a counter, made up by a seed."""

    def __init__(self, counter: Counter, seed: int) -> None:
        self.counter = counter
        self.till = counter.till
        self.chance = random.Random(seed)
        self.orders: list[OrderId] = []
        self.payments: list[PaymentId] = []
        self.returns: list[ReturnId] = []
        self.late: list[Callback] = []

    async def live(self) -> None:
        """Do one thing after the other; what is refused is refused."""
        things: list[Callable[[], Awaitable[None]]] = [
            self.order,
            self.order,
            self.record,
            self.surplus,
            self.open,
            self.start,
            self.step,
            self.allocate,
            self.refund,
            self.change,
            self.change,
            self.give_back,
            self.move_return,
            self.move_return,
            self.refund_credit,
            self.hear,
            self.cancel,
        ]
        self.orders.append(await self.till.order(9))
        for _ in range(STEPS):
            with suppress(Refusal):
                await self.chance.choice(things)()

    async def order(self) -> None:
        method = self.chance.choice(["bank_transfer", "cod", "gateway"])
        sku = self.chance.choice(["pound", "odd"])
        units = self.chance.randint(1, 30)
        off = self.an_amount_off(units), self.an_amount_off(units)
        self.orders.append(await self.till.order(units, method, sku, off))

    async def record(self) -> None:
        shares = tuple(map(Share, self.some_orders()))
        amount = self.chance.choice([None, self.chance.randint(1, 4000)])
        method = self.chance.choice(["bank_transfer", "cash", "cod"])
        tip = self.chance.choice([0, 0, self.chance.randint(1, 300)])
        made = await self.till.send(RecordPayment(shares, method, amount, tip))
        self.payments.append(made.payment_id)

    async def surplus(self) -> None:
        made = await self.till.send(RecordPayment(amount=self.chance.randint(1, 3000)))
        self.payments.append(made.payment_id)

    async def open(self) -> None:
        tip = self.chance.choice([0, 0, self.chance.randint(1, 300)])
        wish = OpenPayment((Share(self.an_order()),), "card_terminal", tip=tip)
        self.payments.append((await self.till.send(wish)).payment_id)

    async def start(self) -> None:
        token = self.chance.choice(list(Token))
        wish = StartPayment(
            (Share(self.an_order()),), "sandbox", token, capture=self.chance.random() < 0.5
        )
        paid = await self.counter.desk.pay(self.till.scope, wish)
        self.payments.append(paid.payment_id)

    async def step(self) -> None:
        payment_id = self.a_payment()
        amount = self.chance.choice([None, self.chance.randint(1, 2000)])
        action = self.chance.choice(["capture", "void"])
        by_hand = (
            CapturePayment(payment_id, amount) if action == "capture" else VoidPayment(payment_id)
        )
        if self.chance.random() < 0.5:
            await self.till.send(by_hand)
        else:
            wish = AskGateway(payment_id, action, amount)
            await self.counter.desk.ask(self.till.scope, wish)

    async def allocate(self) -> None:
        shares = tuple(map(Share, self.some_orders()))
        await self.till.send(AllocatePayment(self.a_payment(), shares))

    async def refund(self) -> None:
        order_id = self.an_order()
        amount = self.chance.choice([None, self.chance.randint(1, 1500)])
        lines: tuple[RefundLine, ...] = ()
        if self.chance.random() < 0.3:
            lines = (RefundLine(await self.till.line(order_id), amount),)
        method = self.chance.choice([None, None, "cash"])
        wish = RefundPayment(order_id, None, lines, None if lines else amount, method)
        await self.counter.desk.refund(self.till.scope, wish)

    async def refund_credit(self) -> None:
        amount = self.chance.choice([None, self.chance.randint(1, 500)])
        wish = RefundPayment(payment_id=self.a_payment(), amount=amount)
        await self.counter.desk.refund(self.till.scope, wish)

    async def change(self) -> None:
        """Call units off, add some, or both."""
        order_id = self.an_order()
        off, more = self.chance.randint(0, 9), self.chance.randint(0, 4)
        line_id = await self.till.line(order_id)
        call_off = ((line_id, off),) if off else ()
        sku, less = self.chance.choice(["pound", "odd"]), self.an_amount_off(more)
        added = (Wanted(more, sku=sku, discount=less),) if more else ()
        version = (await self.till.look(order_id)).version
        await self.till.send(ChangeOrder(order_id, version, call_off, added))

    async def give_back(self) -> None:
        order_id = self.an_order()
        lines = ((await self.till.line(order_id), self.chance.randint(1, 4)),)
        asked = await self.till.send(RequestReturn(order_id, lines))
        await self.till.send(MoveReturn(asked.return_id, "approve"))
        self.returns.append(asked.return_id)

    async def move_return(self) -> None:
        if self.returns:
            action = self.chance.choice(["receive", "receive", "refund", "refund", "reject"])
            await self.till.send(MoveReturn(self.chance.choice(self.returns), action))

    async def hear(self) -> None:
        """A call-back that is owed, or one heard before, or one made of thin air."""
        payment_id = self.a_payment()
        self.late += await self.counter.outgoing(payment_id)
        kind = self.chance.choice([EventKind.AUTHORIZED, EventKind.CAPTURED, EventKind.FAILED])
        thin_air = self.counter.event(payment_id, kind, self.chance.randint(1, 3000))
        await self.counter.hear(self.chance.choice([*self.late, thin_air]))

    async def cancel(self) -> None:
        if self.chance.random() < 0.2:
            await self.till.send(CancelOrder(self.an_order()))

    def an_amount_off(self, units: int) -> int:
        """A discount of so many units: mostly none, now and then all that the cheap ones cost."""
        return self.chance.choice([0, 0, 0, self.chance.randint(0, 19 * units), 37 * units])

    def an_order(self) -> OrderId:
        return self.chance.choice(self.orders)

    def some_orders(self) -> list[OrderId]:
        return self.chance.sample(self.orders, min(len(self.orders), self.chance.randint(1, 2)))

    def a_payment(self) -> PaymentId:
        return self.chance.choice(self.payments or [PaymentId(self.an_order())])


async def _owed(till: Till, orders: list[OrderId]) -> int:
    """What customers owe by the orders: what was billed, less notes and what came in to stay."""
    owed = 0
    for order_id in orders:
        order = await till.look(order_id)
        money = await till.bus.ask(till.scope, order_money, order_id)
        billed = order.total.amount - sum(note.total for note in money.credit_notes)
        owed += 0 if order.state == "cancelled" else billed
        owed += order.refunded.amount - order.paid.amount
        if order.state != "cancelled":
            assert order.due.amount == billed + order.refunded.amount - order.paid.amount
    return owed


async def _opened(store: Store, seed: int) -> Till:
    """A shop without tax, or with tax inside of its prices or on top, that charges for shipping."""
    till = await open_till(
        store, charges_tax=seed % 3 > 0, prices_include_tax=seed % 3 == 1, shipping_fee_amount=149
    )
    await till.shop.article("odd", "0.37", stock=10_000)
    await till.send(CreateTaxRate(TaxRateDraft("standard", "GB", 77_000, "VAT")))
    return till


@pytest.mark.parametrize("seed", range(6))
async def test_the_laws_of_money_hold_after_any_day(store: Store, seed: int) -> None:
    till = await _opened(store, seed)
    day = Day(Counter(till), seed)
    await day.live()
    shop = Visit(till.scope.tenant_id, "shop")
    report = await examine(store, MONEY_LAWS, [shop])
    assert report.breaches == [], f"seed {seed}"
    moved = await till.balances()
    assert moved.get("receivable", 0) == await _owed(till, day.orders), f"seed {seed}"
    assert sum(moved.values()) == 0, f"seed {seed}"
    assert {"bank", "allowances", "gateway_clearing"} & set(moved), f"seed {seed}"
