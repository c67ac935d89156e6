"""The writer's end of the local socket."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import structlog

from tradepost.kernel.errors import Refusal
from tradepost.kernel.messages import Command
from tradepost.platform.bus import Bus, Wish
from tradepost.platform.db.errors import StoreError
from tradepost.platform.idempotency import encode_answer
from tradepost.platform.local.wire import LINE_BYTES_MAX, Asking, Told, reachable

Job = Callable[..., Awaitable[Any]]
_log = structlog.get_logger("tradepost.local")


class LocalDoor:
    """Grants a few kinds of commands, and runs a few jobs, for whoever may open the socket file.

    Use it as a context; the store's lock must be held, so that nobody else listens here.
    """

    def __init__(
        self,
        path: Path,
        bus: Bus,
        commands: Iterable[type[Command]],
        jobs: Mapping[str, Job] | None = None,
    ) -> None:
        self.path = path
        self._bus = bus
        self._commands = {command.__name__: command for command in commands}
        self._jobs = dict(jobs or {})
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> LocalDoor:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Listen; a socket file that a dead process left is taken away."""
        self.path.unlink(missing_ok=True)
        place = reachable(self.path)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            os.fchmod(listener.fileno(), 0o600)
            listener.bind(place)
            self.path.chmod(0o600)
            self._server = await asyncio.start_unix_server(
                self._serve, sock=listener, limit=LINE_BYTES_MAX
            )
        except BaseException:
            listener.close()
            raise

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self.path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, ValueError):
            while line := await reader.readline():
                writer.write(msgspec.json.encode(await self._told(line)) + b"\n")
                await writer.drain()
        writer.close()

    async def _told(self, line: bytes) -> Told:
        try:
            return await self._granted(msgspec.json.decode(line, type=Asking))
        except Refusal as refusal:
            return Told([encode_answer(refusal)])
        except (msgspec.MsgspecError, LookupError) as error:
            return Told(fault=f"the message is not understood: {error}")
        except StoreError as error:
            return Told(fault=str(error))
        except Exception as error:
            _log.exception("local_wish_failed")
            return Told(fault=f"{type(error).__name__}; see the log of the serving process")

    async def _granted(self, asked: Asking) -> Told:
        if asked.job:
            await self._jobs[asked.job](**asked.fields)
            return Told([encode_answer(None)])
        if asked.scope is None:
            raise LookupError("neither a scope nor a job")
        wishes = [
            Wish(msgspec.json.decode(one.fields, type=self._commands[one.command]), one.key)
            for one in asked.wishes
        ]
        answers = await self._bus.send_all(asked.scope, wishes, whole=asked.whole)
        return Told([encode_answer(answer) for answer in answers])
