"""Head and body leave as one piece; what is written in another turn of the loop leaves then."""

from __future__ import annotations

import asyncio
from typing import Any

from tradepost.platform.web.corked import WAITING_BYTES_MAX, Corked


class Pieces(asyncio.Transport):
    """The other end of a line: what came over it, piece by piece."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 5)})
        self.came: list[bytes] = []
        self.over = False

    def write(self, data: Any) -> None:
        self.came.append(bytes(data))

    def close(self) -> None:
        self.over = True

    def is_closing(self) -> bool:
        return self.over


async def test_what_is_written_in_one_turn_leaves_as_one_piece() -> None:
    line = Pieces()
    corked = Corked(line, asyncio.get_running_loop())
    corked.write(b"head")
    corked.write(b"body")
    assert line.came == []
    await asyncio.sleep(0)
    assert line.came == [b"headbody"]
    corked.write(b"more")
    await asyncio.sleep(0)
    assert line.came == [b"headbody", b"more"]


async def test_closing_sends_what_waits_and_nothing_after_it() -> None:
    line = Pieces()
    corked = Corked(line, asyncio.get_running_loop())
    corked.write(b"good")
    corked.write(b"bye")
    corked.close()
    assert (line.came, corked.is_closing()) == ([b"goodbye"], True)
    corked.write(b"late")
    await asyncio.sleep(0)
    assert line.came == [b"goodbye"]
    assert corked.get_extra_info("peername") == ("192.0.2.1", 5)


async def test_what_is_large_does_not_wait() -> None:
    line = Pieces()
    corked = Corked(line, asyncio.get_running_loop())
    corked.write(b"head")
    corked.write(b"x" * WAITING_BYTES_MAX)
    assert list(map(len, line.came)) == [4 + WAITING_BYTES_MAX]
    await asyncio.sleep(0)
    assert len(line.came) == 1
