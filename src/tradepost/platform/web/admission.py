"""How many requests a process works on at once; the rest wait a moment, or are told to come back.

The room is as large as the process can overlook: where it comes to all its requests late, because
the machine is slow or busy with other things, it works on fewer at once. A crowd that comes all of
a sudden is let in whole; only while it lasts does the room become smaller.

What is refused here has cost next to nothing: no route, no person, no shop was looked up. So a
process that is asked for three times what it can do still does nearly all that it can.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from dataclasses import dataclass

import structlog

from tradepost.platform.telemetry.metrics import Metrics
from tradepost.platform.web.errors import TooBusy
from tradepost.platform.web.settings import RoomLimits

TOLD_EVERY_S = 1.0
"""How often the log tells of those who were turned away, and for how long a process that turned
somebody away calls itself overloaded."""
RETRY_AFTER_S_MAX = 3
"""Whoever is turned away is asked to come back in one to three seconds, not all at once."""
LOOK_S = 0.1
LATE_S_MAX = 0.1
"""How late the process may be at what it had meant to do by now: its health is asked for, too."""
RUNNING_MIN = 16
_log = structlog.get_logger("tradepost.web")


@dataclass(slots=True)
class _Waiting:
    """Somebody at the door: until when, and who is told whether there is room."""

    until: float
    told: asyncio.Future[bool]


class Admission:
    """The room of one app: who comes in, who waits, who is turned away. In order of arrival."""

    def __init__(self, limits: RoomLimits, metrics: Metrics, audience: str) -> None:
        self._limits = limits
        self._running = 0
        self._room: float = limits.running_max
        self._look: asyncio.TimerHandle | None = None
        self._waiting: deque[_Waiting] = deque()
        self._line_max: float = limits.waiting_max
        self._cut_at = float("-inf")
        self._timer: asyncio.TimerHandle | None = None
        self._figure = metrics.waiting.labels(audience)
        self._count = metrics.turned_away.labels(audience)
        self._audience = audience
        self._untold = 0
        self._told_at = self._turned_away_at = float("-inf")

    @property
    def overloaded(self) -> bool:
        """Whether somebody was turned away just now."""
        return self._turned_away_at > asyncio.get_running_loop().time() - TOLD_EVERY_S

    @property
    def full(self) -> bool:
        """Whether the next would be turned away at once.

        The line is as long as those in it can be let in before their time is over: it is cut by a
        quarter when somebody's was, and grows again as people come in.
        """
        return self._running >= self._room and len(self._waiting) >= self._line_max

    async def enter(self) -> TooBusy | None:
        """Come in as soon as there is room; who is given no reason has to :meth:`leave`."""
        if self._look is None:
            self._look_again()
        if self._running < self._room and not self._waiting:
            self._running += 1
            return None
        if self.full:
            return self.refusal()
        loop = asyncio.get_running_loop()
        one = _Waiting(loop.time() + self._limits.wait_ms_max / 1000, loop.create_future())
        self._waiting.append(one)
        self._figure.set(len(self._waiting))
        if self._timer is None:
            self._timer = loop.call_at(one.until, self._too_late)
        try:
            let_in = await one.told
        except asyncio.CancelledError:
            if one.told.done() and not one.told.cancelled() and one.told.result():
                self.leave()
            raise
        return None if let_in else self.refusal()

    def leave(self) -> None:
        """Make room for the next."""
        self._running -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._running < self._room:
            one = self._waiting.popleft()
            self._figure.set(len(self._waiting))
            if not one.told.done():
                one.told.set_result(True)
                self._running += 1
                self._line_max = min(self._limits.waiting_max, self._line_max + 0.1)

    def _look_again(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + LOOK_S
        self._look = loop.call_at(due, self._fit, due)

    def _fit(self, due: float) -> None:
        """Make the room smaller where the process is late, larger again where it is not."""
        late_s = asyncio.get_running_loop().time() - due
        most = self._limits.running_max
        if late_s > LATE_S_MAX:
            self._room = max(min(RUNNING_MIN, most), self._room * 0.7)
        elif late_s < LATE_S_MAX / 2:
            self._room = min(most, self._room * 1.05 + 1)
            self._let_in()
        if self._running or self._waiting:
            self._look_again()
        else:
            self._room, self._look = most, None

    def _too_late(self) -> None:
        """Turn away those at the head of the line whose time is over."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        expired = False
        while self._waiting and self._waiting[0].until <= now:
            one = self._waiting.popleft()
            if not one.told.done():
                expired = True
                one.told.set_result(False)
        if expired and self._cut_at < now - self._limits.wait_ms_max / 1000:
            self._cut_at = now
            self._line_max = max(1, self._line_max * 3 / 4)
        self._figure.set(len(self._waiting))
        self._timer = (
            loop.call_at(self._waiting[0].until, self._too_late) if self._waiting else None
        )

    def refusal(self) -> TooBusy:
        """Turn somebody away; what they are told."""
        self._count.inc()
        self._untold += 1
        now = self._turned_away_at = asyncio.get_running_loop().time()
        if now - self._told_at >= TOLD_EVERY_S:
            _log.warning("turned away", app=self._audience, requests=self._untold)
            self._told_at, self._untold = now, 0
        return TooBusy(random.randint(1, RETRY_AFTER_S_MAX))  # noqa: S311  no secret
