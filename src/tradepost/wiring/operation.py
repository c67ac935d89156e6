"""What people decide about the machinery."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tradepost.platform.bus import Bound
from tradepost.platform.consumers import deciding
from tradepost.platform.consumers.deciding import Letters, SqlLetters

HANDLERS = deciding.HANDLERS
BINDINGS: dict[Any, Callable[[Bound], Any]] = {Letters: lambda bound: SqlLetters(bound.work)}
