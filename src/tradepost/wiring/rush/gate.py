"""The gate: whoever wants what is known to be sold out is told so before a transaction begins.

It is never the truth. It repeats what the store has just answered to a wish of the same manner,
until a fact moves that stock or the answer is too old.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tradepost.kernel.codes import folded
from tradepost.kernel.ids import TenantId, VariantId
from tradepost.ordering.commands import PlaceOrder
from tradepost.ordering.domain import Channel, Wanted
from tradepost.ordering.errors import SoldOut
from tradepost.platform.fresh import Seconds
from tradepost.wiring.rush.figures import RushFigures

SHUT_MAX = 10_000
"""Gates of one process; more articles than that are sold out without one."""
Manner = tuple[object, ...]
"""How something was wished: what else the answer may depend on."""
_Key = tuple[TenantId, VariantId]


@dataclass(slots=True)
class _Shut:
    """An article that is sold out: since when, and to which manners of wishing that was said."""

    sku: str
    until: float
    manners: set[Manner] = field(default_factory=set)


class Gate:
    """What this process knows to be sold out."""

    def __init__(
        self, age_max_s: float, figures: RushFigures, seconds: Seconds = time.monotonic
    ) -> None:
        self._age_max_s = age_max_s
        self._figures = figures
        self._seconds = seconds
        self._shut: dict[_Key, _Shut] = {}
        self._moved: dict[_Key, float] = {}
        self._all_moved = seconds()
        self._skus: dict[tuple[TenantId, str], VariantId] = {}

    def variant_of(self, tenant_id: TenantId, line: Wanted) -> VariantId | None:
        """The article that a line names, as far as it has ever been looked up here."""
        return line.variant_id or self._skus.get((tenant_id, folded(line.sku or "")))

    def variants_of(self, wish: PlaceOrder) -> list[VariantId]:
        """The articles that a wish names, those that are known."""
        return [variant_id for variant_id, _ in self._named(wish)]

    def knows(self, tenant_id: TenantId, sku: str) -> bool:
        """Whether it is known which article a SKU names."""
        return (tenant_id, folded(sku)) in self._skus

    def learn(self, tenant_id: TenantId, sku: str, variant_id: VariantId) -> None:
        """Know which article a SKU names."""
        if len(self._skus) >= SHUT_MAX:
            self._skus.clear()
        self._skus[tenant_id, folded(sku)] = variant_id

    def refusal_of(self, wish: PlaceOrder) -> SoldOut | None:
        """What the store would say: the first article that is sold out to wishes like this."""
        if not self._shut:
            return None
        tenant_id = wish.by.tenant_id
        for variant_id, line in self._named(wish):
            shut = self._shut.get((tenant_id, variant_id))
            if shut is None or manner_of(wish, line) not in shut.manners:
                continue
            if shut.until > self._seconds():
                return SoldOut(shut.sku, line.quantity, 0)
            self._open((tenant_id, variant_id))
        return None

    def shut(self, wish: PlaceOrder, answer: SoldOut, since: float) -> None:
        """Remember an answer to a wish that came at ``since``, unless stock has moved meanwhile."""
        tenant_id = wish.by.tenant_id
        if answer.available or self._all_moved >= since or len(self._shut) >= SHUT_MAX:
            return
        gone = self._skus.get((tenant_id, folded(answer.sku)))
        for variant_id, line in self._named(wish):
            key = (tenant_id, variant_id)
            if variant_id != gone or self._moved.get(key, since - 1) >= since:
                continue
            shut = self._shut.setdefault(key, _Shut(answer.sku, 0.0))
            shut.until = since + self._age_max_s
            shut.manners.add(manner_of(wish, line))
        self._figures.gates_shut.set(len(self._shut))

    def moved(self, tenant_id: TenantId, variants: Iterable[VariantId]) -> None:
        """There is something of these again, or they may be promised in another way."""
        now = self._seconds()
        if len(self._moved) >= SHUT_MAX:
            self._moved.clear()
            self._all_moved = now
        for variant_id in variants:
            self._moved[tenant_id, variant_id] = now
            self._open((tenant_id, variant_id))

    def forget(self, tenant_id: TenantId) -> None:
        """Where or how a shop sells has changed: open all its gates."""
        self._skus = {key: one for key, one in self._skus.items() if key[0] != tenant_id}
        self.moved(tenant_id, [key[1] for key in self._shut if key[0] == tenant_id])

    def forget_all(self) -> None:
        """Nobody can tell what has moved: open all gates."""
        self._all_moved = self._seconds()
        self._shut.clear()
        self._skus.clear()
        self._figures.gates_shut.set(0)

    def _named(self, wish: PlaceOrder) -> Iterator[tuple[VariantId, Wanted]]:
        for line in wish.basket.lines:
            variant_id = self.variant_of(wish.by.tenant_id, line)
            if variant_id is not None:
                yield variant_id, line

    def _open(self, key: _Key) -> None:
        if self._shut.pop(key, None) is not None:
            self._figures.gates_opened.inc()
            self._figures.gates_shut.set(len(self._shut))


def sheddable(wish: PlaceOrder) -> bool:
    """Whether a wish is plain enough for the gate: a shopper's own, naming each article once.

    A cart may hold what it wants, or be ordered already.
    """
    basket = wish.basket
    names = [line.variant_id or folded(line.sku or "") for line in basket.lines]
    return (
        basket.cart_id is None
        and basket.order_id is None
        and basket.external_code is None
        and basket.channel is Channel.WEB
        and all(line.agreed_price_micros is None for line in basket.lines)
        and len(set(names)) == len(names)
    )


def manner_of(wish: PlaceOrder, line: Wanted) -> Manner:
    """What is looked at before stock is: a wish that fails there is told about that."""
    basket, actor = wish.basket, wish.by.actor
    to = basket.ship_to
    return (
        line.quantity,
        actor.kind,
        basket.customer_id is None,
        basket.email is None,
        basket.delivery,
        basket.payment_method,
        to and to.country,
    )
