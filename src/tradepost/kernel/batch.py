"""A batch of members on their way through steps that may refuse single ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tradepost.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Settled:
    """A member that is answered already and takes no more steps."""

    answer: Any


class Batch:
    """Keeps the order of arrival: a refused member's refusal stands in its place to the end."""

    def __init__(self, members: Iterable[Any]) -> None:
        self.members: list[Any] = list(members)

    @property
    def live(self) -> list[Any]:
        """The members that are neither refused nor settled yet, in order."""
        return [one for one in self.members if not isinstance(one, (Refusal, Settled))]

    @property
    def answers(self) -> list[Any]:
        """What every member came to, in order of arrival."""
        return [one.answer if isinstance(one, Settled) else one for one in self.members]

    def each(self, step: Callable[[Any], Any]) -> list[Any]:
        """Take every live member one step further; a refusal raised becomes its answer."""
        for place, member in enumerate(self.members):
            if not isinstance(member, (Refusal, Settled)):
                try:
                    self.members[place] = step(member)
                except Refusal as refusal:
                    self.members[place] = refusal
        return self.live

    def pair(self, others: Iterable[Any], step: Callable[[Any, Any], Any]) -> list[Any]:
        """As :meth:`each`, every live member with one of ``others``, in order."""
        pairs = zip(self.live, others, strict=True)
        return self.each(lambda _: step(*next(pairs)))

    def take(self, outcomes: Sequence[Any]) -> list[Any]:
        """Put the outcomes of a step for all live members in their places."""
        coming = iter(outcomes)
        self.members = [
            one if isinstance(one, (Refusal, Settled)) else next(coming) for one in self.members
        ]
        assert next(coming, None) is None, "more outcomes than members"
        return self.live
