"""What handlers and queries are given by type: ports, repositories, clock, ids, the actor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar, cast

from tradepost.kernel.clock import Clock
from tradepost.kernel.ids import Ids
from tradepost.kernel.messages import Actor, Command, Facts, Scope
from tradepost.platform.db.work import Reader, Work
from tradepost.platform.outbox import OutboxFacts

T = TypeVar("T")


class Room(Protocol):
    """What the bus lends to all works."""

    bindings: Bindings
    ids: Ids
    clock: Clock

    async def grant(self, work: Work, scope: Scope, commands: Sequence[Command]) -> list[Any]:
        """Grant commands of one kind in a work that somebody else commits; answers each."""
        ...


class Bound:
    """What one work offers: ports and repositories by type, made once and kept."""

    def __init__(self, bus: Room, work: Reader, scope: Scope) -> None:
        # a query's reader stands in for a work: what a port would write with is not there
        self.work = cast(Work, work)
        self.scope = scope
        self.ids = bus.ids
        self._room = bus
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

    async def grant(self, by: Scope, *commands: Command) -> list[Any]:
        """Have neighbours grant commands of one kind inside this work, wished by somebody.

        What a door does as one, others do in parts: a sale at the counter is an order placed, paid,
        handed over and completed. Commands say their own ``at``.

        :raises Refusal: the first there is, upon which the whole work has to be undone.
        """
        return await self._room.grant(self.work, by, commands)


Bindings = Mapping[type, Callable[[Bound], Any]]
