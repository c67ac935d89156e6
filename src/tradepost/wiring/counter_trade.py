"""A deal at a till as the spine makes it: ordered, paid, handed over, closed, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tradepost.counter.domain.slip import SlipTax, SlipTender
from tradepost.counter.ports import (
    BackLine,
    Deal,
    GivenBack,
    GivenBackLine,
    LooseLine,
    Paid,
    PlacedDeal,
    PlacedLine,
)
from tradepost.fulfillment.commands import MoveReturn, RequestReturn, ShipOrder, TakeBack
from tradepost.fulfillment.commands.take_back import GivenBack as LooseWish
from tradepost.fulfillment.commands.take_back import Returned
from tradepost.fulfillment.domain import Disposition
from tradepost.fulfillment.storage.returns import SqlReturns
from tradepost.inventory.commands.books import Books
from tradepost.inventory.commands.goods import AdjustStock
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.inventory.domain.stock import Cause, CauseKind, Shelf
from tradepost.inventory.ports import Stocks
from tradepost.kernel.ids import LocationId, OrderId, PaymentId, VariantId
from tradepost.kernel.messages import Scope
from tradepost.ordering.commands import CompleteOrder, PlaceOrder
from tradepost.ordering.commands.answers import Placed
from tradepost.ordering.domain import Channel, Delivery, OrderLine, Wanted
from tradepost.ordering.domain.basket import Basket
from tradepost.ordering.ports import PriceBook
from tradepost.ordering.storage.orders import SqlOrders
from tradepost.payments.commands import RecordPayment
from tradepost.payments.domain.payment import Method, Share
from tradepost.payments.storage.refunds import SqlRefunds
from tradepost.platform.bus import Bound

_SELLING = ("orders.place", "payments.record", "shipments.write")
_AS_AGREED = ("orders.price_override", "orders.discount", "inventory.adjust")
_TAKING_BACK = ("returns.write", "orders.refund")


class Spine:
    """Answers the counter's Trade; the counter answers for what its people may do there."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._orders = SqlOrders(bound.work)

    async def place(self, deal: Deal) -> PlacedDeal:
        """Place the order; what was handed over already is sold at the prices it was sold at."""
        basket = _basket(deal)
        differs = deal.handed_over and await self._differs(replace(basket, at=deal.at))
        (placed,) = await self._grant(deal, PlaceOrder(basket, at=deal.at))
        lines = (await self._orders.lines([placed.order_id]))[placed.order_id]
        return _placed(placed, lines, price_differs=differs)

    async def pay(self, deal: Deal, order_id: OrderId, paid: Sequence[Paid]) -> list[PaymentId]:
        """Record what each tender pays."""
        wishes = [
            RecordPayment(
                (Share(order_id, one.amount),),
                one.method,
                one.amount,
                reference=one.reference,
                customer_id=deal.customer_id,
                at=deal.at,
            )
            for one in paid
        ]
        answers = await self._grant(deal, *wishes) if wishes else []
        return [answer.payment_id for answer in answers]

    async def hand_over(self, deal: Deal, placed: PlacedDeal) -> bool:
        """Let the goods go and close the order."""
        goods = {line.variant_id for line in placed.lines if line.is_goods}
        found = bool(deal.handed_over and goods) and await self._found(deal, placed, goods)
        missed = False
        if goods:
            (shipped,) = await self._grant(deal, ShipOrder(placed.order_id, at=deal.at))
            if deal.handed_over:
                cause = Cause(CauseKind.SHIPMENT, shipped.shipment_id)
                places = [(deal.location_id, one) for one in goods]
                books = self._bound.get(Books)
                missed = await books.look_for_shortfalls(places, cause, deal.at)
        await self._grant(deal, CompleteOrder(placed.order_id, at=deal.at))
        return found or missed

    async def _found(self, deal: Deal, placed: PlacedDeal, goods: set[VariantId]) -> bool:
        """Book in what was handed over though nothing was known of it: it must have been there."""
        stocks = self._bound.get(Stocks)  # type: ignore[type-abstract]  # a port
        shelf: Shelf = await stocks.lock({deal.location_id}, goods)
        lacking = []
        for variant_id in sorted(goods):
            place = (deal.location_id, variant_id)
            there = shelf[place].on_hand if place in shelf else 0
            wanted = sum(one.quantity for one in placed.lines if one.variant_id == variant_id)
            if wanted > there:
                lacking.append(GoodsLine(variant_id, wanted - there))
        if lacking:
            reason = f"sold at a till as order {placed.number}"
            wish = AdjustStock(deal.location_id, tuple(lacking), reason, at=deal.at)
            await self._grant(deal, wish)
        return bool(lacking)

    async def lines_of(self, order_id: OrderId) -> list[BackLine]:
        """All that could come back of an order."""
        lines = (await self._orders.lines([order_id]))[order_id]
        left = [
            (one.id, (one.shipped if one.ships else one.quantity - one.cancelled) - one.returned)
            for one in lines
        ]
        return [BackLine(line_id, units) for line_id, units in left if units]

    async def take_back(
        self,
        order_id: OrderId,
        lines: Sequence[BackLine],
        reason: str,
        disposition: str,
        method: str | None,
        location_id: LocationId,
        at: datetime,
        by: Scope,
    ) -> GivenBack:
        """Ask for it, agree, take it in and pay for it, at once."""
        scope = by.allowed(*_TAKING_BACK)
        units = tuple((one.order_line_id, one.quantity) for one in lines)
        asked = RequestReturn(order_id, units, reason, Disposition(disposition), at=at)
        (back,) = await self._bound.grant(scope, asked)
        for action in ("approve", "receive", "refund"):
            way = method if action == "refund" else None
            step = MoveReturn(back.return_id, action, way, location_id, at=at)
            (back,) = await self._bound.grant(scope, step)
        orders = await self._orders.lock([order_id])
        return await self._given(back, orders[order_id].number)

    async def take_back_loose(
        self,
        lines: Sequence[LooseLine],
        reason: str,
        disposition: str,
        method: str,
        location_id: LocationId,
        at: datetime,
        by: Scope,
    ) -> GivenBack:
        """Take goods back that no receipt was shown for."""
        way = Disposition(disposition)
        named = tuple(
            LooseWish(one.sku, one.quantity, one.price_micros, way, reason) for one in lines
        )
        wish = TakeBack(named, refund_method=method, location_id=location_id, at=at)
        (back,) = await self._bound.grant(by, wish)
        return await self._given(back, None)

    async def _given(self, back: Returned, number: int | None) -> GivenBack:
        work = self._bound.work
        _, lines = await SqlReturns(work).lock(back.return_id)
        refunds = await SqlRefunds(work).of_return(back.return_id)
        ways: dict[Method, int] = {}
        for one in refunds:
            ways[one.method] = ways.get(one.method, 0) + one.amount.amount
        return GivenBack(
            back.return_id,
            number,
            sum(ways.values()),
            tuple(
                GivenBackLine(
                    one.sku,
                    one.title,
                    one.quantity,
                    one.unit_price.decimal_text,
                    one.price_per,
                    one.amount.amount,
                    one.tax.amount,
                )
                for one in lines
            ),
            tuple(SlipTender(method.value, amount) for method, amount in ways.items()),
        )

    async def _differs(self, basket: Basket) -> bool:
        """Whether a price that was agreed on is not the shop's."""
        prices = self._bound.get(PriceBook)  # type: ignore[type-abstract]  # a port
        (quotes,) = await prices.quotes([basket])
        return any(
            one.agreed_price_micros is not None
            and (quote := quotes.get(one.variant_id or "")) is not None
            and quote.price_micros != one.agreed_price_micros
            for one in basket.lines
        )

    async def _grant(self, deal: Deal, *wishes: Any) -> list[Any]:
        more = _AS_AGREED if deal.handed_over else ()
        return await self._bound.grant(deal.by.allowed(*_SELLING, *more), *wishes)


def _basket(deal: Deal) -> Basket:
    return Basket(
        lines=tuple(
            Wanted(one.quantity, one.variant_id, None, one.price_micros, one.discount)
            for one in deal.lines
        ),
        channel=Channel.COUNTER,
        delivery=Delivery.PICKUP,
        payment_method=(Method.CASH if deal.in_coins else Method.CARD_TERMINAL).value,
        customer_id=deal.customer_id,
        location_id=deal.location_id,
        discount=deal.discount,
        paid_otherwise=deal.paid_otherwise,
        handed_over=deal.handed_over,
        expected_total=deal.expected_total,
    )


def _placed(placed: Placed, lines: Sequence[OrderLine], *, price_differs: bool) -> PlacedDeal:
    owed = placed.total - placed.rounding
    on_top = placed.subtotal - placed.discount
    return PlacedDeal(
        order_id=placed.order_id,
        number=placed.number,
        subtotal=placed.subtotal,
        discount=placed.discount,
        tax_included=owed == on_top,
        tax=placed.tax,
        taxes=_taxes(lines, tax_included=owed == on_top),
        rounding=placed.rounding,
        total=placed.total,
        lines=tuple(map(_line, lines)),
        price_differs=price_differs,
    )


def _line(one: OrderLine) -> PlacedLine:
    return PlacedLine(
        line_id=one.id,
        variant_id=one.variant_id,
        sku=one.sku,
        title=one.title,
        quantity=one.quantity,
        unit=one.unit,
        price=one.unit_price.decimal_text,
        price_per=one.price_per,
        amount=one.amount.amount,
        discount=one.discount.amount,
        tax=one.tax.amount,
        is_goods=one.ships,
    )


def _taxes(lines: Sequence[OrderLine], *, tax_included: bool) -> tuple[SlipTax, ...]:
    """What is charged at each rate without its tax, and the tax of it."""
    sums: dict[int, tuple[int, int]] = {}
    for one in lines:
        if not one.tax_ppm:
            continue
        net, tax = sums.get(one.tax_ppm, (0, 0))
        more = one.net.amount - (one.tax.amount if tax_included else 0)
        sums[one.tax_ppm] = net + more, tax + one.tax.amount
    return tuple(SlipTax(ppm, *sums[ppm]) for ppm in sorted(sums))
