"""How a process that serves runs: its event loop, and how often it looks for garbage."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
YOUNG_MAX = 200_000
"""A batch makes some ten thousand objects, which are gone with it and need no search for cycles."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a server's or worker's main coroutine to its end."""
    tune_memory()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(main)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster event loop, where there is one."""
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


def tune_memory() -> None:
    """Look for cycles less often than a short script wants it; what is imported is not looked at.

    Rows and records hold no cycles: nearly all that a request makes is freed by its counts.
    """
    gc.freeze()
    gc.set_threshold(YOUNG_MAX, 20, 20)
