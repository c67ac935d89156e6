"""Shortfalls are settled by a person, who says how."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.events.inventory import ShortfallSettled
from tradepost.inventory.ports import Shortfalls
from tradepost.kernel.errors import Stale
from tradepost.kernel.ids import ShortfallId
from tradepost.kernel.messages import Command, Facts
from tradepost.kernel.text import one_line


@dataclass(frozen=True, slots=True)
class SettleShortfall(Command):
    """Say what was done about units that orders will miss."""

    shortfall_id: ShortfallId
    note: str
    version: int | None = None


async def settle_shortfall(wish: SettleShortfall, shortfalls: Shortfalls, facts: Facts) -> int:
    """Note it; answers the shortfall's new version."""
    found = await shortfalls.lock(wish.shortfall_id)
    if wish.version not in (None, found.version):
        raise Stale("shortfall", wish.version or 0, found.version)
    settled = found.settled(one_line(wish.note, "note"))
    await shortfalls.save(settled)
    facts.tell(ShortfallSettled(settled.id), settled.version, wish.at)
    return settled.version


HANDLERS = {SettleShortfall: settle_shortfall}
