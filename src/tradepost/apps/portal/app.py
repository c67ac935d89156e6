"""The portal as a process of its own: ``python -m tradepost.apps.portal``."""

from __future__ import annotations

from tradepost.platform.process import run
from tradepost.platform.settings import load
from tradepost.platform.settings.checks import OF_PORTAL
from tradepost.wiring.portal import serve_portal

__all__ = ["main"]


def main() -> None:
    """Serve the portal's people until a signal says to end."""
    run(serve_portal(load(secrets=OF_PORTAL).settings))
