"""Two shops with a bit of everything, made by the same commands as anybody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tests.doctor.brought import brought
from tests.floor.house import dish
from tests.journeys.spine import Shop, open_shop
from tradepost.catalog.commands import CreateProduct, ReviseArticles
from tradepost.catalog.domain import FulfillmentType, ProductDetails, ProductStatus, VariantDraft
from tradepost.catalog.domain.revision import ArticleLine
from tradepost.counter.commands.baskets import RungLine
from tradepost.counter.commands.charges import AnswerCharge, AskCharge
from tradepost.counter.commands.checkout import CompleteSale
from tradepost.counter.commands.giving_back import TakeBackSold, VoidSale
from tradepost.counter.commands.handing_in import SetSaleAside
from tradepost.counter.commands.parking import ParkSale
from tradepost.counter.commands.registers import CreateRegister
from tradepost.counter.commands.shifts import CloseShift, OpenShift
from tradepost.counter.domain.tender import Given
from tradepost.customers.commands import EnsureCustomer
from tradepost.floor.commands.checks import PayCheck, SplitTab
from tradepost.floor.commands.cooking import ServeTab
from tradepost.floor.commands.plan import AddArea, AddTable, ChangeUnit, OpenUnit
from tradepost.floor.commands.rounds import DraftRound
from tradepost.floor.commands.tabs import MergeTabs, OpenTab
from tradepost.floor.commands.voids import VoidRound, VoidTab
from tradepost.floor.domain.bill import Split
from tradepost.floor.domain.check import TenderMethod
from tradepost.fulfillment.commands import (
    BeginDownload,
    DeliverDigital,
    MoveReturn,
    PutDigitalFile,
    RequestReturn,
    ShipOrder,
    TakeBack,
)
from tradepost.fulfillment.commands.take_back import GivenBack
from tradepost.fulfillment.domain.digital import FileFace, StoredFile
from tradepost.fulfillment.domain.downloads import Asked
from tradepost.fulfillment.storage.digital import SqlDownloads
from tradepost.inventory.commands.carts import GrantReservations
from tradepost.inventory.commands.counts import CloseCount, Counted, RecordCount, StartCount
from tradepost.inventory.commands.goods import AdjustStock
from tradepost.inventory.commands.policies import AllowBackorder, SetSafetyStock
from tradepost.inventory.commands.transfers import DraftTransfer, ReceiveTransfer, SendTransfer
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.kernel.ids import CardChargeId, CustomerId, OrderId, OrderLineId, SaleId, VariantId
from tradepost.kernel.messages import Command
from tradepost.ledger.commands import PostAdjustment
from tradepost.mall.commands import (
    CreateVendor,
    ExportPayouts,
    MoveVendor,
    PayPayout,
    RunPayouts,
)
from tradepost.mall.domain import BankDetails, VendorDetails
from tradepost.ordering.commands import (
    AddToCart,
    CancelOrder,
    ChangeOrder,
    CompleteOrder,
    OpenCart,
    PlaceOrder,
)
from tradepost.ordering.commands.cart import ChooseInCart
from tradepost.ordering.domain import Address, OrderLine, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.storage.orders import SqlOrders
from tradepost.payments.commands import (
    AllocatePayment,
    OpenPayment,
    RecordAnswer,
    RecordPayment,
    RefundLine,
    RefundPayment,
    StartPayment,
)
from tradepost.payments.domain.call import CallToMake, GatewayAnswer, Outcome
from tradepost.payments.domain.payment import Share
from tradepost.platform.db.work import Store, Work
from tradepost.tenancy.commands import CreateLocation

HOME = Address(country="GB", name="A. Shopper", line1="1 High Street", city="Leeds")
METHODS = ("bank_transfer", "cash", "cod", "gateway")
FEATHERS = 777
"""How many feathers lie on the shelf; no other number of anything is the same."""


@dataclass
class Trade:
    """What goes on in one shop."""

    shop: Shop
    customer_id: CustomerId

    async def send(self, command: Command, key: str | None = None) -> Any:
        return await self.shop.bus.send(self.shop.scope, command, key=key)

    async def order(self, *wanted: tuple[str, int], key: str | None = None) -> OrderId:
        """An order of the customer, placed without a cart."""
        lines = tuple(Wanted(units, sku=sku) for sku, units in wanted)
        basket = Basket(lines=lines, ship_to=HOME, customer_id=self.customer_id)
        placed = await self.send(PlaceOrder(basket), key)
        order_id: OrderId = placed.order_id
        return order_id

    async def lines(self, order_id: OrderId) -> list[OrderLine]:
        async def read(work: Work) -> list[OrderLine]:
            return (await SqlOrders(work).lines([order_id]))[order_id]

        return await self.shop.bus.within(self.shop.scope, read)

    async def shipped(self, order_id: OrderId, *units: tuple[OrderLineId, int]) -> None:
        await self.send(RecordPayment((Share(order_id),)))
        await self.send(ShipOrder(order_id, units))

    async def answered(self, call: CallToMake, outcome: Outcome) -> None:
        """What a gateway would have answered."""
        answer = GatewayAnswer(outcome, "ref", call.amount, call.currency)
        await self.send(RecordAnswer(call.payment_id, call.call_id, answer))

    async def cart(self, sku: str, quantity: int) -> Any:
        """A cart whose goods are held."""
        cart = await self.send(OpenCart(self.customer_id))
        await self.send(AddToCart(cart.cart_id, quantity, sku=sku, customer_id=self.customer_id))
        await self.send(GrantReservations())
        return cart.cart_id


async def open_trade(store: Store) -> Trade:
    """A shop in which everything that a law speaks of has happened."""
    shop = await open_shop(store, hold_starts="cart", payment_methods=METHODS)
    customer = await shop.bus.send(shop.scope, EnsureCustomer("C-1"))
    trade = Trade(shop, customer)
    lamp = await shop.article("lamp", "12.50", stock=50)
    await shop.article("wrap", "2.00", service=True)
    await stocked(trade, lamp)
    await sold(trade)
    await given_back(trade)
    await paid(trade)
    await downloaded(trade)
    await brought(trade)
    await carted(trade)
    await seated(trade)
    await sold_for_vendors(trade)
    await rung_up(trade)
    await trade.send(ReviseArticles((ArticleLine("lamp", "A better lamp", 13_000_000),), "GBP"))
    await trade.send(PostAdjustment(-700, "bad debt"))
    return trade


async def rung_up(trade: Trade) -> None:
    """A day at a till, sales void, taken back and set aside, and the next day's float."""
    shop, here = trade.shop, trade.shop.location_id
    await shop.article("bun", "2.02", stock=30)
    till = await trade.send(CreateRegister(here, "till", "Till"))
    first = await trade.send(OpenShift(till, 1000))

    def sale(units: int, *given: Given, sold_at: datetime | None = None) -> CompleteSale:
        lines = (RungLine(units, sku="bun"),)
        return CompleteSale(SaleId(uuid4()), till, lines, given, sold_at=sold_at)

    cash = Given("cash", 1000)
    done = [await trade.send(sale(units, cash)) for units in (1, 2, 3)]
    charge = CardChargeId(uuid4())
    card = sale(1, Given("card_terminal", 202, charge))
    await trade.send(AskCharge(charge, card.sale_id, till, 202))
    await trade.send(AnswerCharge(charge, "approve", "one"))
    await trade.send(card)
    await trade.send(VoidSale(done[0].sale_id))
    await trade.send(TakeBackSold(till, done[1].sale_id))
    await trade.send(ParkSale(SaleId(uuid4()), till, (RungLine(1, sku="bun"),)))
    await trade.send(CloseShift(first.shift_id, 1600))
    await trade.send(sale(30, Given("cash", 6060), sold_at=first_instant(trade)))
    odd = SetSaleAside(SaleId(uuid4()), till, "0", "odd", "odd", "{}", first_instant(trade))
    await trade.send(odd)
    await trade.send(OpenShift(till, 500))


def first_instant(trade: Trade) -> datetime:
    """When a till was on its own."""
    return trade.shop.bus.clock.now()


async def downloaded(trade: Trade) -> None:
    """A song that was bought and downloaded."""
    song = await trade.shop.article("song", "1.00", digital=True)
    stored = StoredFile("song.ogg", 10, "0" * 64)
    await trade.send(PutDigitalFile(song, FileFace("song.ogg", "audio/ogg"), stored))
    order = await trade.order(("song", 1))
    await trade.send(RecordPayment((Share(order),)))
    await trade.send(DeliverDigital(order))
    (grant,) = await trade.shop.bus.within(
        trade.shop.scope, lambda work: SqlDownloads(work).lock_of([order])
    )
    await trade.send(BeginDownload(grant.id, Asked("a", stored.sha256, 10, 10, in_part=False)))


async def stocked(trade: Trade, lamp: VariantId) -> None:
    """Goods found, counted, moved, kept back, promised before they arrive."""
    shop = trade.shop
    here = shop.location_id
    await shop.article("feather", "0.10", stock=FEATHERS)
    boat = await shop.article("boat", "900.00", stock=1)
    there = await trade.send(CreateLocation(shop.store_id, "yard", "Yard"))
    await trade.send(AdjustStock(here, (GoodsLine(lamp, 3),), "found"))
    await trade.send(SetSafetyStock(here, lamp, 2))
    await trade.send(AllowBackorder(here, boat, allowed=True))
    draft = await trade.send(DraftTransfer(here, there, (GoodsLine(lamp, 4),)))
    await trade.send(SendTransfer(draft))
    await trade.send(ReceiveTransfer(draft, (GoodsLine(lamp, 4),)))
    count = await trade.send(StartCount(there))
    await trade.send(RecordCount(count, (Counted(lamp, 5),)))
    await trade.send(CloseCount(count))


async def sold_for_vendors(trade: Trade) -> None:
    """An order of two vendors, paid out: one was paid, then refunded; one waits for the bank."""
    lines = []
    for code in ("acme", "bolt"):
        bank = BankDetails(code, "12345678")
        vendor = await trade.send(CreateVendor(code, VendorDetails(code, 100_000, bank=bank)))
        await trade.send(MoveVendor(vendor, "activate", 1))
        offer = ProductDetails(title=code, vendor_id=vendor)
        draft = VariantDraft(code, 10_000_000, fulfillment_type=FulfillmentType.SERVICE)
        await trade.send(CreateProduct(offer, "GBP", (draft,), ProductStatus.ACTIVE))
        lines.append((code, 3))
    order_id = await trade.order(*lines)
    await trade.send(RecordPayment((Share(order_id),)))
    run = await trade.send(RunPayouts(datetime.now(UTC).date()))
    await trade.send(ExportPayouts())
    await trade.send(PayPayout(run.payout_ids[0], "ours"))
    await trade.send(RefundPayment(order_id, amount=500))


async def sold(trade: Trade) -> None:
    """Orders that wait, left in part, were closed, changed, called off, wait for goods."""
    await trade.order(("lamp", 2), ("wrap", 1), key="waiting-order")
    partly = await trade.order(("lamp", 3), ("lamp", 2), ("wrap", 1))
    first, second, _ = await trade.lines(partly)
    await trade.shipped(partly, (first.id, 2), (second.id, 1))
    await trade.send(ShipOrder(partly, ((first.id, 1),)))
    done = await trade.order(("lamp", 1), ("wrap", 2))
    await trade.shipped(done)
    await trade.send(CompleteOrder(done))
    changed = await trade.order(("lamp", 4))
    (line,) = await trade.lines(changed)
    more = (Wanted(2, sku="boat"),)
    await trade.send(ChangeOrder(changed, 1, call_off=((line.id, 1),), add=more))
    await trade.send(CancelOrder(await trade.order(("lamp", 5), ("wrap", 1))))
    void = await trade.order(("lamp", 1))
    await trade.send(RecordPayment((Share(void),)))
    await trade.send(RefundPayment(void, amount=150))
    await trade.send(CancelOrder(void))
    await trade.order(("boat", 3))
    lowered = await trade.order(("lamp", 4), ("wrap", 2))
    await trade.send(RecordPayment((Share(lowered),)))
    await trade.send(RefundPayment(lowered, amount=1111))
    (line, _) = await trade.lines(lowered)
    await trade.send(ChangeOrder(lowered, 3, call_off=((line.id, 3),)))


async def given_back(trade: Trade) -> None:
    """With a receipt, step by step; and without one."""
    order_id = await trade.order(("lamp", 3), ("lamp", 1))
    await trade.shipped(order_id)
    first, second = await trade.lines(order_id)
    wish = RequestReturn(order_id, ((first.id, 2), (second.id, 1)), "too bright")
    back = await trade.send(wish)
    for action in ("approve", "receive", "refund"):
        await trade.send(MoveReturn(back.return_id, action))
    await trade.send(TakeBack((GivenBack("lamp", 1, 12_500_000), GivenBack("wrap", 1, 2_000_000))))


async def paid(trade: Trade) -> None:
    """Too much, too little, by a gateway that refunds later; back in part, by line and amount."""
    first = await trade.order(("lamp", 2))
    much = await trade.send(RecordPayment((Share(first),), amount=4000))
    await trade.send(RefundPayment(first, amount=333, reason="scratched"))
    await trade.send(RefundPayment(payment_id=much.payment_id, amount=250))
    second = await trade.order(("lamp", 2), ("wrap", 1))
    await trade.send(AllocatePayment(much.payment_id, (Share(second, 700),)))
    started = await trade.send(StartPayment((Share(second),), "sandbox", "tok_ok"))
    await trade.answered(started.calls[0], Outcome.APPROVED)
    (_, wrap) = await trade.lines(second)
    back = await trade.send(RefundPayment(second, started.payment.payment_id))
    await trade.answered(back.calls[0], Outcome.DECLINED)
    await trade.send(RefundPayment(second, lines=(RefundLine(wrap.id, 50),)))
    await trade.send(OpenPayment((Share(await trade.order(("lamp", 1))),), method="cash"))


async def carted(trade: Trade) -> None:
    """A cart that became an order, and one that still holds."""
    cart_id = await trade.cart("lamp", 2)
    await trade.send(ChooseInCart(cart_id, "me@example.com", HOME, customer_id=trade.customer_id))
    await trade.send(
        PlaceOrder(Basket(cart_id=cart_id, customer_id=trade.customer_id)), key="checkout-of-a-cart"
    )
    await trade.cart("lamp", 3)


async def seated(trade: Trade) -> None:
    """A restaurant: tabs that were moved, merged, split, paid in part, closed, voided."""
    shop = trade.shop
    await shop.article("roll", "0.45", stock=60)
    unit_id = await trade.send(OpenUnit(shop.location_id, "bistro", "Bistro"))
    area = await trade.send(AddArea(unit_id, "Room"))
    table = await trade.send(AddTable(unit_id, area, "1", 4))
    await trade.send(ChangeUnit(unit_id, "Bistro", 100_000, "wrap"))
    await trade.send(OpenTab(unit_id, name="spare"))
    first = (await trade.send(OpenTab(unit_id, table))).tab_id
    other = (await trade.send(OpenTab(unit_id, name="other"))).tab_id
    await trade.send(DraftRound(first, (dish("lamp", 2, "roll"), dish("wrap")), send=True))
    sent = await trade.send(DraftRound(other, (dish("lamp", 3),), send=True))
    await trade.send(VoidRound(other, sent.round_id, "cold"))
    await trade.send(DraftRound(other, (dish("lamp"), dish("roll", 5)), send=True))
    await trade.send(MergeTabs(first, other))
    await trade.send(ServeTab(first))
    made = await trade.send(SplitTab(first, Split(shares=(1, 1))))
    one, two = (check.check_id for check in made.checks)
    card, cash = TenderMethod.CARD_TERMINAL, TenderMethod.CASH
    await trade.send(PayCheck(first, one, card, 1000, tip=77))
    await trade.send(PayCheck(first, one, cash, tendered=10_000))
    await trade.send(PayCheck(first, two, card, tip=5))
    owing = (await trade.send(OpenTab(unit_id, table, "owing"))).tab_id
    await trade.send(DraftRound(owing, (dish("lamp", 6),), send=True))
    await trade.send(DraftRound(owing, (dish("lamp"),)))
    await trade.send(SplitTab(owing, Split(amount=200)))
    gone = (await trade.send(OpenTab(unit_id, name="gone"))).tab_id
    await trade.send(DraftRound(gone, (dish("roll"),), send=True))
    await trade.send(VoidTab(gone, "they left"))
