"""What is wished of the floor."""

from __future__ import annotations

from tradepost.floor.commands import checks, cooking, plan, rounds, tabs, voids

HANDLERS = {
    **checks.HANDLERS,
    **cooking.HANDLERS,
    **plan.HANDLERS,
    **rounds.HANDLERS,
    **tabs.HANDLERS,
    **voids.HANDLERS,
}
