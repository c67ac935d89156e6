"""Structured logs: one JSON object a line, with the ids of request, shop and order; no secrets."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TextIO

import msgspec
import structlog

HIDDEN = "(hidden)"
_SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "pin", "api_key")
_STACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
"""Stacks without the values of variables, among which are passwords and people."""
_ENCODE = msgspec.json.Encoder().encode
_lines: list[Callable[[str], None]] = []
"""Where whole lines go, once logs are JSON; until then every event is made by the library."""
_LIBRARIES = ("uvicorn", "uvicorn.error", "asyncio", "asyncpg", "litestar")


def hide_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace what must never be written down, by the name it is logged under."""
    for name in event:
        if _is_secret(name):
            event[name] = HIDDEN
    return event


@lru_cache(maxsize=1000)
def _is_secret(name: str) -> bool:
    """Judged once a name: there are few, and every line has ten of them."""
    return name != "event" and any(_is_word(word, name) for word in _SECRET_WORDS)


def _is_word(word: str, name: str) -> bool:
    return word in name.lower().split("_") if len(word) < 4 else word in name.lower()


def configure_logs(level: str = "info", form: str = "json", stream: TextIO | None = None) -> None:
    """Send everything that is logged, ours and the libraries', to a stream (standard error).

    ``form`` is ``json``, one object a line, or ``text`` for eyes.
    """
    out = stream or sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    closing: list[Any] = [_STACKS, structlog.processors.JSONRenderer()]
    if form == "text":
        plain = structlog.dev.plain_traceback
        closing = [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]
    structlog.configure(
        processors=[*shared, *closing],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    _lines.clear()
    if form == "json":
        _lines.append(structlog.WriteLogger(out).msg if number <= logging.INFO else _unheard)
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *closing],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


def tell_request(**told: object) -> None:
    """The event ``request`` of the level info, with what is bound to its context.

    It says what the library would say, in a tenth of the time.
    """
    if not _lines:
        structlog.get_logger("tradepost.web").info("request", **told)
    elif _lines[0] is not _unheard:
        event: dict[str, Any] = structlog.contextvars.get_contextvars() | told
        hide_secrets(None, "info", event)
        _turn.add(_ENCODE({**event, "event": "request", "level": "info"})[:-1].decode())


class RequestLine:
    """The line of a request that is answered in less time than an event takes to be logged.

    It says what an event ``request`` of the level info would. What does not change is made ready
    beforehand; there is no secret in it. The lines of a turn of the event loop leave together.
    """

    def __init__(self, **told: str | bool) -> None:
        self._told = told
        self._text = _ENCODE({**told, "event": "request", "level": "info"})[1:-1].decode()

    def write(self, request_id: str, trace_id: str, status: int, milliseconds: float) -> None:
        """Say that one was answered; neither id holds what JSON would have to escape."""
        took = round(milliseconds, 1)
        if not _lines:
            event = {"request_id": request_id, "status": status, "milliseconds": took}
            event |= {"trace_id": trace_id} if trace_id else {}
            structlog.get_logger("tradepost.web").info("request", **self._told, **event)
            return
        if _lines[0] is _unheard:
            return
        trace = f'"trace_id":"{trace_id}",' if trace_id else ""
        _turn.add(
            f'{{"request_id":"{request_id}","status":{status},"milliseconds":{took},'
            f"{trace}{self._text}"
        )


class _Turn:
    """The lines of one turn of the event loop, with the instant of their first."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end = ""

    def add(self, line: str) -> None:
        """A line that lacks its instant and its end."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            loop.call_soon(self._send)
            at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            self._end = f',"timestamp":"{at}"}}'
        self._lines.append(line + self._end)

    def _send(self) -> None:
        self._loop = None
        text = "\n".join(self._lines)
        self._lines.clear()
        if _lines:
            _lines[0](text)


_turn = _Turn()


def _unheard(line: str) -> None:
    """Nobody wants to know."""
