"""Sales at a till: completed, parked, recalled, void; cards charged; goods taken back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import msgspec
from litestar import Response, get, post

from tradepost.counter.commands.charges import AskCharge, ChargeStands
from tradepost.counter.commands.checkout import Sold
from tradepost.counter.commands.giving_back import (
    BackOverCounter,
    TakeBackLoose,
    TakeBackSold,
    Voided,
    VoidSale,
)
from tradepost.counter.commands.handing_in import Kept, SetSaleAside
from tradepost.counter.commands.parking import ParkSale, RecallSale
from tradepost.counter.errors import SaleTaken
from tradepost.counter.gateway.desk import TerminalDesk
from tradepost.counter.http.bodies import (
    BatchBody,
    ChargeBody,
    LooseReturnBody,
    ParkBody,
    RecallBody,
    ReturnBody,
    SaleBody,
    VoidBody,
)
from tradepost.counter.ports import BackLine, LooseLine
from tradepost.counter.queries import SaleView, parked_sales, sale_page
from tradepost.kernel.errors import Forbidden, Refusal, Unauthenticated, Unavailable, Unknown
from tradepost.kernel.ids import CardChargeId, CustomerId, OrderLineId, RegisterId, SaleId
from tradepost.kernel.permissions import Permission
from tradepost.platform.web import Caller, FromCaller, FromPath, JSONBody, door, versioned

TAGS = ["Counter"]
SELL = Permission.COUNTER_SELL
SALES = "/api/v1/counter/sales"
OF_REGISTER = "/api/v1/registers/{register_id:uuid}"
_NOT_SET_ASIDE = (SaleTaken, Forbidden, Unauthenticated, Unavailable)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a sale: it is done, or was handed in and set aside for a person."""

    sale: Sold | None
    set_aside: Kept | None


@post(SALES, opt=door(SELL), tags=TAGS)
async def complete_sale(data: JSONBody[SaleBody], caller: FromCaller) -> Response[Taken]:
    """Sell what was rung up for what was tendered; the same sale again is the same answer.

    One with ``sold_at`` was made by a till on its own. It is never refused: what cannot be booked
    is set aside for a person (202).
    """
    taken = await _taken(caller, data)
    version = taken.sale.version if taken.sale else 1
    place = f"{SALES}/{data.id}" if taken.sale else ""
    return versioned(taken, version, status=201 if taken.sale else 202, location=place)


@post(f"{SALES}/batch", opt=door(SELL), tags=TAGS, status_code=200)
async def hand_in(data: JSONBody[BatchBody], caller: FromCaller) -> list[Taken]:
    """Hand in what a till sold on its own, in any order and as often as needed."""
    return [await _taken(caller, one) for one in data.sales]


@get(f"{SALES}/{{sale_id:uuid}}", opt=door(SELL), tags=TAGS)
async def read_sale(sale_id: FromPath[UUID], caller: FromCaller) -> Response[SaleView]:
    """A sale with what was given for it."""
    return await _page(caller, SaleId(sale_id))


@post("/api/v1/counter/parked-sales", opt=door(SELL), tags=TAGS, status_code=200)
async def park_sale(data: JSONBody[ParkBody], caller: FromCaller) -> Response[SaleView]:
    """Keep what was rung up so far; parked again it is what is said now."""
    wish = ParkSale(
        SaleId(data.id),
        RegisterId(data.register_id),
        tuple(line.rung() for line in data.lines),
        data.discount,
        CustomerId(data.customer_id) if data.customer_id else None,
        data.label,
    )
    await caller.send(wish)
    return await _page(caller, wish.sale_id)


@get(f"{OF_REGISTER}/parked-sales", opt=door(SELL), tags=TAGS)
async def list_parked(register_id: FromPath[UUID], caller: FromCaller) -> list[SaleView]:
    """The sales of a register that are not done, the oldest first."""
    return await caller.ask(parked_sales, RegisterId(register_id))


@post(f"{SALES}/{{sale_id:uuid}}/recall", opt=door(SELL), tags=TAGS, status_code=200)
async def recall_sale(
    sale_id: FromPath[UUID], data: JSONBody[RecallBody], caller: FromCaller
) -> Response[SaleView]:
    """Go on with a parked sale."""
    await caller.send(RecallSale(SaleId(sale_id), data.version))
    return await _page(caller, SaleId(sale_id))


@post(f"{SALES}/{{sale_id:uuid}}/void", opt=door(SELL), tags=TAGS, status_code=200)
async def void_sale(
    sale_id: FromPath[UUID], data: JSONBody[VoidBody], caller: FromCaller
) -> Response[Voided]:
    """Give a sale up. One that is done needs `counter.void`, and its shift to be open still."""
    answer: Voided = await caller.send(VoidSale(SaleId(sale_id), data.reason, data.version))
    await caller.get(TerminalDesk).undo(caller.scope, answer.reversing)
    return versioned(answer, answer.version)


@post("/api/v1/counter/card-charges", opt=door(SELL), tags=TAGS, status_code=200)
async def charge_card(data: JSONBody[ChargeBody], caller: FromCaller) -> Response[ChargeStands]:
    """Charge a card for a sale; asked again, the same charge, which is never made twice."""
    wish = AskCharge(
        CardChargeId(data.id), SaleId(data.sale_id), RegisterId(data.register_id), data.amount
    )
    answer = await caller.get(TerminalDesk).charge(caller.scope, wish)
    return versioned(answer, answer.version)


@post(f"{OF_REGISTER}/returns", opt=door("returns.write", key=True), tags=TAGS)
async def take_back(
    register_id: FromPath[UUID], data: JSONBody[ReturnBody], caller: FromCaller
) -> BackOverCounter:
    """Take goods back that a receipt was given for, at any register, and pay for them."""
    lines = tuple(BackLine(OrderLineId(one.order_line_id), one.quantity) for one in data.lines)
    wish = TakeBackSold(
        RegisterId(register_id),
        SaleId(data.sale_id),
        lines,
        data.method,
        data.disposition.value,
        data.reason,
    )
    answer: BackOverCounter = await caller.send(wish)
    return answer


@post(f"{OF_REGISTER}/loose-returns", opt=door("returns.without_receipt", key=True), tags=TAGS)
async def take_back_loose(
    register_id: FromPath[UUID], data: JSONBody[LooseReturnBody], caller: FromCaller
) -> BackOverCounter:
    """Take goods back without a receipt, up to the shop's limit, and pay for them."""
    lines = tuple(LooseLine(one.sku, one.quantity, one.price_micros) for one in data.lines)
    place, why = RegisterId(register_id), (data.disposition.value, data.reason)
    answer: BackOverCounter = await caller.send(TakeBackLoose(place, lines, data.method, *why))
    return answer


async def _taken(caller: Caller, data: SaleBody) -> Taken:
    wish = data.wish()
    try:
        # the sale's own identifier is what makes it one, so no key of the request is used up
        (sold,) = await caller.send_whole(wish)
        return Taken(sold, None)
    except _NOT_SET_ASIDE:
        raise
    except Refusal as refused:
        if data.sold_at is None or _no_register(refused):
            raise
        body = msgspec.json.encode(data).decode()
        why = refused.code, refused.message
        aside = SetSaleAside(
            wish.sale_id, wish.register_id, wish.fingerprint, *why, body, data.sold_at
        )
        (kept,) = await caller.send_whole(aside)
        return Taken(None, kept)


def _no_register(refused: Refusal) -> bool:
    return isinstance(refused, Unknown) and refused.what == "register"


async def _page(caller: Caller, id: SaleId) -> Response[SaleView]:
    view = await caller.ask(sale_page, id)
    return versioned(view, view.version)


ROUTES = (
    complete_sale,
    hand_in,
    read_sale,
    park_sale,
    list_parked,
    recall_sale,
    void_sale,
    charge_card,
    take_back,
    take_back_loose,
)
