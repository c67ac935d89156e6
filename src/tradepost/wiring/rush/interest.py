"""How many want which article just now, counted in the memory of this process.

An article becomes hot as soon as enough wishes for it have come within a window of time, and stays
so while fewer, but enough, come: see the shop's settings, ``hot_…``.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tradepost.kernel.ids import TenantId, VariantId
from tradepost.platform.fresh import Seconds
from tradepost.tenancy.domain.settings import TenantSettings

NOTED_MAX = 50_000
"""Wishes between two looks; whatever more are wanted are hot already."""
WARMED_MAX = 10_000
_Key = tuple[TenantId, VariantId]


@dataclass(slots=True)
class _Window:
    """What was wanted of one shop until an instant."""

    until: float
    counts: Counter[VariantId] = field(default_factory=Counter)


class Interest:
    """Counts wishes; notes are taken in any thread, looked at in one."""

    def __init__(self, seconds: Seconds = time.monotonic) -> None:
        self.too_much_held: Callable[[], None] = lambda: None
        """Told each time that somebody wanted to hold more than their quota."""
        self._seconds = seconds
        self._noted: deque[_Key] = deque(maxlen=NOTED_MAX)
        self._windows: dict[TenantId, _Window] = {}
        self._warmed: dict[_Key, float] = {}

    def note(self, tenant_id: TenantId, variants: Iterable[VariantId]) -> None:
        """Somebody wants these."""
        for variant_id in variants:
            self._noted.append((tenant_id, variant_id))

    def looked_at(
        self,
        settings_of: Callable[[TenantId], TenantSettings],
        is_hot: Callable[[TenantId, VariantId], bool],
    ) -> list[_Key]:
        """Which articles are to be made or kept hot; each once in a quarter of their stay."""
        now = self._seconds()
        over = [one for one, window in self._windows.items() if window.until <= now]
        for tenant_id in over:
            del self._windows[tenant_id]
        touched: set[_Key] = set()
        while self._noted:
            tenant_id, variant_id = key = self._noted.popleft()
            window = self._windows.get(tenant_id)
            if window is None:
                until = now + settings_of(tenant_id).hot_window_seconds
                window = self._windows[tenant_id] = _Window(until)
            window.counts[variant_id] += 1
            touched.add(key)
        return [key for key in sorted(touched) if self._warms(key, now, settings_of, is_hot)]

    def _warms(
        self,
        key: _Key,
        now: float,
        settings_of: Callable[[TenantId], TenantSettings],
        is_hot: Callable[[TenantId, VariantId], bool],
    ) -> bool:
        settings = settings_of(key[0])
        wanted = self._windows[key[0]].counts[key[1]]
        hot = is_hot(*key)
        enough = settings.hot_wishes_to_become
        if wanted < (min(settings.hot_wishes_to_stay, enough) if hot else enough):
            return False
        if hot and self._warmed.get(key, 0.0) > now:
            return False
        if len(self._warmed) >= WARMED_MAX:
            self._warmed.clear()
        self._warmed[key] = now + settings.hot_minutes_min * 60 / 4
        return True
