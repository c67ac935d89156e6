"""Structured logs: one JSON object a line, with the ids of request, shop and order; no secrets."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
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
        if name != "event" and any(_is_word(word, name) for word in _SECRET_WORDS):
            event[name] = HIDDEN
    return event


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


def request_line(**told: str | int | float | bool) -> None:
    """Log a request that is answered in less time than a log event takes to be made.

    The same line as an event ``request`` of the level info; nothing in it is a secret.
    """
    if not _lines:
        structlog.get_logger("tradepost.web").info("request", **told)
        return
    at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    line = _ENCODE({**told, "event": "request", "level": "info", "timestamp": at})
    _lines[0](line.decode())


def _unheard(line: str) -> None:
    """Nobody wants to know."""
