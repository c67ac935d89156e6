"""The public API as a process of its own: ``python -m tradepost.apps.public_api``."""

from __future__ import annotations

from tradepost.platform.process import run
from tradepost.platform.settings import load
from tradepost.wiring.doors import public_api as create_app
from tradepost.wiring.running import Serving, serve

__all__ = ["create_app", "main"]


def main() -> None:
    """Serve shoppers until a signal says to end."""
    run(serve(load().settings, Serving(admin=False)))
