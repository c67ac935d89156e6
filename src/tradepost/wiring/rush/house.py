"""The usher of a process: shows wishes to their lanes, and follows the log for what moves stock."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from tradepost.catalog.storage import Articles
from tradepost.events.catalog import ProductArchived, ProductCreated, ProductUpdated
from tradepost.events.inventory import InventoryPolicyChanged, InventoryUpdated
from tradepost.events.tenancy import (
    LocationCreated,
    LocationUpdated,
    StoreUpdated,
    TenantChanged,
    TenantStateChanged,
)
from tradepost.inventory.commands.hot import WarmUp
from tradepost.kernel.errors import Refusal
from tradepost.kernel.ids import TenantId
from tradepost.kernel.messages import SYSTEM, Scope, Told
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.errors import SoldOut
from tradepost.platform.bus import Bus
from tradepost.platform.consumers.follower import FollowerRunner
from tradepost.platform.db.errors import StoreError
from tradepost.platform.db.work import Reader
from tradepost.platform.facts import FactBook
from tradepost.platform.granting import Stamped
from tradepost.platform.idempotency import REPLAYED, AskedId
from tradepost.platform.relay.sequencer import last_seq
from tradepost.platform.relay.tail import LogTail
from tradepost.platform.wake import rest
from tradepost.tenancy.domain.settings import HoldStart, TenantSettings
from tradepost.wiring.rush.figures import RushFigures
from tradepost.wiring.rush.gate import Gate, sheddable
from tradepost.wiring.rush.hot import HotArticles
from tradepost.wiring.rush.interest import Interest
from tradepost.wiring.rush.keys import KnownKeys
from tradepost.wiring.tenancy import Directory

HOT = "hot"
"""The part of a lane that hot articles have for themselves."""
LOOK_S = 0.5
"""How often demand is looked at."""
_MOVING = (InventoryUpdated, InventoryPolicyChanged)
_SELLING = (
    ProductCreated,
    ProductUpdated,
    ProductArchived,
    LocationCreated,
    LocationUpdated,
    StoreUpdated,
    TenantChanged,
    TenantStateChanged,
)
_BOOK = FactBook(_MOVING + _SELLING)
_log = structlog.get_logger("tradepost.rush")


@dataclass(frozen=True, slots=True)
class RushLimits:
    """How long an article may be taken for sold out without asking; 0 keeps the gate open."""

    shed_s_max: float = 2.0


class Rush:
    """Answers the lanes' ``Usher``; a :class:`Follower` of the log while :meth:`follow` runs."""

    name = "rush"
    facts = frozenset(fact.name for fact in _MOVING + _SELLING)

    def __init__(
        self,
        bus: Bus,
        directory: Directory,
        interest: Interest,
        limits: RushLimits,
        figures: RushFigures,
    ) -> None:
        self.gate = Gate(limits.shed_s_max, figures)
        self.hot = HotArticles(bus.store, figures)
        self._bus = bus
        self._directory = directory
        self._interest = interest
        interest.too_much_held = figures.too_much_held.inc
        self._keys = KnownKeys(bus)
        self._figures = figures
        self._follows = False
        self._inside: set[AskedId] = set()
        self._learning: set[asyncio.Task[None]] = set()

    async def before(self, wish: Stamped) -> str | Refusal:
        """The lane's part for an order; or the refusal of one that cannot be served now."""
        command = wish.command
        if not isinstance(command, PlaceOrder):
            return ""
        refusal = await self._hopeless(command, wish)
        if refusal is not None:
            self._figures.shed.inc()
            self._interest.note(command.by.tenant_id, self.gate.variants_of(command))
            return refusal
        basket = command.basket
        part = ""
        if await self.hot.wanted(command.by.tenant_id, basket.lines, basket.cart_id):
            self._figures.hot_wishes.inc()
            part = HOT
        if wish.id is not None:
            self._inside.add(wish.id)
        return part

    def after(self, wish: Stamped, answer: Any, since: float) -> None:
        """Shut the gate behind the last unit; what was kept says nothing about now."""
        if wish.id is not None:
            self._inside.discard(wish.id)
        command = wish.command
        if (
            isinstance(answer, SoldOut)
            and not REPLAYED.get()
            and isinstance(command, PlaceOrder)
            and self._follows
            and not answer.available
            and sheddable(command)
            and not self._holds_at_cart(command.by.tenant_id)
        ):
            learning = asyncio.create_task(self._shut(command, answer, since))
            self._learning.add(learning)
            learning.add_done_callback(self._learning.discard)

    async def _hopeless(self, command: PlaceOrder, wish: Stamped) -> Refusal | None:
        """The refusal of a wish that nobody has granted or is about to grant."""
        if self.gate.refusal_of(command) is None or not sheddable(command):
            return None
        if wish.id in self._inside or await self._keys.has(wish):
            return None
        # a fact may have opened the gate while the key was looked up
        return self.gate.refusal_of(command)

    async def _shut(self, command: PlaceOrder, answer: SoldOut, since: float) -> None:
        tenant_id = command.by.tenant_id
        if not self.gate.knows(tenant_id, answer.sku):

            async def look(db: Reader) -> None:
                found = await Articles(db).by_skus([answer.sku])
                for one in found.values():
                    self.gate.learn(tenant_id, one.sku, one.variant_id)

            try:
                await self._bus.store.read(tenant_id, look)
            except (StoreError, Refusal) as error:
                _log.warning("a gate stays open", error=repr(error))
                return
        self.gate.shut(command, answer, since)

    def _holds_at_cart(self, tenant_id: TenantId) -> bool:
        """Whether stock may come free without a fact: a hold that ran out counts from then on."""
        return self._settings(tenant_id).hold_starts is HoldStart.CART

    def _settings(self, tenant_id: TenantId) -> TenantSettings:
        return self._directory.profile(tenant_id).settings

    async def follow(self, tail: LogTail, stop: asyncio.Event) -> None:
        """Follow a tail that runs, until told to stop; the gate is shut only while this runs."""
        looking = asyncio.create_task(self._look_at_interest(stop))
        try:
            await FollowerRunner(self, tail, _BOOK).run(stop)
        finally:
            await looking
            self._follows = False
            self.gate.forget_all()

    async def _look_at_interest(self, stop: asyncio.Event) -> None:
        """Have those articles marked that many want."""
        while not stop.is_set():
            try:
                await self._warm_up()
            except (StoreError, Refusal) as error:
                _log.warning("an article was not made hot", error=repr(error))
            await rest(stop, LOOK_S)

    async def _warm_up(self) -> None:
        for tenant_id, variant_id in self._interest.looked_at(self._settings, self.hot.has):
            scope = Scope(tenant_id, SYSTEM, reason="many want it")
            await self._bus.send(scope, WarmUp(variant_id))
            self._figures.warmed.inc()

    async def position(self) -> int:
        """Nothing that is known is older than this: whatever was known is forgotten."""
        newest = await self._bus.store.relay_read(last_seq)
        self.gate.forget_all()
        self._follows = True
        return newest

    async def take(self, told: Sequence[Told[Any]], reached: int) -> None:
        """Open the gates of what has moved."""
        for one in told:
            self._heed(one)

    def _heed(self, told: Told[Any]) -> None:
        match told.fact:
            case InventoryUpdated() as fact:
                there = [level.variant_id for level in fact.levels if level.available > 0]
                self.gate.moved(told.tenant_id, there)
            case InventoryPolicyChanged() as fact:
                self.gate.moved(told.tenant_id, [line.variant_id for line in fact.lines])
                self.hot.changed(told.tenant_id)
            case _:
                self.gate.forget(told.tenant_id)
                self.hot.changed(told.tenant_id)
