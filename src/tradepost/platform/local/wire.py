"""What goes over the socket."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from tradepost.kernel.messages import NOT_STAMPED, Command, Scope
from tradepost.platform.bus import Wish

LINE_BYTES_MAX = 64 * 1024 * 1024
PATH_BYTES_MAX = 100
"""A little less than the kernel's limit for the path of a socket (108 on Linux, 104 elsewhere)."""


class WireWish(msgspec.Struct, forbid_unknown_fields=True):
    """A command by name, with its fields and its key."""

    command: str
    fields: msgspec.Raw
    key: str | None = None


class Asking(msgspec.Struct, forbid_unknown_fields=True):
    """Wishes for one scope, or a job by its name."""

    scope: Scope | None = None
    wishes: list[WireWish] = []
    whole: bool = False
    job: str = ""
    fields: dict[str, Any] = {}


class Told(msgspec.Struct, forbid_unknown_fields=True):
    """The answers, each as it is kept under a key; or what went wrong as a whole."""

    answers: list[str] = []
    fault: str = ""


def asking_of(scope: Scope, wishes: Sequence[Wish], *, whole: bool) -> Asking:
    """Wishes as they travel."""
    named = [WireWish(type(w.command).__name__, _fields(w.command), w.key) for w in wishes]
    return Asking(scope, named, whole)


def _fields(command: Command) -> msgspec.Raw:
    fields = msgspec.to_builtins(command, builtin_types=())
    del fields["by"]  # the scope travels beside it, once for all
    if command.at is NOT_STAMPED:
        del fields["at"]  # so that it is stamped where it is granted
    return msgspec.Raw(msgspec.json.encode(fields))


def socket_of(data_dir: Path) -> Path:
    """Where the process that keeps house in a data folder listens."""
    return data_dir / "tradepost.sock"


def reachable(path: Path) -> str:
    """The path in a form short enough for a socket.

    :raises OSError: if there is none; a shorter data folder helps.
    """
    forms = [str(path), os.path.relpath(path), str(path.absolute())]
    shortest = min(forms, key=lambda form: len(os.fsencode(form)))
    if len(os.fsencode(shortest)) > PATH_BYTES_MAX:
        raise OSError(f"the path of the socket is too long: {path}; use a shorter data folder")
    return shortest
