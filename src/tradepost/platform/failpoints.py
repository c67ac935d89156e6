"""Named places where a process may be made to die, so that tests can prove what survives it.

``FAIL_AT=relay.after_move:3`` ends the process by SIGKILL when it reaches that place for the third
time; several places are separated by commas. A place that many things pass may be narrowed to one
of them: ``FAIL_AT=bus.before_commit@PlaceOrder:2``. Without the variable nothing happens.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "FAIL_AT"


_left: dict[str, int] = {}


def arm(text: str) -> None:
    """Plan to die at the places that a text names; an empty one means nowhere."""
    _left.clear()
    for entry in filter(None, text.split(",")):
        name, _, times = entry.partition(":")
        _left[name.strip()] = int(times or 1)


def reach(name: str, what: str = "") -> None:
    """This place is reached, by ``what`` passes there; the process dies if it was told to."""
    if not _left:
        return
    for place in (name, f"{name}@{what}"):
        if place in _left:
            _left[place] -= 1
            if _left[place] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get(VARIABLE, ""))
