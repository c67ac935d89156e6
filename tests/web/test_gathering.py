"""Bodies on their way in take the room of their bytes, however they come."""

from __future__ import annotations

import asyncio
import tracemalloc

import pytest

from tradepost.platform.web.answer import Message
from tradepost.platform.web.gathering import SMALL_BYTES, Bodies, Gathering, NoRoomLeft

PIECES = 20_000
_SCOPE = {"headers": [(b"transfer-encoding", b"chunked")]}


def _bytewise(bodies: Bodies, count: int = PIECES) -> Gathering:
    """A body of which each byte comes by itself."""
    sent = 0

    async def receive() -> Message:
        nonlocal sent
        await asyncio.sleep(0)  # as the line brings it
        sent += 1
        return {"type": "http.request", "body": b"x", "more_body": sent < count}

    return Gathering(receive, 60, bodies)


async def test_a_body_of_single_bytes_takes_no_more_than_another() -> None:
    gathering = _bytewise(Bodies(PIECES))
    tracemalloc.start()
    try:
        assert await gathering.gather(_SCOPE)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 4 * PIECES
    whole = {"type": "http.request", "body": b"x" * PIECES, "more_body": False}
    assert await gathering() == whole


async def test_all_that_was_held_is_given_back() -> None:
    bodies = Bodies(PIECES - SMALL_BYTES)
    for _ in range(3):
        first, late = _bytewise(bodies), _bytewise(bodies, SMALL_BYTES + 1)
        assert await first.gather(_SCOPE)
        with pytest.raises(NoRoomLeft):
            await late.gather(_SCOPE)
        late.over()
        small = _bytewise(bodies, SMALL_BYTES)
        assert await small.gather(_SCOPE)
        for one in (small, first, first):
            one.over()
