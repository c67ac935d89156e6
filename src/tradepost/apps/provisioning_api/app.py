"""The provisioning API as a process of its own: ``python -m tradepost.apps.provisioning_api``."""

from __future__ import annotations

from tradepost.platform.process import run
from tradepost.platform.settings import load
from tradepost.wiring.provisioning import provisioning_api as create_app
from tradepost.wiring.running import Serving, serve

__all__ = ["create_app", "main"]


def main() -> None:
    """Serve portals until a signal says to end."""
    run(serve(load().settings, Serving(public=False, admin=False)))
