"""What a consumer asks of whatever brings it the facts of its shards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tradepost.kernel.errors import Unavailable
from tradepost.platform.db.work import Store
from tradepost.platform.relay.log import Logged
from tradepost.platform.relay.tail import LogTail


@dataclass(eq=False)
class TransportDown(Unavailable):
    """The transport of facts cannot be reached: {why}.

    Nothing is lost; facts wait in the log and consumers go on when it is back.
    """

    why: str
    retry_after_s: int = 5


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts in the order of their numbers inside each shard, and up to where they are complete.

    Every fact of a shard up to ``reached`` is among them or stood at or below the position asked
    for. Facts at or below that position may come again.
    """

    facts: list[Logged]
    reached: Mapping[int, int]


class Intake(Protocol):
    """Brings one consumer its facts; whatever it promises, consumers bear duplicates."""

    async def fetch(self, positions: Mapping[int, int], limit: int, wait_s: float) -> Batch:
        """What follows the positions of the shards; waits for it, at most so long.

        :raises TransportDown: if the transport cannot be reached.
        """
        ...

    def again(self) -> None:
        """What was fetched has not had its effect: bring it once more."""
        ...

    async def done(self, reached: Mapping[int, int]) -> None:
        """Everything up to these numbers has had its effect; never raises."""
        ...

    async def close(self) -> None:
        """Let go of what is held."""
        ...


class Transport(Protocol):
    """Passes the log on, and makes the intake of each consumer."""

    async def open(self) -> None:
        """See at the start that it is fit for its work; refuse if not."""
        ...

    def intake(self, consumer: str) -> Intake:
        """The intake of a consumer in this process."""
        ...

    async def run(self, stop: asyncio.Event) -> None:
        """Pass the log on until told to stop."""
        ...

    async def drain(self) -> None:
        """Pass on all that is in the log now."""
        ...

    async def close(self) -> None:
        """Let go of what is held."""
        ...


MakeTransport = Callable[[Store, LogTail], Transport]
