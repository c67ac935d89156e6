"""Goods come back: on the order they were sold by, or without a receipt by permission."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tradepost.events.fulfillment import MovedLine, ReturnMoved
from tradepost.fulfillment.domain import Disposition, Return, ReturnLine, ReturnState
from tradepost.fulfillment.domain.giveback import check_return
from tradepost.fulfillment.domain.sold import (
    Given,
    SoldOrder,
    check_in_time,
    received_lines,
    returned_lines,
)
from tradepost.fulfillment.errors import ArticleUnknown
from tradepost.fulfillment.ports import (
    Article,
    Catalogue,
    OrderBook,
    Parcels,
    Returns,
    Shelves,
    Terms,
    Till,
)
from tradepost.kernel.batch import Batch
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import (
    CustomerId,
    Ids,
    LocationId,
    OrderId,
    OrderLineId,
    ReturnId,
    ReturnLineId,
)
from tradepost.kernel.messages import Actor, Command, Facts
from tradepost.kernel.money import Money, UnitPrice, priced_minor_units


@dataclass(frozen=True, slots=True)
class GivenBack:
    """An article that comes back without a receipt, for a price in millionths of the major."""

    sku: str
    quantity: int
    price_micros: int
    disposition: Disposition = Disposition.RESTOCK
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TakeBack(Command):
    """Take goods back without a receipt, pay for them at once, and put them where they belong.

    Without a location they are put where the shop puts what comes back.
    """

    lines: tuple[GivenBack, ...]
    customer_id: CustomerId | None = None
    external_code: str | None = None
    country: str = "ZZ"
    refund_method: str = "bank_transfer"
    location_id: LocationId | None = None


@dataclass(frozen=True, slots=True)
class RequestReturn(Command):
    """Ask to give units of an order back; ``lines`` are (order line, quantity)."""

    order_id: OrderId
    lines: tuple[tuple[OrderLineId, int], ...]
    reason: str = ""
    disposition: Disposition = Disposition.RESTOCK


@dataclass(frozen=True, slots=True)
class MoveReturn(Command):
    """Take a return a step further: approve, reject, receive or refund.

    The last pays money out, and wants the permission for that as well; ``refund_method`` is the
    way back where it is not the way the money came. Goods are put where the shop puts what comes
    back, or at a location that is named.
    """

    return_id: ReturnId
    action: str
    refund_method: str | None = None
    location_id: LocationId | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """Where a return stands; ``total`` in minor units of ``currency``."""

    return_id: ReturnId
    state: str
    currency: str
    total: int
    version: int


Made = tuple[Return, list[ReturnLine]]


async def take_back(
    wishes: list[TakeBack],
    catalogue: Catalogue,
    returns: Returns,
    shelves: Shelves,
    till: Till,
    terms: Terms,
    actor: Actor,
    ids: Ids,
    facts: Facts,
) -> list[Returned | Refusal]:
    """Take back what each wish names: document, shelf, money, fact."""
    actor.must("returns.without_receipt")
    skus = sorted({line.sku.casefold() for wish in wishes for line in wish.lines})
    articles = await catalogue.by_sku(skus)
    batch = Batch(wishes)
    batch.each(lambda wish: _without_receipt(wish, articles, till, terms, ids))
    batch.pair(await _shelved(wishes, batch, shelves, terms), _put_back)
    for method, given in _grouped(wishes, batch, lambda wish: wish.refund_method).items():
        await till.give_back([made for _, made in given], method)
    for made, lines in batch.live:
        returns.add(made, lines)
        facts.tell(_moved(made, lines), made.version, made.requested_at)
    batch.take([_answer(made) for made, _ in batch.live])
    return batch.answers


async def request_return(
    wish: RequestReturn,
    book: OrderBook,
    parcels: Parcels,
    returns: Returns,
    terms: Terms,
    actor: Actor,
    ids: Ids,
    facts: Facts,
) -> Returned:
    """A return of units that were sold and have left, in the days that the shop gives."""
    sold = await book.sold(wish.order_id)
    if not actor.may("returns.late"):
        instants = await parcels.arrived(sold.id)
        arrived = {line_id: terms.day_of(at) for line_id, at in instants.items()}
        check_in_time(sold, wish.lines, arrived, terms.return_days, terms.day_of(wish.at))
    given = await returns.given_on(wish.order_id)
    made, lines = _with_receipt(wish, sold, given, terms, ids)
    returns.add(made, lines)
    facts.tell(_moved(made, lines), made.version, wish.at)
    return _answer(made)


async def move_return(
    wish: MoveReturn,
    returns: Returns,
    book: OrderBook,
    shelves: Shelves,
    till: Till,
    terms: Terms,
    actor: Actor,
    facts: Facts,
) -> Returned:
    """One step: goods go to the shelf when received, money goes back when refunded."""
    before, lines = await returns.lock(wish.return_id)
    actor.must("returns.write")
    made = before.moved(wish.action, wish.at)
    if made.state is ReturnState.RECEIVED and made.order_id:
        sold = await book.sold(made.order_id)
        lines = await _receive(sold, lines, returns, book)
        made = made.worth(lines)
        place = wish.location_id or sold.location_id or terms.location_id
        for refusal in await shelves.put_back([(made, lines)], place):
            _put_back((made, lines), refusal)
    if made.state is ReturnState.REFUNDED:
        actor.must("orders.refund")
        await till.refund(made, lines, wish.refund_method)
    await returns.save(made)
    facts.tell(_moved(made, lines), made.version, wish.at)
    return _answer(made)


async def _receive(
    sold: SoldOrder, lines: Sequence[ReturnLine], returns: Returns, book: OrderBook
) -> list[ReturnLine]:
    """The lines with what is given for them, told to the order that they were sold by."""
    received = received_lines(sold, lines, await returns.given_on(sold.id))
    units = [(line.order_line_id, line.quantity) for line in received if line.order_line_id]
    await book.returned(sold.id, units)
    await returns.save_worth(received)
    return received


def _without_receipt(
    wish: TakeBack, articles: dict[str, Article], till: Till, terms: Terms, ids: Ids
) -> Made:
    till.check_method(wish.refund_method)
    return_id = ReturnId(ids.new())
    lines = [
        _given_back(return_id, place, line, articles, terms, ids)
        for place, line in enumerate(wish.lines, start=1)
    ]
    total = check_return(lines, terms.limit_without_receipt, terms.currency)
    made = Return(
        id=return_id,
        order_id=None,
        customer_id=wish.customer_id,
        external_code=wish.external_code,
        country=wish.country,
        state=ReturnState.REFUNDED,
        currency=terms.currency,
        total=total,
        requested_at=wish.at,
        closed_at=wish.at,
        business_date=terms.day_of(wish.at),
        version=1,
    )
    return made, lines


def _given_back(
    return_id: ReturnId,
    position: int,
    line: GivenBack,
    articles: dict[str, Article],
    terms: Terms,
    ids: Ids,
) -> ReturnLine:
    article = articles.get(line.sku.casefold())
    if article is None:
        raise ArticleUnknown(line.sku)
    currency = terms.currency
    amount = priced_minor_units(
        line.price_micros, line.quantity, currency, terms.rounding, article.price_per
    )
    return ReturnLine(
        id=ReturnLineId(ids.new()),
        return_id=return_id,
        position=position,
        order_line_id=None,
        variant_id=article.variant_id,
        sku=article.sku,
        title=article.title,
        fulfillment_type=article.fulfillment_type,
        quantity=line.quantity,
        unit_price=UnitPrice(line.price_micros, currency),
        price_per=article.price_per,
        amount=Money(amount, currency),
        tax=Money.zero(currency),
        disposition=line.disposition,
        reason=line.reason,
        stocked=article.stocked,
    )


def _with_receipt(
    wish: RequestReturn, sold: SoldOrder, given: Given, terms: Terms, ids: Ids
) -> Made:
    return_id = ReturnId(ids.new())
    why = (wish.disposition, wish.reason)
    lines = returned_lines(sold, wish.lines, given, return_id, why, ids)
    made = Return(
        id=return_id,
        order_id=sold.id,
        customer_id=sold.customer_id,
        external_code=None,
        country=sold.country,
        state=ReturnState.REQUESTED,
        currency=sold.currency,
        total=check_return(lines, None, sold.currency),
        requested_at=wish.at,
        closed_at=None,
        business_date=terms.day_of(wish.at),
        version=1,
    )
    return made, lines


def _put_back(made: Made, refusal: Refusal | None) -> Made:
    if refusal is not None:
        raise refusal
    return made


K = TypeVar("K", bound=Hashable)


def _grouped(
    wishes: Sequence[TakeBack], batch: Batch, key: Callable[[TakeBack], K]
) -> dict[K, list[tuple[int, Made]]]:
    """What is taken back, by a key of its wish, each with its place among all of it."""
    groups: dict[K, list[tuple[int, Made]]] = {}
    place = 0
    for wish, member in zip(wishes, batch.members, strict=True):
        if not isinstance(member, Refusal):
            groups.setdefault(key(wish), []).append((place, member))
            place += 1
    return groups


async def _shelved(
    wishes: Sequence[TakeBack], batch: Batch, shelves: Shelves, terms: Terms
) -> list[Refusal | None]:
    """Put what is taken back where each wish says, or where the shop puts such things."""
    answers: list[Refusal | None] = [None] * len(batch.live)
    groups = _grouped(wishes, batch, lambda wish: wish.location_id or terms.location_id)
    for location_id, given in groups.items():
        told = await shelves.put_back([made for _, made in given], location_id)
        for (place, _), refusal in zip(given, told, strict=True):
            answers[place] = refusal
    return answers


def _moved(made: Return, lines: Sequence[ReturnLine]) -> ReturnMoved:
    return ReturnMoved(
        return_id=made.id,
        order_id=made.order_id,
        state=made.state.value,
        currency=made.currency.code,
        total=made.total.amount,
        lines=tuple(
            MovedLine(line.variant_id, line.order_line_id, line.quantity) for line in lines
        ),
    )


def _answer(made: Return) -> Returned:
    return Returned(made.id, made.state.value, made.currency.code, made.total.amount, made.version)
