"""A sale is paid and handed over: order, payments, goods, drawer and receipt in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.counter.commands.baskets import RungLine, named
from tradepost.counter.commands.slips import sale_text
from tradepost.counter.commands.till import Place, Till, staff_id
from tradepost.counter.domain import MovementKind, Sale, SaleLine, SaleState, ShiftState
from tradepost.counter.domain.sale import Flag, Review
from tradepost.counter.domain.slip import Slip
from tradepost.counter.domain.tender import (
    Given,
    Settled,
    Tender,
    TenderMethod,
    check_given,
    pays_cash,
    settled,
    without_coins,
)
from tradepost.counter.errors import ChargeUnfit, SaleTaken
from tradepost.counter.ports import (
    Assortment,
    Charges,
    Deal,
    Paid,
    PlacedDeal,
    Sales,
    SetAside,
    Shifts,
    Slips,
    Trade,
)
from tradepost.events.counter import SaleCompleted, SaleSetAside, ShiftAmended
from tradepost.kernel.ids import (
    CustomerId,
    Ids,
    OrderId,
    PaymentId,
    RegisterId,
    SaleId,
    ShiftId,
    TenderId,
)
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.money import Money
from tradepost.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class CompleteSale(Command):
    """Sell what was rung up for what was tendered, under the identifier that the till gave it.

    With ``sold_at`` it is handed in by a till that was on its own: it was paid and the goods are
    gone, so it is booked as it was. ``expected_total`` (minor units) guards what is charged.
    """

    sale_id: SaleId
    register_id: RegisterId
    lines: tuple[RungLine, ...]
    tenders: tuple[Given, ...]
    discount: int = 0
    customer_id: CustomerId | None = None
    shift_id: ShiftId | None = None
    expected_total: int | None = None
    sold_at: datetime | None = None

    @property
    def fingerprint(self) -> str:
        """What tells the same sale from another; the till that hands it in says the same."""
        lines = [[str(one.variant_id), one.sku, one.barcode, one.quantity, one.price_micros,
                  one.discount] for one in self.lines]  # fmt: skip
        tenders = [[one.method, one.amount, str(one.charge_id)] for one in self.tenders]
        whole = [str(self.register_id), str(self.customer_id), lines, self.discount, tenders]
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Sold:
    """A sale that is done; amounts in minor units of ``currency``.

    ``flags`` say why a person will look at it.
    """

    sale_id: SaleId
    register_id: RegisterId
    shift_id: ShiftId
    order_id: OrderId
    order_number: int
    receipt_number: int
    state: str
    currency: str
    total: int
    rounding: int
    tendered: int
    change: int
    flags: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class _Done:
    """What a sale has come to by the time it is written down."""

    deal: Deal
    placed: PlacedDeal
    settled: Settled
    payments: Sequence[PaymentId]
    flags: tuple[Flag, ...]


class Checkout:
    """Completes sales; bound to one work."""

    def __init__(
        self,
        till: Till,
        shifts: Shifts,
        sales: Sales,
        slips: Slips,
        charges: Charges,
        set_aside: SetAside,
        assortment: Assortment,
        trade: Trade,
        ids: Ids,
        facts: Facts,
    ) -> None:
        self._till = till
        self._shifts = shifts
        self._sales = sales
        self._slips = slips
        self._charges = charges
        self._set_aside = set_aside
        self._assortment = assortment
        self._trade = trade
        self._ids = ids
        self._facts = facts

    async def complete(self, wish: CompleteSale) -> Sold:
        """Sell it, or tell again what it came to."""
        await self._till.hold(wish.register_id)
        if (again := await self._again(wish)) is not None:
            return again
        place = await self._place(wish)
        check_given(wish.tenders)
        done = await self._sold(wish, place, await self._deal(wish, place))
        await self._take_cash(wish, place, done)
        text = sale_text(
            place,
            done.placed,
            wish.tenders,
            done.settled.change_in_all,
            self._till.terms,
            done.deal.at,
        )
        slip = await self._till.give_receipt(place, text, done.deal.at, sale_id=wish.sale_id)
        sale = await self._keep(wish, place, done, slip)
        await self._book_set_aside(wish)
        return sold(sale, slip)

    async def _again(self, wish: CompleteSale) -> Sold | None:
        known = await self._sales.find(wish.sale_id)
        if known is None or known.slip_id is None:
            return None
        known.check_same(wish.fingerprint)
        return sold(known, await self._slips.of_sale(known.id))

    async def _place(self, wish: CompleteSale) -> Place:
        if wish.sold_at is None:
            return await self._till.open(wish.register_id, wish.shift_id)
        return await self._till.at(wish.register_id, wish.shift_id, wish.sold_at)

    async def _deal(self, wish: CompleteSale, place: Place) -> Deal:
        at = wish.at if wish.sold_at is None else min(wish.sold_at, wish.at)
        return Deal(
            sale_id=wish.sale_id,
            location_id=place.shift.location_id,
            lines=await named(wish.lines, self._assortment),
            discount=wish.discount,
            customer_id=wish.customer_id,
            in_coins=pays_cash(wish.tenders),
            paid_otherwise=without_coins(wish.tenders),
            expected_total=wish.expected_total,
            handed_over=wish.sold_at is not None,
            at=at,
            by=wish.by,
        )

    async def _sold(self, wish: CompleteSale, place: Place, deal: Deal) -> _Done:
        await self._check_charges(wish)
        placed = await self._trade.place(deal)
        how = settled(wish.tenders, placed.total, place.shift.currency.code)
        paid = [
            Paid(one.method, amount, one.reference)
            for one, amount in zip(wish.tenders, how.paid, strict=True)
            if amount
        ]
        payments = await self._trade.pay(deal, placed.order_id, paid)
        short = await self._trade.hand_over(deal, placed)
        flags = _flags(wish, place, placed, short=short) if deal.handed_over else ()
        return _Done(deal, placed, how, payments, flags)

    async def _check_charges(self, wish: CompleteSale) -> None:
        asked = [(one.charge_id, one.amount) for one in wish.tenders if one.charge_id]
        found = await self._charges.lock(sorted({one for one, _ in asked})) if asked else {}
        seen = set()
        for charge_id, amount in asked:
            charge = found.get(charge_id)
            if charge is None or charge_id in seen:
                currency = self._till.terms.currency.code
                raise ChargeUnfit(str(charge_id), "unknown", amount, currency)
            charge.check_pays(wish.sale_id, amount)
            seen.add(charge_id)

    async def _take_cash(self, wish: CompleteSale, place: Place, done: _Done) -> None:
        """Cash goes into the drawer; in a shift that is over, it was there when it was counted."""
        cash = sum(
            paid
            for one, paid in zip(wish.tenders, done.settled.paid, strict=True)
            if one.method == TenderMethod.CASH
        )
        late, by, at = place.shift.state is ShiftState.CLOSED, wish.by.actor, done.deal.at
        if cash:
            self._till.move(place, MovementKind.SALE, cash, at, by, wish.sale_id)
        if cash and late:
            self._till.move(place, MovementKind.DIFFERENCE, -cash, at, by, wish.sale_id)
        if late:
            shift = place.shift.amended(cash)
            await self._shifts.save(shift)
            told = (shift.id, shift.register_id, wish.sale_id, shift.currency.code, cash)
            self._facts.tell(ShiftAmended(*told), shift.version, wish.at)

    async def _keep(self, wish: CompleteSale, place: Place, done: _Done, slip: Slip) -> Sale:
        begun = await self._sales.find(wish.sale_id)
        if begun is not None and begun.register_id != place.register.id:
            raise SaleTaken(str(wish.sale_id))
        fresh = fresh_sale(wish.sale_id, place, done.deal.lines, wish)
        sale = replace(completed(begun or fresh, wish, place, done), slip_id=slip.id)
        if begun is None:
            self._sales.add(sale)
        else:
            await self._sales.save(sale)
        self._sales.tendered(self._tenders(wish, done))
        self._facts.tell(_told(sale, slip), sale.version, done.deal.at)
        return sale

    def _tenders(self, wish: CompleteSale, done: _Done) -> list[Tender]:
        payments = iter(done.payments)
        made = []
        for place, (one, paid) in enumerate(zip(wish.tenders, done.settled.paid, strict=True)):
            currency = self._till.terms.currency
            made.append(
                Tender(
                    id=TenderId(self._ids.new()),
                    sale_id=wish.sale_id,
                    position=place + 1,
                    method=TenderMethod(one.method),
                    currency=currency,
                    amount=Money(one.amount, currency),
                    change=Money(one.amount - paid, currency),
                    payment_id=next(payments) if paid else None,
                    charge_id=one.charge_id,
                    reference=one.reference,
                )
            )
        return made

    async def _book_set_aside(self, wish: CompleteSale) -> None:
        """What was set aside before is booked now."""
        if wish.sold_at is None:
            return
        kept = await self._set_aside.find(wish.sale_id)
        if kept is not None:
            booked = kept.after("book")
            await self._set_aside.save(booked)
            told = SaleSetAside(booked.id, booked.register_id, booked.state.value, booked.code)
            self._facts.tell(told, booked.version, wish.at)


def fresh_sale(sale_id: SaleId, place: Place, lines: tuple[SaleLine, ...], wish: Command) -> Sale:
    """A sale that begins at a register; its first version comes with its first step."""
    currency = place.shift.currency
    zero = Money.zero(currency)
    return Sale(
        id=sale_id,
        register_id=place.register.id,
        shift_id=place.shift.id,
        cashier_id=staff_id(wish.by.actor),
        customer_id=None,
        state=SaleState.OPEN,
        currency=currency,
        lines=lines,
        discount=zero,
        label="",
        fingerprint="",
        order_id=None,
        slip_id=None,
        total=zero,
        change=zero,
        flags=(),
        review=Review.NONE,
        note="",
        begun_at=wish.at,
        sold_at=None,
        voided_at=None,
        version=0,
    )


def completed(begun: Sale, wish: CompleteSale, place: Place, done: _Done) -> Sale:
    """The sale once it is done; one that was void cannot be."""
    currency = place.shift.currency
    return replace(
        begun.after("complete"),
        shift_id=place.shift.id,
        cashier_id=staff_id(wish.by.actor),
        customer_id=wish.customer_id,
        lines=done.deal.lines,
        discount=Money(wish.discount, currency),
        fingerprint=wish.fingerprint,
        order_id=done.placed.order_id,
        total=Money(done.placed.total, currency),
        change=Money(done.settled.change_in_all, currency),
        flags=done.flags,
        review=Review.OPEN if done.flags else Review.NONE,
        sold_at=done.deal.at,
    )


def _flags(
    wish: CompleteSale, place: Place, placed: PlacedDeal, *, short: bool
) -> tuple[Flag, ...]:
    """Why somebody should look at a sale that was handed in."""
    actor = wish.by.actor
    off = wish.discount or any(line.discount for line in wish.lines)
    found = {
        Flag.SOLD_SHORT: short,
        Flag.PRICE_DIFFERS: placed.price_differs
        and not actor.may(Permission.ORDERS_PRICE_OVERRIDE),
        Flag.DISCOUNTED: off and not actor.may(Permission.ORDERS_DISCOUNT),
        Flag.LATE: place.shift.state is ShiftState.CLOSED,
    }
    return tuple(flag for flag, raised in found.items() if raised)


def _told(sale: Sale, slip: Slip) -> SaleCompleted:
    assert sale.order_id is not None
    return SaleCompleted(
        sale_id=sale.id,
        register_id=sale.register_id,
        shift_id=sale.shift_id,
        order_id=sale.order_id,
        receipt_number=slip.number,
        currency=sale.currency.code,
        total=sale.total.amount,
        change=sale.change.amount,
        flags=tuple(flag.value for flag in sale.flags),
    )


def sold(sale: Sale, slip: Slip) -> Sold:
    """What is answered to a sale that is done."""
    assert sale.order_id is not None
    return Sold(
        sale_id=sale.id,
        register_id=sale.register_id,
        shift_id=sale.shift_id,
        order_id=sale.order_id,
        order_number=slip.text.order_number or 0,
        receipt_number=slip.number,
        state=sale.state.value,
        currency=sale.currency.code,
        total=sale.total.amount,
        rounding=slip.text.rounding,
        tendered=sum(one.amount for one in slip.text.tenders),
        change=sale.change.amount,
        flags=tuple(flag.value for flag in sale.flags),
        version=sale.version,
    )


async def complete_sale(wish: CompleteSale, checkout: Checkout) -> Sold:
    """Sell it."""
    return await checkout.complete(wish)


HANDLERS = {CompleteSale: complete_sale}
