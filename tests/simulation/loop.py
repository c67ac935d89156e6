"""An event loop without a clock and without chance: virtual time, the next task chosen by seed."""

from __future__ import annotations

import asyncio
import contextvars
import heapq
import random
from collections.abc import Callable, Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")
STEPS_MAX = 200_000


class Stuck(Exception):
    """Nobody can go on, or nobody comes to an end."""


class _Call:
    """What stands ready, or waits for its time: a good deal lighter than asyncio's own handle."""

    __slots__ = ("_when", "args", "callback", "context", "is_off")

    def __init__(
        self,
        callback: Callable[..., object],
        args: tuple[Any, ...],
        context: contextvars.Context | None,
        when: float = 0.0,
    ) -> None:
        self.callback = callback
        self.args = args
        self.context = context or contextvars.copy_context()
        self._when = when
        self.is_off = False

    def cancel(self) -> None:
        """Leave it out."""
        self.is_off = True

    def cancelled(self) -> bool:
        """Whether it is left out."""
        return self.is_off

    def when(self) -> float:
        """Its time."""
        return self._when


class _Turn:
    """Lets everybody else who is ready go before, perhaps."""

    def __await__(self) -> Generator[None, None, None]:
        yield


_TURN = _Turn()


class SimLoop(asyncio.BaseEventLoop):
    """Runs one ready callback at a time, drawn by seed; time moves when nobody is ready."""

    _ready: Any
    _scheduled: Any
    _stopping: bool

    def __init__(self, seed: str) -> None:
        super().__init__()
        self._ready = list[_Call]()
        self._scheduled = list[tuple[float, int, _Call | asyncio.Future[None]]]()
        self._chance = random.Random(seed).random
        self._instant = 0.0
        self._steps = 0
        self._timers = 0
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

    async def pause(self, seconds: float) -> None:
        """Let time go by, or only the others go on; lighter than ``asyncio.sleep``."""
        if not seconds:
            await _TURN
            return
        over: asyncio.Future[None] = asyncio.Future(loop=self)
        self._timers += 1
        heapq.heappush(self._scheduled, (self._instant + seconds, self._timers, over))
        await over

    def _made(
        self,
        loop: asyncio.AbstractEventLoop,
        coroutine: Coroutine[Any, Any, T] | Generator[Any, None, T],
        context: contextvars.Context | None = None,
    ) -> asyncio.Task[T]:
        task: asyncio.Task[T] = asyncio.Task(coroutine, loop=loop, context=context)
        self._tasks.append(task)
        return task

    def call_soon(  # type: ignore[override]  # a handle as far as anybody looks at it
        self,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> _Call:
        call = _Call(callback, args, context)
        self._ready.append(call)
        return call

    def call_later(  # type: ignore[override]
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> _Call:
        return self.call_at(self._instant + delay, callback, *args, context=context)

    def call_at(  # type: ignore[override]
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> _Call:
        call = _Call(callback, args, context, when)
        self._timers += 1
        heapq.heappush(self._scheduled, (when, self._timers, call))
        return call

    def _run_once(self) -> None:
        """Go on until told to stop; the base class would do so call by call."""
        ready, timers, chance = self._ready, self._scheduled, self._chance
        while not self._stopping:
            self._steps += 1
            if self._steps > STEPS_MAX:
                self._steps = 0
                raise Stuck("it goes on for ever")
            while timers and timers[0][0] <= self._instant:
                self._due(heapq.heappop(timers)[2])
            if ready:
                place = int(chance() * len(ready))
                ready[place], ready[-1] = ready[-1], ready[place]
                call = ready.pop()
                if not call.is_off:
                    call.context.run(call.callback, *call.args)
            elif timers:
                self._move_on()
            else:
                raise Stuck("everybody waits, and nothing will happen")

    def _due(self, timer: _Call | asyncio.Future[None]) -> None:
        """Its time has come."""
        if isinstance(timer, _Call):
            self._ready.append(timer)
        elif not timer.done():
            timer.set_result(None)

    def _move_on(self) -> None:
        """Let time go by until something happens."""
        when, _, timer = self._scheduled[0]
        if timer.cancelled():
            heapq.heappop(self._scheduled)
        else:
            self._instant = when

    def _write_to_self(self) -> None:
        """Nobody sleeps in a selector."""

    def _process_events(self, event_list: list[Any]) -> None:
        """There are none."""
