"""How long whoever asks waits for the store: people at a door briefly, workers and tools longer.

The doors say so for each request, in a variable of its context; without a word nobody is hurried.
And they say how to step aside: whoever waits long by intention takes no room from others.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """All in seconds: for a connection to be lent, for a snapshot, for a transaction.

    None means as long as it takes. What takes longer is given up, and its outcome is unknown.
    """

    connection_s: float = 2.0
    read_s: float | None = None
    write_s: float | None = None


OF_LANES = Patience(write_s=10.0)
OF_RELAY = Patience(connection_s=5.0, read_s=30.0, write_s=30.0)
OF_WORKERS = Patience(read_s=60.0, write_s=60.0)
"""No part of a worker waits for ever on a line that has gone silent."""
STATEMENT_S = 5.0
"""For one statement in a process that serves or works; a report is given longer."""
REPORT_S = 60.0


def _stay() -> None:
    """There is no room to step out of."""


STEP_ASIDE: ContextVar[Callable[[], None]] = ContextVar("step_aside", default=_stay)
"""Give up the place in the room of requests that are worked on; calling it twice does no harm."""
PATIENCE: ContextVar[Patience] = ContextVar("patience", default=Patience())  # noqa: B039  frozen


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """A request is answered within ``seconds_max``, whatever becomes of the database.

    Who looks waits ``connection_ms_max`` for a connection; who wishes, and has perhaps filled a
    cart, four times as long.
    """

    seconds_max: float = 5.0
    connection_ms_max: int = 250

    def of_request(self, audience: str, method: str) -> Patience:
        """How long a request of an app waits; staff's reports take their time."""
        store_s, lent_s = 0.9 * self.seconds_max, self.connection_ms_max / 1000
        if method not in {"GET", "HEAD"}:
            return Patience(4 * lent_s, store_s, store_s)
        return Patience(lent_s, max(store_s, REPORT_S) if audience == "admin" else store_s, store_s)
