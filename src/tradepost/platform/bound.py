"""What handlers and queries are given by type: ports, repositories, clock, ids, the actor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar, cast

from tradepost.kernel.clock import Clock
from tradepost.kernel.ids import Ids
from tradepost.kernel.messages import Actor, Facts, Scope
from tradepost.platform.db.work import Reader, Work
from tradepost.platform.outbox import OutboxFacts

T = TypeVar("T")


class Room(Protocol):
    """What the bus lends to all works."""

    bindings: Bindings
    ids: Ids
    clock: Clock


class Bound:
    """What one work offers: ports and repositories by type, made once and kept."""

    def __init__(self, bus: Room, work: Reader, scope: Scope) -> None:
        # a query's reader stands in for a work: what a port would write with is not there
        self.work = cast(Work, work)
        self.scope = scope
        self.ids = bus.ids
        self._makers = bus.bindings
        self._made: dict[type, Any] = {
            Actor: scope.actor,
            Scope: scope,
            Ids: bus.ids,
            Clock: bus.clock,
            Work: self.work,
            Facts: OutboxFacts(self.work, scope, bus.ids),
        }

    @property
    def facts(self) -> Facts:
        """Where this work's facts are told."""
        facts: Facts = self._made[Facts]
        return facts

    def get(self, wanted: type[T]) -> T:
        """What answers a port, bound to this work."""
        found = self._made.get(wanted)
        if found is None:
            found = self._made[wanted] = self._makers[wanted](self)
        answer: T = found
        return answer


Bindings = Mapping[type, Callable[[Bound], Any]]
