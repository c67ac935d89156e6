"""A stock room for tests: its own commands, and its offers to orders wrapped as commands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from tradepost.inventory.commands.goods import AdjustStock, ReceiveStock
from tradepost.inventory.commands.hot import MarkHot
from tradepost.inventory.commands.storeroom import Storeroom
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.inventory.domain.demand import Allocation, Demand, DemandLine
from tradepost.inventory.domain.dispatch import Dispatch, DispatchLine, PutBack, Release
from tradepost.inventory.domain.known import Known
from tradepost.inventory.domain.reservations import Reservation, ReservationState
from tradepost.inventory.domain.stock import Place, Stock, StockMovement
from tradepost.inventory.ports import Assortment
from tradepost.inventory.storage import reservations, stock_movements, stocks
from tradepost.kernel.clock import SystemClock
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import (
    CartId,
    Ids,
    LocationId,
    OrderId,
    OrderLineId,
    RandomIds,
    ShipmentId,
    VariantId,
)
from tradepost.kernel.messages import Command, Scope
from tradepost.platform.bus import Bus, Wish
from tradepost.platform.db.schema import Mapper
from tradepost.platform.db.statement import Statement, scoped
from tradepost.platform.db.work import Reader, Store
from tradepost.platform.outbox import outbox
from tradepost.wiring import inventory

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Allocate(Command):
    """What ordering asks for when an order is placed."""

    demand: Demand


@dataclass(frozen=True, slots=True)
class LetGo(Command):
    """What ordering asks for when an order is cancelled."""

    release: Release


@dataclass(frozen=True, slots=True)
class Ship(Command):
    """What fulfillment asks for when goods leave."""

    dispatch: Dispatch


@dataclass(frozen=True, slots=True)
class TakeBack(Command):
    """What fulfillment asks for when goods come back."""

    put_back: PutBack


async def allocate(wishes: list[Allocate], room: Storeroom) -> list[Allocation | Refusal]:
    return list(await room.allocate([wish.demand for wish in wishes]))


async def let_go(wishes: list[LetGo], room: Storeroom) -> list[bool | Refusal]:
    return [said or True for said in await room.release([wish.release for wish in wishes])]


async def ship(wishes: list[Ship], room: Storeroom) -> list[bool | Refusal]:
    return [said or True for said in await room.ship([wish.dispatch for wish in wishes])]


async def take_back(wishes: list[TakeBack], room: Storeroom) -> list[bool | Refusal]:
    return [said or True for said in await room.put_back([wish.put_back for wish in wishes])]


_OFFERS = {Allocate: allocate, LetGo: let_go, Ship: ship, TakeBack: take_back}
_STOCKS = Mapper(Stock, stocks)
_MOVES = Mapper(StockMovement, stock_movements)
_RESERVATIONS = Mapper(Reservation, reservations)
_ALL_STOCKS = Statement(scoped(stocks, *_STOCKS.columns))
_ALL_MOVES = Statement(scoped(stock_movements, *_MOVES.columns))
_ALL_RESERVATIONS = Statement(scoped(reservations, *_RESERVATIONS.columns))
_TOLD = Statement(
    scoped(
        outbox, outbox.c.stream, outbox.c.stream_id, outbox.c.version, outbox.c.name, outbox.c.body
    ).order_by(outbox.c.id)
)


class Everything:
    """A neighbourhood where every location and every variant exists; tests/journeys has others."""

    async def known(
        self, locations: Collection[LocationId], variants: Collection[VariantId]
    ) -> Known:
        """All of them."""
        return Known(frozenset(locations), frozenset(variants))


def build(store: Store, ids: Ids | None = None) -> Bus:
    """A bus that knows the stock room alone."""
    handlers: dict[type, Any] = {**inventory.HANDLERS, **_OFFERS}
    bindings = {**inventory.BINDINGS, Assortment: lambda bound: Everything()}
    return Bus(store, handlers, bindings, ids=ids or RandomIds(), clock=SystemClock())


@dataclass(frozen=True, slots=True)
class Told:
    """A fact in the outbox."""

    stream: str
    stream_id: UUID
    version: int
    name: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Books:
    """Everything the stock room has written down."""

    stocks: dict[Place, Stock]
    movements: list[StockMovement]
    reservations: list[Reservation]
    facts: list[Told]

    def active(self) -> list[Reservation]:
        """The living reservations."""
        return [one for one in self.reservations if one.state is ReservationState.ACTIVE]

    def check(self) -> None:
        """The laws: what is on hand is the sum of movements, what is promised of reservations."""
        for place, stock in self.stocks.items():
            moved = sum(m.delta for m in self.movements if _at(m) == place)
            living = [one for one in self.active() if _at(one) == place]
            assert stock.on_hand == moved >= 0, stock
            for kind, cached in (("cart", stock.held), ("order", stock.allocated)):
                assert cached == sum(r.quantity for r in living if r.owner_kind == kind), stock
        assert {_at(one) for one in self.movements} <= self.stocks.keys()
        assert {_at(one) for one in self.reservations} <= self.stocks.keys()
        self._check_facts()

    def _check_facts(self) -> None:
        """The last level told of each place is its state, and versions only grow."""
        known: dict[Place, dict[str, Any]] = {}
        for fact in self.facts:
            for level in fact.body["levels"] if fact.name == "inventory.updated" else ():
                place = (LocationId(UUID(level["location_id"])), _variant(level))
                assert level["version"] > known.get(place, {"version": 0})["version"], level
                known[place] = level
        for place, level in known.items():
            stock = self.stocks[place]
            assert level["on_hand"] == stock.on_hand
            assert level["available"] == stock.available
            assert level["version"] == stock.version
        assert all(s.version == 0 for place, s in self.stocks.items() if place not in known)


def _at(one: StockMovement | Reservation) -> Place:
    return (one.location_id, one.variant_id)


def _variant(level: dict[str, Any]) -> VariantId:
    return VariantId(UUID(level["variant_id"]))


def _told(stream: str, stream_id: UUID, version: int, name: str, body: str) -> Told:
    return Told(stream, stream_id, version, name, msgspec.json.decode(body))


async def _books(db: Reader) -> Books:
    found = [Stock(*row) for row in await db.all(_ALL_STOCKS)]
    return Books(
        {stock.place: stock for stock in found},
        [StockMovement(*row) for row in await db.all(_ALL_MOVES)],
        [Reservation(*row) for row in await db.all(_ALL_RESERVATIONS)],
        [_told(*row) for row in await db.all(_TOLD)],
    )


class Room:
    """One tenant's stock room with the words tests speak."""

    def __init__(self, bus: Bus, scope: Scope, ids: Ids | None = None) -> None:
        self.bus = bus
        self.scope = scope
        self.ids = ids or RandomIds()
        self.main = LocationId(self.ids.new())

    async def send(self, command: Command) -> Any:
        """Send one command."""
        return await self.bus.send(self.scope, command)

    async def send_all(self, *commands: Command) -> list[Any]:
        """Send several in one work."""
        return await self.bus.send_all(self.scope, [Wish(command) for command in commands])

    async def variant(self, on_hand: int = 0, location: LocationId | None = None) -> VariantId:
        """A variant with stock."""
        variant = VariantId(self.ids.new())
        if on_hand:
            await self.receive(variant, on_hand, location)
        return variant

    async def receive(
        self, variant: VariantId, quantity: int, location: LocationId | None = None
    ) -> None:
        """Goods arrive."""
        lines = (GoodsLine(variant, quantity),)
        await self.send(ReceiveStock(location or self.main, lines, at=NOON))

    async def adjust(self, variant: VariantId, quantity: int, **named: Any) -> Any:
        """Goods are found or lost."""
        lines = (GoodsLine(variant, quantity),)
        return await self.send(AdjustStock(self.main, lines, "checked", at=NOON, **named))

    async def mark_hot(self, variant: VariantId) -> None:
        """Everybody wants it."""
        await self.send(MarkHot(variant, True, at=NOON))

    def demand(
        self,
        *lines: tuple[VariantId, int],
        locations: tuple[LocationId, ...] = (),
        cart: CartId | None = None,
        backorder: bool = False,
        at: datetime = NOON,
    ) -> Demand:
        """What an order wants."""
        wanted = tuple(DemandLine(OrderLineId(self.ids.new()), v, n, backorder) for v, n in lines)
        order = OrderId(self.ids.new())
        return Demand(order, wanted, locations or (self.main,), at, cart)

    async def order(self, *lines: tuple[VariantId, int], **named: Any) -> Allocation:
        """Place an order of these lines."""
        found: Allocation = await self.send(Allocate(self.demand(*lines, **named)))
        return found

    async def ship(self, order: Allocation, *quantities: int, days: int = 1) -> UUID:
        """Ship so many of each line; without figures all of them."""
        lines = tuple(
            DispatchLine(line.line_id, quantities[i] if quantities else line.quantity)
            for i, line in enumerate(order.lines)
            if not quantities or quantities[i]
        )
        shipment = ShipmentId(self.ids.new())
        at = NOON + timedelta(days=days)
        await self.send(Ship(Dispatch(order.order_id, shipment, lines, at)))
        return shipment

    async def books(self) -> Books:
        """Everything written down, with the laws checked."""
        books = await self.bus.ask(self.scope, _books)
        books.check()
        return books

    async def stock(self, variant: VariantId, location: LocationId | None = None) -> Stock:
        """The stock of a variant, with the laws checked."""
        return (await self.books()).stocks[(location or self.main, variant)]
