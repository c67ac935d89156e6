"""Transfer orders: drafted, sent, received, cancelled."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.events.inventory import (
    MovedStock,
    TransferOrderCancelled,
    TransferOrderDrafted,
    TransferOrderReceived,
    TransferOrderSent,
)
from tradepost.inventory.commands.books import Books
from tradepost.inventory.domain.bookings import Booking, GoodsLine
from tradepost.inventory.domain.stock import Cause, CauseKind, MovementKind, Place
from tradepost.inventory.domain.transfers import TransferOrder, TransferState, drafted
from tradepost.inventory.ports import Assortment, TransferOrders
from tradepost.kernel.ids import Ids, LocationId, TransferOrderId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.text import one_line


@dataclass(frozen=True, slots=True)
class DraftTransfer(Command):
    """Plan to move goods from one location to another."""

    from_location_id: LocationId
    to_location_id: LocationId
    lines: tuple[GoodsLine, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class SendTransfer(Command):
    """Let the goods leave; only what is promised to nobody may go."""

    transfer_order_id: TransferOrderId
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ReceiveTransfer(Command):
    """Take the goods in; without lines all of them have arrived."""

    transfer_order_id: TransferOrderId
    lines: tuple[GoodsLine, ...] | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CancelTransfer(Command):
    """Call it off; goods that were on their way are back where they came from."""

    transfer_order_id: TransferOrderId
    version: int | None = None


async def draft_transfer(
    wish: DraftTransfer, orders: TransferOrders, assortment: Assortment, facts: Facts, ids: Ids
) -> TransferOrderId:
    """Note the plan; no goods move."""
    locations = {wish.from_location_id, wish.to_location_id}
    variants = {line.variant_id for line in wish.lines}
    (await assortment.known(locations, variants)).check(locations, variants)
    id, note = TransferOrderId(ids.new()), one_line(wish.note, "note", shortest=0)
    order = drafted(id, wish.from_location_id, wish.to_location_id, wish.lines, note, wish.at)
    orders.add(order)
    lines = _moved(order.lines)
    fact = TransferOrderDrafted(id, order.from_location_id, order.to_location_id, lines)
    facts.tell(fact, order.version, wish.at)
    return id


async def send_transfer(
    wish: SendTransfer, orders: TransferOrders, books: Books, facts: Facts
) -> int:
    """Book the goods out; :class:`Shortage` where too few are free. Answers the new version."""
    order = (await orders.lock(wish.transfer_order_id)).after("send", wish.version)
    await _book(order, MovementKind.TRANSFER_OUT, order.leaving(), wish, books)
    await orders.save(order)
    facts.tell(TransferOrderSent(order.id), order.version, wish.at)
    return order.version


async def receive_transfer(
    wish: ReceiveTransfer, orders: TransferOrders, books: Books, facts: Facts
) -> int:
    """Book in what has arrived; answers the new version."""
    order = (await orders.lock(wish.transfer_order_id)).after("receive", wish.version)
    order = order.arrived(order.lines if wish.lines is None else wish.lines)
    await _book(order, MovementKind.TRANSFER_IN, order.arriving(), wish, books)
    await orders.save(order)
    fact = TransferOrderReceived(order.id, _moved(order.received))
    facts.tell(fact, order.version, wish.at)
    return order.version


async def cancel_transfer(
    wish: CancelTransfer, orders: TransferOrders, books: Books, facts: Facts
) -> int:
    """Call it off; answers the new version."""
    found = await orders.lock(wish.transfer_order_id)
    order = found.after("cancel", wish.version)
    back = order.returning() if found.state is TransferState.SENT else []
    await _book(order, MovementKind.TRANSFER_IN, back, wish, books)
    await orders.save(order)
    facts.tell(TransferOrderCancelled(order.id), order.version, wish.at)
    return order.version


async def _book(
    order: TransferOrder,
    kind: MovementKind,
    deltas: list[tuple[Place, int]],
    wish: Command,
    books: Books,
) -> None:
    cause = Cause(CauseKind.TRANSFER_ORDER, order.id, order.version)
    for refusal in await books.book([Booking(kind, cause, wish.at, order.note, deltas)]):
        if refusal:
            raise refusal


def _moved(lines: tuple[GoodsLine, ...]) -> tuple[MovedStock, ...]:
    return tuple(MovedStock(line.variant_id, line.quantity) for line in lines)


HANDLERS = {
    DraftTransfer: draft_transfer,
    SendTransfer: send_transfer,
    ReceiveTransfer: receive_transfer,
    CancelTransfer: cancel_transfer,
}
