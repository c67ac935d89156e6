"""A mall that a seed makes up: vendors and contracts, orders, refunds, payouts, in any order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.journeys.test_order import HOME
from tradepost.catalog.commands import CreateProduct
from tradepost.catalog.domain import FulfillmentType, ProductDetails, ProductStatus, VariantDraft
from tradepost.fulfillment.commands import ShipOrder
from tradepost.fulfillment.commands.take_back import MoveReturn, RequestReturn
from tradepost.inventory.commands.goods import ReceiveStock
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.kernel.consignment import Party
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import LocationId, OrderId, PayoutId, TenantId, VariantId, VendorId
from tradepost.kernel.messages import SYSTEM, Command, Scope
from tradepost.ledger.domain import vendor_account
from tradepost.ledger.queries import trial_balance
from tradepost.mall.commands import (
    CancelPayout,
    CreateVendor,
    ExportPayouts,
    MakeRule,
    MoveVendor,
    PayPayout,
    RunPayouts,
)
from tradepost.mall.domain import BankDetails, PayoutState, VendorDetails
from tradepost.mall.queries import payout_rows
from tradepost.ordering.commands import CancelOrder, ChangeOrder, PlaceOrder
from tradepost.ordering.domain import Order, OrderLine, OrderState, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.domain.portions import portions
from tradepost.ordering.errors import BadDiscount
from tradepost.ordering.storage.orders import SqlOrders
from tradepost.payments.commands import RecordPayment, RefundLine, RefundPayment, SettlePayments
from tradepost.payments.domain.payment import Share
from tradepost.payments.queries import order_money
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Store, Work
from tradepost.pricing.commands import CreateTaxRate
from tradepost.pricing.domain.tax import TaxRateDraft
from tradepost.tenancy.commands import CreateLocation, CreateStore, CreateTenant
from tradepost.tenancy.domain import TenantType
from tradepost.wiring.doctor import LAWS, Visit, examine
from tradepost.wiring.parts import build_bus

BEGIN = datetime(2026, 3, 1, 9, tzinfo=UTC)
DECIMALS = {"JPY": 0, "EUR": 2, "KWD": 3}
VENDORS, ARTICLES, AHEAD = 4, 9, 10_000
WORDS = ("mall.", "payments.", "ledger.", "orders.")
MONEY_LAWS = [law for law in LAWS if law.name.startswith(WORDS)]
LONG_AGO, LATER = date(2000, 1, 1), date(2100, 1, 1)
OWN = {
    *("revenue", "returns", "allowances", "discounts"),
    *("shipping_income", "cod_fees", "cash_rounding"),
}
"""Accounts of what the mall sold and gave up itself; together they are nothing in the end."""


@dataclass
class Market:
    """One mall, its vendors and articles, and what has happened in it so far."""

    bus: Bus
    scope: Scope
    seed: int
    currency: str
    vendors: list[VendorId] = field(default_factory=list)
    articles: list[VariantId] = field(default_factory=list)
    orders: list[OrderId] = field(default_factory=list)
    payouts: list[PayoutId] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    now: datetime = BEGIN

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.at = OrderId(uuid4())

    async def send(self, command: Command) -> Any:
        """Wish something, at the market's own time."""
        self.now += timedelta(minutes=1)
        return await self.bus.send(self.scope, replace(command, at=self.now))

    async def trade(self, orders: int) -> None:
        """Place so many orders, and do anything with them in between; what is refused is."""
        things: list[Callable[[], Awaitable[None]]] = [
            *(self.pay, self.refund_amount, self.refund_lines, self.refund_lines),
            *(self.refund_all, self.call_off, self.ship, self.ship, self.give_back),
            *(self.give_back, self.give_back, self.cancel, self.run, self.export),
            *(self.settle_payout, self.settle_payout, self.drop_payout),
        ]
        for _ in range(orders):
            await self.order()
            if self.chance.random() < 0.7:
                await self.pay()
            for thing in self.chance.choices(things, k=self.chance.randint(3, 9)):
                try:
                    await thing()
                    self.done[thing.__name__] += 1
                except Refusal as refusal:
                    self.done[refusal.code] += 1
            await self.check_parts()

    async def order(self) -> None:
        """An order of some lines, of several vendors and the mall itself, with discounts."""
        count = self.chance.randint(1, 5)
        lines = tuple(
            Wanted(self.chance.randint(1, 7), one, discount=self.chance.choice([0, 0, 0, 1, 13]))
            for one in self.chance.sample(self.articles, count)
        )
        method = self.chance.choice(["bank_transfer", "bank_transfer", "cod"])
        off = self.chance.choice([0, 0, 7, 111, 1009])
        basket = Basket(lines=lines, ship_to=HOME, payment_method=method, discount=off)
        try:
            placed = await self.send(PlaceOrder(basket))
        except BadDiscount:  # more than all of it comes to
            plain = tuple(replace(one, discount=0) for one in lines)
            placed = await self.send(PlaceOrder(replace(basket, lines=plain, discount=0)))
        self.orders.append(placed.order_id)

    async def pay(self) -> None:
        """All that an order owes, or some of it."""
        order = await self.look()
        amount = order.due.amount
        if amount <= 0:
            return
        if self.chance.random() < 0.2:
            amount = self.chance.randint(1, amount)
        method = "cod" if order.payment_method == "cod" else "bank_transfer"
        await self.send(RecordPayment((Share(order.id),), method, amount))

    async def refund_amount(self) -> None:
        """An amount of anything that came in."""
        order = await self.look()
        there = (order.paid - order.refunded).amount
        await self.send(RefundPayment(order.id, amount=self.chance.randint(1, max(2, there // 2))))

    async def refund_lines(self) -> None:
        """Some lines, each whole or in part."""
        order, lines = await self.look(), await self.lines()
        chosen = self.chance.sample(lines, self.chance.randint(1, len(lines)))
        amounts = [
            self.chance.choice([None, self.chance.randint(1, max(2, one.net.amount // 3))])
            for one in chosen
        ]
        wanted = tuple(
            RefundLine(one.id, amount) for one, amount in zip(chosen, amounts, strict=True)
        )
        await self.send(RefundPayment(order.id, lines=wanted))

    async def refund_all(self) -> None:
        """Whatever is left."""
        await self.send(RefundPayment((await self.look()).id))

    async def call_off(self) -> None:
        """Units of a line before anything has left, and perhaps another article instead."""
        order, lines = await self.look(), await self.lines()
        line = self.chance.choice(lines)
        off = ((line.id, self.chance.randint(1, max(1, line.still_wanted))),)
        add = (Wanted(1, self.chance.choice(self.articles)),) if self.chance.random() < 0.4 else ()
        await self.send(ChangeOrder(order.id, order.version, off, add))

    async def ship(self) -> None:
        """All of it, or one vendor's."""
        order, lines = await self.look(), await self.lines()
        vendor_id = self.chance.choice([None, *(one.vendor_id for one in lines)])
        await self.send(ShipOrder(order.id, vendor_id=vendor_id))

    async def give_back(self) -> None:
        """Units of a line come back and are paid for."""
        order, lines = await self.look(), await self.lines()
        line = self.chance.choice([one for one in lines if one.shipped > one.returned] or lines)
        units = self.chance.randint(1, max(1, line.shipped - line.returned))
        made = await self.send(RequestReturn(order.id, ((line.id, units),)))
        for action in ("approve", "receive", "refund"):
            await self.send(MoveReturn(made.return_id, action))

    async def cancel(self) -> None:
        """Call an order off, seldom."""
        if self.chance.random() < 0.3:
            await self.send(CancelOrder((await self.look()).id))

    async def run(self) -> None:
        """A payout run, a day later."""
        self.now += timedelta(days=1)
        answer = await self.send(RunPayouts(self.now.date() - timedelta(days=1)))
        self.payouts += answer.payout_ids

    async def export(self) -> None:
        """A file for the bank."""
        await self.send(ExportPayouts())

    async def settle_payout(self) -> None:
        """The bank paid."""
        await self.send(PayPayout(self.chance.choice(self.payouts or [PayoutId(uuid4())])))

    async def drop_payout(self) -> None:
        """A payout is given up, seldom."""
        if self.chance.random() < 0.2:
            await self.send(CancelPayout(self.chance.choice(self.payouts or [PayoutId(uuid4())])))

    async def look(self) -> Order:
        """One of the last orders; :meth:`lines` gives those of the same."""
        self.at = self.chance.choice(self.orders[-6:])
        found = await self.read(self.at)
        return found[0]

    async def lines(self) -> list[OrderLine]:
        """The lines of the order looked at last."""
        return (await self.read(self.at))[1]

    async def read(self, order_id: OrderId) -> tuple[Order, list[OrderLine]]:
        """An order with its lines."""

        async def both(work: Work) -> tuple[Order, list[OrderLine]]:
            book = SqlOrders(work)
            found, lines = await book.lock([order_id]), await book.lines([order_id])
            return found[order_id], lines[order_id]

        return await self.bus.within(self.scope, both)

    async def check_parts(self) -> None:
        """The portions of the orders touched last are these orders."""
        for order_id in self.orders[-6:]:
            order, lines = await self.read(order_id)
            parts = portions(order, lines)
            inside = order.tax_included
            assert sum(one.total(tax_included=inside) for one in parts) == order.total.amount
            assert sum(one.tax for one in parts) == order.tax.amount
            assert sum(one.discount for one in parts) == order.discount.amount
            assert all(min(one.shipping, one.cod_fee, one.commission) >= 0 for one in parts)

    async def check_laws(self) -> None:
        """The doctor finds nothing."""
        report = await examine(self.bus.store, MONEY_LAWS, [Visit(self.scope.tenant_id, "mall")])
        assert report.breaches == []

    async def give_everything_back(self) -> None:
        """Every order is paid whole, then refunded whole; what carriers hold is handed in."""
        for order_id in self.orders:
            order, _ = await self.read(order_id)
            if order.state is not OrderState.CANCELLED and order.due.amount > 0:
                method = "cod" if order.payment_method == "cod" else "bank_transfer"
                await self.send(RecordPayment((Share(order_id),), method, order.due.amount))
            with suppress(Refusal):
                await self.send(RefundPayment(order_id))
            money = await self.bus.ask(self.scope, order_money, order_id)
            held = [one.id for one in money.payments if one.method == "cod"]
            for payment_id in held:
                await self.send(SettlePayments((payment_id,)))

    async def check_nothing_left(self) -> None:
        """Of all that was refunded nothing is with vendors but what they were paid out."""
        balances = await self.balances()
        gone = 0
        for vendor_id in self.vendors:
            account = vendor_account(vendor_id)
            paid = await self.paid_out(vendor_id)
            assert balances.pop(account, 0) == paid, account
            gone += paid
        assert balances.pop("bank", 0) == -gone
        assert {account.split(".")[0] for account in balances} <= OWN, balances
        assert sum(balances.values()) == 0, balances

    async def balances(self) -> dict[str, int]:
        """Every account that is not at zero; debits count up."""
        sums: Counter[str] = Counter()
        for row in await self.bus.ask(self.scope, trial_balance, LONG_AGO, LATER):
            sums[row.account] += row.debits - row.credits
        return {account: amount for account, amount in sums.items() if amount}

    async def paid_out(self, vendor_id: VendorId) -> int:
        """What left the bank for a vendor."""
        rows = await self.bus.ask(self.scope, payout_rows, vendor_id, PayoutState.PAID, None, AHEAD)
        return sum(row.amount for row in rows)


async def open_market(store: Store, currency: str, seed: int, **settings: Any) -> Market:
    """A mall of four vendors under four contracts, with articles of theirs and of its own."""
    bus = build_bus(store)
    tenant_id = TenantId(uuid4())
    market = Market(bus, Scope(tenant_id, SYSTEM), seed, currency)
    chance = market.chance
    fees = {
        "shipping_fee_amount": chance.choice([0, 499, 1000]),
        "cod_fee_amount": chance.choice([0, 33, 330]),
        "cash_rounding_step_amount": chance.choice([1, 1, 5]),
    }
    given = {"charges_tax": True, "tax_country": "GB", **fees, **settings}
    code = f"mall-{tenant_id.hex[:12]}"
    await market.send(
        CreateTenant(code, "Mall", currency, settings=given, opened=True, type=TenantType.MALL)
    )
    for name, ppm in (("standard", 200_000), ("reduced", 80_000)):
        draft = TaxRateDraft(name, "GB", ppm, name, date(2020, 1, 1), None)
        await market.send(CreateTaxRate(draft))
    place = await market.send(CreateStore("main", "Main"))
    location_id = await market.send(CreateLocation(place, "shelf", "Shelf"))
    for number in range(VENDORS):
        market.vendors.append(await _vendor(market, number))
    for number in range(ARTICLES):
        await _article(market, number, location_id)
    return market


async def _vendor(market: Market, number: int) -> VendorId:
    chance, party = market.chance, list(Party)
    details = VendorDetails(
        f"Vendor {number}",
        chance.choice([0, 33_333, 125_000, 999_999, 1_000_000]),
        seller=chance.choice(party),
        shipping=chance.choice(party),
        cod_fee=chance.choice(party),
        discount=chance.choice(party),
        payout_least=chance.choice([0, 0, 1000]),
        bank=BankDetails(f"Vendor {number}", f"{number:08}"),
    )
    vendor_id: VendorId = await market.send(CreateVendor(f"vendor-{number}", details))
    await market.send(MoveVendor(vendor_id, "activate", 1))
    return vendor_id


async def _article(market: Market, number: int, location_id: LocationId) -> None:
    chance = market.chance
    owner = chance.choice([None, *market.vendors, *market.vendors])
    scale = 10 ** (6 - DECIMALS[market.currency])
    service = chance.random() < 0.25
    draft = VariantDraft(
        sku=f"A-{number}",
        price_micros=chance.randint(30, 9_999) * scale,
        fulfillment_type=FulfillmentType.SERVICE if service else FulfillmentType.PHYSICAL,
        tax_class=chance.choice(["standard", "reduced", "zero"]),
    )
    made = await market.send(
        CreateProduct(
            ProductDetails(title=f"Article {number}", vendor_id=owner),
            market.currency,
            (draft,),
            ProductStatus.ACTIVE,
        )
    )
    variant_id = made.variants[0].variant_id
    market.articles.append(variant_id)
    if owner is not None and chance.random() < 0.4:
        await market.send(MakeRule(chance.randint(0, 1_000_000), product_id=made.product_id))
    if not service:
        await market.send(ReceiveStock(location_id, (GoodsLine(variant_id, 10**6),)))
