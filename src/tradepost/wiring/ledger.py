"""The ledger in the house. Neighbours post by ``bound.get(Journal)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tradepost.ledger import commands
from tradepost.ledger.commands import Journal
from tradepost.ledger.ports import Bookkeeping, Transfers
from tradepost.ledger.storage import SqlTransfers
from tradepost.platform.bus import Bound
from tradepost.tenancy.domain import TenantProfile

HANDLERS = commands.HANDLERS


def _terms(bound: Bound) -> Bookkeeping:
    profile = bound.get(TenantProfile)
    cutoff = profile.settings.business_day_cutoff_hour
    return Bookkeeping(profile.default_currency, profile.time_zone, cutoff)


BINDINGS: dict[Any, Callable[[Bound], Any]] = {
    Transfers: lambda bound: SqlTransfers(bound.work),
    Bookkeeping: _terms,
    Journal: lambda bound: Journal(SqlTransfers(bound.work), bound.ids),
}
