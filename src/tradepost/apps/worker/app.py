"""The worker as a process of its own: ``python -m tradepost.apps.worker``."""

from __future__ import annotations

from tradepost.platform.process import run
from tradepost.platform.settings import load
from tradepost.wiring.running import work

__all__ = ["main"]


def main() -> None:
    """Number facts, have their effects and sweep until a signal says to end."""
    run(work(load().settings))
