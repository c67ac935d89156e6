"""Goods that come back over the counter, by a receipt or without one, and sales made void."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tradepost.counter.commands.parking import check_version
from tradepost.counter.commands.slips import return_text
from tradepost.counter.commands.till import Place, Till
from tradepost.counter.domain import MovementKind, Sale, SaleState
from tradepost.counter.domain.charge import ChargeState
from tradepost.counter.domain.slip import Slip, SlipTender
from tradepost.counter.domain.tender import Given, TenderMethod, check_given
from tradepost.counter.errors import NotInDrawer, PartlyReturned, TooLateToVoid
from tradepost.counter.ports import (
    BackLine,
    Charges,
    Drawers,
    GivenBack,
    LooseLine,
    Sales,
    Slips,
    Trade,
)
from tradepost.events.counter import CardChargeMoved, SaleVoided
from tradepost.kernel.ids import CardChargeId, RegisterId, ReturnId, SaleId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.money import Money
from tradepost.kernel.money.amount import cash_rounded
from tradepost.kernel.permissions import Permission
from tradepost.kernel.text import one_line


@dataclass(frozen=True, slots=True)
class TakeBackSold(Command):
    """Take goods back that a receipt was given for; all that is left of them without lines.

    The money goes back by ``method``, or the way it came.
    """

    register_id: RegisterId
    sale_id: SaleId
    lines: tuple[BackLine, ...] = ()
    method: str | None = None
    disposition: str = "restock"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TakeBackLoose(Command):
    """Take goods back that no receipt is shown for, by permission and up to the shop's limit."""

    register_id: RegisterId
    lines: tuple[LooseLine, ...]
    method: str = "cash"
    disposition: str = "restock"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VoidSale(Command):
    """Give a sale up; one that is done is taken back whole, and keeps its receipt's number."""

    sale_id: SaleId
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class BackOverCounter:
    """What came back; amounts in minor units, by the ways they went."""

    return_id: ReturnId
    receipt_number: int
    currency: str
    total: int
    ways: tuple[SlipTender, ...]


@dataclass(frozen=True, slots=True)
class Voided:
    """A void sale; ``reversing`` are the card charges that are still to be undone."""

    sale_id: SaleId
    state: str
    return_id: ReturnId | None
    reversing: tuple[CardChargeId, ...]
    version: int


class Counterhand:
    """Gives money back from a drawer; bound to one work."""

    def __init__(self, till: Till, drawers: Drawers, trade: Trade) -> None:
        self._till = till
        self._drawers = drawers
        self._trade = trade

    async def take_back(
        self,
        place: Place,
        sale: Sale,
        lines: Sequence[BackLine],
        wish: TakeBackSold | VoidSale,
    ) -> GivenBack:
        """Take goods of a sale back at a register."""
        reason = one_line(wish.reason, "reason", shortest=0)
        assert sale.order_id is not None
        sold = wish if isinstance(wish, TakeBackSold) else None
        return await self._trade.take_back(
            sale.order_id,
            lines or await self._trade.lines_of(sale.order_id),
            reason,
            sold.disposition if sold else "restock",
            sold.method if sold else None,
            place.shift.location_id,
            wish.at,
            wish.by,
        )

    async def pay_out(
        self, place: Place, back: GivenBack, wish: Command
    ) -> tuple[tuple[SlipTender, ...], int]:
        """Take the cash out of the drawer, in coins; the ways as they went, and the rounding.

        :raises NotInDrawer: if there is less.
        """
        terms = self._till.terms
        cash = sum(one.amount for one in back.ways if one.method == TenderMethod.CASH)
        if not cash:
            return back.ways, 0
        coins, more = cash_rounded(
            Money(cash, terms.currency), terms.cash_step, terms.rounding_mode
        )
        there = await self._drawers.expected(place.shift.id)
        if there < coins.amount:
            raise NotInDrawer(there, coins.amount, terms.currency.code)
        self._till.move(
            place,
            MovementKind.REFUND,
            -coins.amount,
            wish.at,
            wish.by.actor,
            back.return_id,
            rounding=more.amount,
        )
        others = tuple(one for one in back.ways if one.method != TenderMethod.CASH)
        given = (SlipTender(TenderMethod.CASH.value, coins.amount),) if coins.amount else ()
        return (*given, *others), more.amount

    async def receipt(
        self, place: Place, back: GivenBack, of_receipt: str, wish: Command
    ) -> BackOverCounter:
        """Pay for what came back, and give a receipt for it."""
        ways, rounding = await self.pay_out(place, back, wish)
        text = return_text(place, back, ways, rounding, of_receipt, self._till.terms, wish.at)
        slip = await self._till.give_receipt(place, text, wish.at, return_id=back.return_id)
        currency = place.shift.currency.code
        return BackOverCounter(back.return_id, slip.number, currency, text.total, ways)


async def take_back_sold(
    wish: TakeBackSold, hand: Counterhand, till: Till, sales: Sales, slips: Slips
) -> BackOverCounter:
    """Take it back, at whichever register of the shop."""
    if wish.method is not None:
        check_given([Given(wish.method, 1)])
    place = await till.open(wish.register_id)
    sale = await sales.lock(wish.sale_id)
    slip = await slips.of_sale(sale.id)
    back = await hand.take_back(place, sale, wish.lines, wish)
    return await hand.receipt(place, back, f"{slip.text.register} {slip.number}", wish)


async def take_back_loose(
    wish: TakeBackLoose, hand: Counterhand, till: Till, trade: Trade
) -> BackOverCounter:
    """Take it back without a receipt."""
    wish.by.actor.must(Permission.RETURNS_WITHOUT_RECEIPT)
    check_given([Given(wish.method, 1)])
    place = await till.open(wish.register_id)
    back = await trade.take_back_loose(
        wish.lines,
        one_line(wish.reason, "reason", shortest=0),
        wish.disposition,
        wish.method,
        place.shift.location_id,
        wish.at,
        wish.by,
    )
    return await hand.receipt(place, back, "", wish)


async def void_sale(
    wish: VoidSale,
    hand: Counterhand,
    till: Till,
    sales: Sales,
    slips: Slips,
    charges: Charges,
    facts: Facts,
) -> Voided:
    """Make it void, in the shift in which it was rung up; its card charges are to be undone."""
    place = await till.open(await sales.register_of(wish.sale_id))
    found = await sales.lock(wish.sale_id)
    check_version(found, wish.version)
    sale = replace(found.after("void"), voided_at=wish.at)
    back = None
    if found.state is SaleState.COMPLETED:
        back = await _reverse(wish, place, found, hand, slips)
    await sales.save(sale)
    reversing = await _give_up(sale.id, charges, facts, wish.at)
    return_id = back.return_id if back else None
    told = SaleVoided(sale.id, sale.register_id, sale.shift_id, return_id)
    facts.tell(told, sale.version, wish.at)
    return Voided(sale.id, sale.state.value, return_id, reversing, sale.version)


async def _reverse(
    wish: VoidSale, place: Place, sale: Sale, hand: Counterhand, slips: Slips
) -> GivenBack:
    """Take a sale back that was done in the shift that is open still."""
    wish.by.actor.must(Permission.COUNTER_VOID)
    slip = await slips.of_sale(sale.id)
    if sale.shift_id != place.shift.id:
        raise TooLateToVoid(slip.number)
    back = await hand.take_back(place, sale, (), wish)
    if back.total != slip.text.total:
        # its card charges are undone whole, which would give back more than is left
        raise PartlyReturned(slip.number)
    await hand.pay_out(place, back, wish)
    await slips.save(_void(slip))
    return back


def _void(slip: Slip) -> Slip:
    return replace(slip, is_void=True)


async def _give_up(
    sale_id: SaleId, charges: Charges, facts: Facts, at: datetime
) -> tuple[CardChargeId, ...]:
    reversing = []
    for one in await charges.of_sale(sale_id):
        if one.state in (ChargeState.DECLINED, ChargeState.REVERSED, ChargeState.REVERSING):
            continue
        charge = one.after("reverse", at)
        await charges.save(charge)
        told = (charge.id, charge.sale_id, charge.register_id, charge.state.value)
        amount = charge.currency.code, charge.amount.amount
        facts.tell(CardChargeMoved(*told, *amount), charge.version, at)
        reversing.append(charge.id)
    return tuple(reversing)


HANDLERS = {
    TakeBackSold: take_back_sold,
    TakeBackLoose: take_back_loose,
    VoidSale: void_sale,
}
