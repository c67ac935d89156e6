"""An event loop without a clock and without chance: virtual time, the next task chosen by seed."""

from __future__ import annotations

import asyncio
import contextvars
import heapq
import random
from collections.abc import Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")
TASKS_MAX = 200_000


class Stuck(Exception):
    """Nobody can go on, or nobody comes to an end."""


class SimLoop(asyncio.BaseEventLoop):
    """Runs one ready callback at a time, drawn by seed; time moves when nobody is ready."""

    _ready: Any
    _scheduled: list[asyncio.TimerHandle]

    def __init__(self, seed: str) -> None:
        super().__init__()
        self._chooser = random.Random(seed)
        self._instant = 0.0
        self._steps = 0
        self._tasks: list[asyncio.Task[Any]] = []
        self.set_task_factory(self._made)
        self.set_exception_handler(lambda loop, context: None)

    def time(self) -> float:
        """Virtual seconds since the history began."""
        return self._instant

    def play(self, history: Coroutine[Any, Any, T]) -> T:
        """Run to the end of the history, then end everything it began."""
        try:
            return self.run_until_complete(history)
        finally:
            while left := [task for task in self._tasks if not task.done()]:
                for task in left:
                    task.cancel()
                self.run_until_complete(asyncio.wait(left))
            for task in self._tasks:
                task.cancelled() or task.exception()
            self.close()

    def _made(
        self,
        loop: asyncio.AbstractEventLoop,
        coroutine: Coroutine[Any, Any, T] | Generator[Any, None, T],
        context: contextvars.Context | None = None,
    ) -> asyncio.Task[T]:
        task: asyncio.Task[T] = asyncio.Task(coroutine, loop=loop, context=context)
        self._tasks.append(task)
        return task

    def _run_once(self) -> None:
        self._steps += 1
        if self._steps > TASKS_MAX:
            self._steps = 0
            raise Stuck("it goes on for ever")
        ready, timers = self._ready, self._scheduled
        while timers and timers[0].cancelled():
            heapq.heappop(timers)
        if not ready:
            if not timers:
                raise Stuck("everybody waits, and nothing will happen")
            self._instant = max(self._instant, timers[0].when())
        while timers and timers[0].when() <= self._instant:
            ready.append(heapq.heappop(timers))
        if len(ready) > 1:
            ready.rotate(-self._chooser.randrange(len(ready)))
        handle = ready.popleft()
        if not handle.cancelled():
            handle._run()

    def _write_to_self(self) -> None:
        """Nobody sleeps in a selector."""

    def _process_events(self, event_list: list[Any]) -> None:
        """There are none."""
