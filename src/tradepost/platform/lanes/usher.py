"""Who shows wishes to their lane: a part of it for what is wanted much, or out again at once."""

from __future__ import annotations

from typing import Any, Protocol

from tradepost.kernel.errors import Refusal
from tradepost.platform.granting import Stamped


class Usher(Protocol):
    """Looks at every wish before it stands in a lane, and at what became of it.

    It decides nothing that must be right: where a wish stands, and what is hopeless just now.
    """

    async def before(self, wish: Stamped) -> str | Refusal:
        """The part of the lane to stand in, empty for the common one; or why it is hopeless."""
        ...

    def after(self, wish: Stamped, answer: Any, since: float) -> None:
        """A wish let in at ``since`` (monotonic seconds) was answered; ``None`` if it failed."""
        ...
