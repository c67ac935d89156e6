"""Repeating a transaction that the store could not finish, as often as that may help."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tradepost.kernel.errors import Refusal
from tradepost.platform.db.errors import OutcomeUnknown, StoreBusy, StoreError, TryAgain
from tradepost.platform.idempotency import KeyRunning

T = TypeVar("T")
TRIES_MAX = 5
BACKOFF_FIRST_S = 0.01
BACKOFF_MAX_S = 0.5
BUDGET_S = 2.0
"""After so long nothing is begun anew: whoever asks is told to come back."""


async def retried(transaction: Callable[[], Awaitable[T]], *, keyed: bool) -> T:
    """Run a transaction until it is committed; one without keys is not repeated blindly.

    :raises StoreBusy: or ``KeyRunning``, when it is no use.
    """
    until = time.monotonic() + BUDGET_S
    for tries in range(1, TRIES_MAX + 1):
        try:
            return await transaction()
        except (TryAgain, OutcomeUnknown) as error:
            if isinstance(error, OutcomeUnknown) and not keyed:
                raise StoreBusy(why="the connection broke") from error
            if tries == TRIES_MAX or time.monotonic() > until:
                raise _gave_up(error, keyed=keyed) from error
            longest = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2**tries)
            await asyncio.sleep(random.uniform(0, longest))  # noqa: S311  jitter, no secret
    raise AssertionError("unreachable")


def _gave_up(error: StoreError, *, keyed: bool) -> Refusal:
    if isinstance(error, OutcomeUnknown):
        return StoreBusy(why="the database cannot be reached", retry_after_s=2)
    return KeyRunning(key="of this request") if keyed else StoreBusy(why="too much at once")
