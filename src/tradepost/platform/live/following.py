"""Who follows which document of the log: one reader of the log a process, many listeners.

What a listener has not taken yet waits in its :class:`Box`, which holds so much and no more:
whoever is too slow has to go, and nobody waits for them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec

from tradepost.kernel.ids import TenantId
from tradepost.platform.feed import FactView
from tradepost.platform.relay.log import Logged

WAITING_MAX = 256
"""Facts that wait for one listener."""
Key = tuple[TenantId, UUID]


class FactFrame(msgspec.Struct, frozen=True, tag_field="type", tag="fact"):
    """A fact as those who follow its document are told it; ``version`` is the document's."""

    seq: int
    name: str
    schema: int
    version: int
    at: Any
    body: Any

    @classmethod
    def of(cls, fact: Logged | FactView) -> FactFrame:
        """From a row of the log, or from the feed."""
        if isinstance(fact, FactView):
            at, body = fact.happened_at, fact.body
        else:
            at, body = fact.at, msgspec.json.decode(fact.body)
        return cls(fact.seq, fact.name, fact.schema, fact.version, at, body)


class Closed(Exception):
    """Nobody takes anything out of the box any more, or too slowly."""


class Box:
    """What waits for one listener: facts in their order, and the newest message of the moment.

    ``on_full`` is called once, when there is no room for a fact; the box is closed then.
    """

    __slots__ = ("_arrived", "_closed", "_facts", "_moment", "_most", "_on_full")

    def __init__(self, on_full: Callable[[], None], most: int = WAITING_MAX) -> None:
        self._facts: deque[tuple[FactFrame, bytes]] = deque()
        self._moment: bytes | None = None
        self._arrived = asyncio.Event()
        self._closed = False
        self._most = most
        self._on_full = on_full

    def put(self, frame: FactFrame, encoded: bytes) -> None:
        """Have a fact wait."""
        if self._closed:
            return
        if len(self._facts) >= self._most:
            self.close()
            self._on_full()
            return
        self._facts.append((frame, encoded))
        self._arrived.set()

    def hear(self, payload: bytes) -> None:
        """Have a message of the moment wait, in place of the one before."""
        self._moment = payload
        self._arrived.set()

    def close(self) -> None:
        """Take nothing in any more, and forget what waits."""
        self._closed = True
        self._facts.clear()
        self._arrived.set()

    async def next(self, seconds: float) -> tuple[FactFrame | None, bytes] | None:
        """A fact with its text, or the text of a message of the moment; none after so long.

        :raises Closed: if it is.
        """
        if not self._arrived.is_set():
            try:
                async with asyncio.timeout(seconds):
                    await self._arrived.wait()
            except TimeoutError:
                return None
        if self._closed:
            raise Closed
        found: tuple[FactFrame | None, bytes]
        if self._facts:
            found = self._facts.popleft()
        else:
            assert self._moment is not None
            found, self._moment = (None, self._moment), None
        if not (self._facts or self._moment):
            self._arrived.clear()
        return found


class Following:
    """Hands what the log's tail has read to those who follow its documents."""

    def __init__(self) -> None:
        self._boxes: dict[Key, set[Box]] = {}

    def see(self, rows: Sequence[Logged]) -> None:
        """Facts that have come, in the order of the log."""
        if not self._boxes:
            return
        for row in rows:
            boxes = self._boxes.get((row.tenant_id, row.stream_id))
            if boxes:
                frame = FactFrame.of(row)
                encoded = msgspec.json.encode(frame)
                for box in boxes:
                    box.put(frame, encoded)

    @contextmanager
    def follow(self, tenant_id: TenantId, document_id: UUID, box: Box) -> Iterator[None]:
        """Have a document's facts put into a box while the block lasts."""
        key = (tenant_id, document_id)
        boxes = self._boxes.setdefault(key, set())
        boxes.add(box)
        try:
            yield
        finally:
            boxes.discard(box)
            if not boxes and self._boxes.get(key) is boxes:
                del self._boxes[key]

    def __len__(self) -> int:
        return sum(map(len, self._boxes.values()))
