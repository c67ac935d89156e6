"""What is noted of a request on its way in, for its answer on the way out."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradepost.platform.web.door import Door

if TYPE_CHECKING:
    from tradepost.platform.web.context import Caller

_PLACE = "tradepost"


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


def keep_notes(scope: MutableMapping[str, Any], notes: Notes) -> None:
    """Begin the notes of a request."""
    scope.setdefault("state", {})[_PLACE] = notes


def notes_of(scope: Any) -> Notes:
    """The notes of a request."""
    notes: Notes = scope["state"][_PLACE]
    return notes
