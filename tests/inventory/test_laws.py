"""The laws of the stock room under any sequence of commands, next to a model of a few lines."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests import stores
from tests.inventory.room import NOON, Allocate, LetGo, Room, Ship, TakeBack, build
from tradepost.inventory.commands.carts import (
    GrantReservations,
    HoldForCart,
    ReleaseCart,
    RequestReservation,
)
from tradepost.inventory.commands.counts import CloseCount, Counted, RecordCount, StartCount
from tradepost.inventory.commands.expiry import ExpireHolds
from tradepost.inventory.commands.goods import AdjustStock, ReceiveStock
from tradepost.inventory.domain.bookings import GoodsLine
from tradepost.inventory.domain.demand import Allocation
from tradepost.inventory.domain.dispatch import (
    Dispatch,
    DispatchLine,
    PutBack,
    PutBackLine,
    Release,
)
from tradepost.inventory.domain.holds import CartHold, HoldLine, HoldTerms
from tradepost.inventory.domain.stock import Place
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import (
    CartId,
    CartLineId,
    LocationId,
    OrderId,
    OrderLineId,
    RandomIds,
    ReturnId,
    ShipmentId,
    TenantId,
    VariantId,
    uuid_of,
)
from tradepost.kernel.messages import SYSTEM, Command, Scope
from tradepost.platform.db.postgres import PostgresStore
from tradepost.platform.db.work import Store

T = TypeVar("T")
TERMS = HoldTerms(minutes=10)
which = st.integers(0, 1)
few = st.integers(1, 4)


class NumberedIds:
    """The same identifiers in every run, so that a sequence can be repeated."""

    def __init__(self) -> None:
        self._last = 0

    def new(self) -> UUID:
        self._last += 1
        return uuid_of(self._last)


@dataclass
class Held:
    """What a cart line holds in the model: units by place, and until when."""

    units: dict[Place, int]
    until: datetime


@dataclass
class Model:
    """What must be true, kept in plain dictionaries."""

    on_hand: dict[Place, int] = field(default_factory=dict)
    carts: dict[tuple[CartId, VariantId], Held] = field(default_factory=dict)
    orders: dict[tuple[OrderId, OrderLineId], dict[Place, int]] = field(default_factory=dict)

    def held(self, place: Place) -> int:
        return sum(one.units.get(place, 0) for one in self.carts.values())

    def allocated(self, place: Place) -> int:
        return sum(units.get(place, 0) for units in self.orders.values())

    def free(self, place: Place) -> int:
        return self.on_hand.get(place, 0) - self.held(place) - self.allocated(place)

    def can_have(
        self, variant: VariantId, quantity: int, cart: CartId, places: list[Place]
    ) -> bool:
        own = self.carts.get((cart, variant), Held({}, NOON)).units
        return sum(max(0, self.free(p) + own.get(p, 0)) for p in places) >= quantity

    def free_expired(self, variants: set[VariantId], cart: CartId | None, now: datetime) -> None:
        for key in [k for k, one in self.carts.items() if one.until <= now]:
            if key[1] in variants and key[0] != cart:
                del self.carts[key]


class Stockroom(RuleBasedStateMachine):
    """Two variants at two locations, two carts, small figures: everything collides."""

    def __init__(self, loop: asyncio.AbstractEventLoop, store: Store) -> None:
        super().__init__()
        self.loop = loop
        ids = NumberedIds()
        self.room = Room(build(store, ids), Scope(TenantId(RandomIds().new()), SYSTEM), ids)
        self.places = (self.room.main, LocationId(self.room.ids.new()))
        self.variants = (VariantId(self.room.ids.new()), VariantId(self.room.ids.new()))
        self.carts = (CartId(self.room.ids.new()), CartId(self.room.ids.new()))
        self.lines = {v: CartLineId(self.room.ids.new()) for v in self.variants}
        self.model = Model()
        self.now = NOON
        self.version = 0

    def run(self, job: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(job)

    def send(self, command: Command) -> Any:
        try:
            return self.run(self.room.send(command))
        except Refusal as refusal:
            return refusal

    def of(self, variant: VariantId) -> list[Place]:
        return [(place, variant) for place in self.places]

    @initialize(quantities=st.tuples(*[st.integers(0, 6)] * 4))
    def fill(self, quantities: tuple[int, int, int, int]) -> None:
        for number, quantity in enumerate(quantities):
            if quantity:
                self.receive(number // 2, number % 2, quantity)

    @rule(data=st.data(), place=which, variant=which, quantity=few)
    def goods(self, data: st.DataObject, place: int, variant: int, quantity: int) -> None:
        kind = data.draw(st.sampled_from(["receive", "lose", "waste", "count", "return", "torn"]))
        if kind == "receive":
            self.receive(place, variant, quantity)
        elif kind in ("lose", "waste"):
            self.lose(place, variant, quantity, wasted=kind == "waste")
        elif kind == "count":
            self.count(place, variant, quantity - 1)
        else:
            self.come_back(place, variant, quantity, restock=kind == "return")

    def receive(self, place: int, variant: int, quantity: int) -> None:
        at = (self.places[place], self.variants[variant])
        self.send(ReceiveStock(at[0], (GoodsLine(at[1], quantity),), at=self.now))
        self.model.on_hand[at] = self.model.on_hand.get(at, 0) + quantity

    def lose(self, place: int, variant: int, quantity: int, *, wasted: bool) -> None:
        at = (self.places[place], self.variants[variant])
        lines = (GoodsLine(at[1], -quantity),)
        said = self.send(AdjustStock(at[0], lines, "lost", wasted, at=self.now))
        there = self.model.on_hand.get(at, 0)
        assert isinstance(said, Refusal) == (quantity > there)
        if quantity <= there:
            self.model.on_hand[at] = there - quantity

    def count(self, place: int, variant: int, counted: int) -> None:
        at = (self.places[place], self.variants[variant])
        id = self.send(StartCount(at[0], at=self.now))
        self.send(RecordCount(id, (Counted(at[1], counted),), at=self.now))
        assert self.send(CloseCount(id, at=self.now)) == 3
        self.model.on_hand[at] = counted

    @precondition(lambda self: self.model.carts)
    @rule(minutes=st.integers(1, 12))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.model.carts)
    @rule(data=st.data(), more=st.integers(0, 1))
    def order_from_a_cart(self, data: st.DataObject, more: int) -> None:
        id, _ = data.draw(st.sampled_from(list(self.model.carts)))
        units = [sum(self._units(id, v).values()) for v in self.variants]
        if units[0] + more:
            self.buy(units[0] + more, units[1], self.carts.index(id), [0, 1])

    @rule(first=few, second=st.integers(0, 3), cart=st.none() | which, both=st.permutations([0, 1]))
    def order(self, first: int, second: int, cart: int | None, both: list[int]) -> None:
        self.buy(first, second, cart, both)

    def buy(self, first: int, second: int, cart: int | None, both: list[int]) -> None:
        wanted = {self.variants[0]: first}
        lines = [(self.variants[0], first)]
        if second:
            wanted[self.variants[1]] = second
            lines += [(self.variants[1], 1)] * second
        chosen = CartId(self.room.ids.new()) if cart is None else self.carts[cart]
        locations = tuple(self.places[i] for i in both)
        demand = self.room.demand(*lines, locations=locations, cart=chosen, at=self.now)
        said = self.send(Allocate(demand, at=self.now))
        model = self.model
        fits = all(model.can_have(v, n, chosen, self.of(v)) for v, n in wanted.items())
        if not fits:
            model.free_expired(set(wanted), chosen, self.now)
            fits = all(model.can_have(v, n, chosen, self.of(v)) for v, n in wanted.items())
        assert isinstance(said, Allocation) == fits, said
        if isinstance(said, Allocation):
            for variant in self.variants:
                model.carts.pop((chosen, variant), None)
            for line in said.lines:
                units = model.orders.setdefault((said.order_id, line.line_id), {})
                units[(line.location_id, line.variant_id)] = line.quantity

    @precondition(lambda self: any(self.model.orders.values()))
    @rule(data=st.data(), back=st.booleans())
    def ship_or_let_go(self, data: st.DataObject, back: bool) -> None:
        living = [key for key, units in self.model.orders.items() if units]
        key = data.draw(st.sampled_from(living))
        place = data.draw(st.sampled_from(list(self.model.orders[key])))
        allocated = self.model.orders[key][place]
        quantity = data.draw(st.integers(1, allocated + 1))
        (order, line), at = key, self.now
        there = self.model.on_hand[place]
        if back:
            quantity = min(quantity, allocated)
            whole = sum(self.model.orders[key].values())
            said = self.send(LetGo(Release(order, at, None, ((line, whole),)), at=at))
            assert said is True
            self.model.orders[key] = {}
            return
        lines = (DispatchLine(line, quantity, place[0]),)
        said = self.send(Ship(Dispatch(order, ShipmentId(self.room.ids.new()), lines, at), at=at))
        assert isinstance(said, Refusal) == (quantity > allocated or quantity > there), said
        if said is True:
            self.model.on_hand[place] -= quantity
            self.model.orders[key][place] -= quantity
            if not self.model.orders[key][place]:
                del self.model.orders[key][place]

    def come_back(self, place: int, variant: int, quantity: int, *, restock: bool) -> None:
        at = (self.places[place], self.variants[variant])
        lines = (PutBackLine(at[1], at[0], quantity, restock),)
        self.send(TakeBack(PutBack(ReturnId(self.room.ids.new()), lines, self.now), at=self.now))
        self.model.on_hand[at] = self.model.on_hand.get(at, 0) + quantity * restock

    @rule(cart=which, variant=which, quantity=st.integers(0, 4), now=st.booleans())
    def hold(self, cart: int, variant: int, quantity: int, now: bool) -> None:
        id, wanted = self.carts[cart], self.variants[variant]
        line = HoldLine(self.lines[wanted], wanted, quantity)
        self.version += 1
        if now:
            wish = CartHold(id, self.version, (line,), self.places, TERMS, self.now)
            self.send(HoldForCart(wish, at=self.now))
        else:
            others = [
                HoldLine(self.lines[v], v, sum(self.model.carts[(id, v)].units.values()))
                for v in self.variants
                if v != wanted and (id, v) in self.model.carts
            ]
            lines = tuple(one for one in [line, *others] if one.quantity)
            wish = CartHold(id, self.version, lines, self.places, TERMS, self.now)
            self.send(RequestReservation(wish, at=self.now))
            self.send(GrantReservations(at=self.now))
        self._held(id, wanted, quantity, now)

    def _held(self, id: CartId, variant: VariantId, quantity: int, at_once: bool) -> None:
        """Take over where the stock room put the hold; whether it could is the model's word."""
        before = dict(self.model.carts)
        model, mine = self.model, self.model.carts.get((id, variant))
        if mine and sum(mine.units.values()) == quantity:
            return self._adopt(id, variant)
        if not model.can_have(variant, quantity, id, self.of(variant)):
            model.free_expired({variant}, id, self.now)
        if model.can_have(variant, quantity, id, self.of(variant)):
            self._adopt(id, variant)
            assert sum(self._units(id, variant).values()) == quantity
        elif at_once:
            model.carts = before  # a refusal undoes what was freed in passing
        return None

    def _adopt(self, id: CartId, variant: VariantId) -> None:
        self.model.carts.pop((id, variant), None)
        books = self.run(self.room.books())
        mine = [r for r in books.active() if (r.owner_id, r.variant_id) == (id, variant)]
        if mine:
            until = {r.expires_at for r in mine}
            assert len(until) == 1
            last = until.pop()
            assert last is not None
            units = {(r.location_id, r.variant_id): r.quantity for r in mine}
            self.model.carts[(id, variant)] = Held(units, last)

    def _units(self, id: CartId, variant: VariantId) -> dict[Place, int]:
        return self.model.carts.get((id, variant), Held({}, NOON)).units

    @precondition(lambda self: self.model.carts)
    @rule(cart=which)
    def release_cart(self, cart: int) -> None:
        id = self.carts[cart]
        expected = sum(sum(self._units(id, v).values()) for v in self.variants)
        assert self.send(ReleaseCart(id, at=self.now)) == expected
        for variant in self.variants:
            self.model.carts.pop((id, variant), None)

    @precondition(lambda self: any(one.until <= self.now for one in self.model.carts.values()))
    @rule()
    def sweep(self) -> None:
        self.send(ExpireHolds(at=self.now))
        self.model.free_expired(set(self.variants), None, self.now)

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        books = self.run(self.room.books())
        for place, stock in books.stocks.items():
            model = self.model
            expected = (model.on_hand.get(place, 0), model.held(place), model.allocated(place))
            assert (stock.on_hand, stock.held, stock.allocated) == expected, place
        short = {fact.body["variant_id"] for fact in books.facts if fact.name == "inventory.short"}
        for place, stock in books.stocks.items():
            if stock.on_hand < stock.allocated:
                assert str(place[1]) in short


@pytest.fixture(params=["sqlite", "postgresql"])
def shelves(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[asyncio.AbstractEventLoop, Store, int]]:
    """A store on an event loop of its own, and how many sequences it is tried with."""
    loop = asyncio.new_event_loop()
    made: Store
    if request.param == "sqlite":
        made = loop.run_until_complete(stores.sqlite_store(tmp_path / "store.sqlite"))
    else:
        _, app, relay = request.getfixturevalue("postgres_schema")
        made = loop.run_until_complete(PostgresStore.open(app, relay, pool_size_max=2))
    yield loop, made, 60 if request.param == "sqlite" else 8
    loop.run_until_complete(made.close())
    loop.close()


def test_the_laws_hold(shelves: tuple[asyncio.AbstractEventLoop, Store, int]) -> None:
    loop, store, sequences = shelves

    class Here(Stockroom):
        def __init__(self) -> None:
            super().__init__(loop, store)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
