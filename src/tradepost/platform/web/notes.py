"""What is noted of a request on its way in, for its answer on the way out."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradepost.kernel.ids import Ids
from tradepost.platform.web.door import Door

if TYPE_CHECKING:
    from tradepost.platform.web.context import Caller

_PLACE = "tradepost"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._~-]{8,128}")


@dataclass(slots=True)
class Notes:
    """The request's id, headers that its answer gets, and what the guard found out."""

    request_id: str
    headers: dict[str, str] = field(default_factory=dict)
    vary: list[str] = field(default_factory=list)
    door: Door | None = None
    caller: Caller | None = None
    if_match: bool = False
    failed: bool = False
    is_head: bool = False
    """Whether nothing but the headers will be sent: nothing is given out by that."""
    linger: Callable[[], None] | None = None
    """Gives the body's sender time for each piece, on a door that reads it as it comes."""
    keep: Callable[[dict[str, bytes], bytes], None] | None = None
    """Is shown a whole and good answer before it is sent, if it may be kept for others."""


def keep_notes(scope: MutableMapping[str, Any], notes: Notes) -> None:
    """Begin the notes of a request."""
    scope.setdefault("state", {})[_PLACE] = notes


def notes_of(scope: Any) -> Notes:
    """The notes of a request."""
    notes: Notes = scope["state"][_PLACE]
    return notes


def request_id(given: str, ids: Ids) -> str:
    """The id that a client gives its request, if it looks like one, or else a fresh one."""
    return given if is_request_id(given) else str(ids.new())


def is_request_id(given: str) -> bool:
    """Whether a client's text may name its request."""
    return _REQUEST_ID.fullmatch(given) is not None


def parent_of(scope: MutableMapping[str, Any]) -> dict[str, str]:
    """The headers that name the caller's trace."""
    wanted = (b"traceparent", b"tracestate")
    return {
        name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in wanted
    }
