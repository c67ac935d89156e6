"""The other end of the local socket: wishes handed to the process that writes the store."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from tradepost.kernel.errors import Refusal
from tradepost.kernel.messages import Scope
from tradepost.platform.bus import Bus, Wish
from tradepost.platform.db.errors import StoreError, StoreInUse
from tradepost.platform.idempotency import decode_answer
from tradepost.platform.local.wire import LINE_BYTES_MAX, Asking, Told, asking_of, reachable


class LocalCaller:
    """Asks the process that keeps house on this machine.

    ``in_use`` is what is raised when that process does not listen.
    """

    def __init__(self, path: Path, in_use: StoreInUse) -> None:
        self._path = path
        self.in_use = in_use

    def stand_for(self, bus: Bus) -> None:
        """Have all that is sent to a bus granted over there; the answers are that bus's own."""

        async def send_all(scope: Scope, wishes: Sequence[Wish], whole: bool) -> list[Any]:
            told = await self._ask(asking_of(scope, wishes, whole=whole))
            pairs = zip(told.answers, wishes, strict=True)
            return [decode_answer(text, bus.answer_of(type(w.command))) for text, w in pairs]

        bus.elsewhere = send_all

    async def run(self, job: str, **fields: Any) -> None:
        """Have a job done over there.

        :raises Refusal: as the job does.
        """
        told = await self._ask(Asking(job=job, fields=fields))
        answer = decode_answer(told.answers[0], None)
        if isinstance(answer, Refusal):
            raise answer

    async def _ask(self, asked: Asking) -> Told:
        try:
            reader, writer = await asyncio.open_unix_connection(
                reachable(self._path), limit=LINE_BYTES_MAX
            )
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise self.in_use from error
        try:
            writer.write(msgspec.json.encode(asked) + b"\n")
            line = await reader.readline()
        finally:
            writer.close()
        if not line:
            raise StoreError("the serving process ended before it had answered")
        told = msgspec.json.decode(line, type=Told)
        if told.fault:
            raise StoreError(told.fault)
        return told
