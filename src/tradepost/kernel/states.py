"""States are tables: which action leads from which state to which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from tradepost.kernel.errors import Conflict

S = TypeVar("S", bound=StrEnum)


@dataclass(eq=False)
class WrongState(Conflict):
    """A {what} that is {state} cannot {action}; from here it can: {allowed}.

    Look at its current state and choose one of the allowed actions.
    """

    what: str
    state: str
    action: str
    allowed: str


class States(Generic[S]):
    """The table of one kind of record: ``{state: {action: next state}}``."""

    def __init__(self, what: str, table: Mapping[S, Mapping[str, S]]) -> None:
        self.what = what
        self.table = table
        reached = {next(iter(table))} | {to for moves in table.values() for to in moves.values()}
        lost = set(type(next(iter(table)))) - reached
        assert not lost, f"{what}: no action leads to {sorted(lost)}"

    def after(self, state: S, action: str) -> S:
        """The state that the action leads to; :class:`WrongState` if it is not allowed here."""
        moves = self.table.get(state, {})
        if action not in moves:
            allowed = ", ".join(sorted(moves)) or "nothing"
            raise WrongState(self.what, state.value, action, allowed)
        return moves[action]

    def allows(self, state: S, action: str) -> bool:
        """Whether the action is allowed in the state."""
        return action in self.table.get(state, {})
