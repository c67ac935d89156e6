"""Answers that are kept whole, to be given again until a fact changes them or they are too old.

What is kept carries the number up to which this process had read the log *before* the answer was
made: all that those facts tell of is in it. A newer fact of the same shop, from a context that the
answer is made of, ends it. The age ends it too, however far behind this process reads the log.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge

from tradepost.kernel.ids import TenantId
from tradepost.platform.facts import published
from tradepost.platform.relay.log import Logged
from tradepost.platform.web.rates import Limit
from tradepost.platform.web.settings import KeptLimits
from tradepost.platform.web.telling import Teller

Key = tuple[bytes, ...]
"""Host, X-Tenant, path, query, Accept-Language: all that an answer to a guest hangs on."""
RawHeaders = tuple[tuple[bytes, bytes], ...]
BYTES_BESIDE = 1500
"""What an answer takes in memory beside its texts."""
MARKS_MAX = 100_000
"""Shops times contexts that are remembered; with more, all is forgotten at once."""


@cache
def kinds() -> dict[str, str]:
    """The context that tells each fact, by the fact's name."""
    facts = published().facts.items()
    return {name: fact.__module__.rpartition(".")[2] for name, fact in facts}


@dataclass(frozen=True, slots=True)
class Rendering:
    """When an answer began to be made: by the log and by the clock."""

    seq: int
    began_at: float


class Mark:
    """How far a context has told facts of a shop: the number of the newest."""

    __slots__ = ("seq",)

    def __init__(self, seq: int) -> None:
        self.seq = seq


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer with all that giving it again needs to know."""

    rendering: Rendering
    marks: tuple[Mark, ...]
    headers: RawHeaders
    body: bytes
    etag: str
    origins: frozenset[str]
    counted_as: str
    limit: Limit
    limit_header: tuple[bytes, bytes]
    teller: Teller
    size: int


class KeptFigures:
    """What is kept, and what it was good for."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.answers = Counter(
            "tradepost_kept_answers",
            "Reads of guests: answered from what is kept, together with another, or made anew.",
            ("outcome",),
            registry=registry,
        )
        self.ended = Counter(
            "tradepost_kept_answers_ended",
            "Kept answers that were let go, by why.",
            ("why",),
            registry=registry,
        )
        self.bytes = Gauge("tradepost_kept_bytes", "Bytes of kept answers.", registry=registry)
        self.count = Gauge("tradepost_kept_count", "Kept answers.", registry=registry)


class KeptAnswers:
    """Answers by key, within limits; nothing is kept while nobody says how the log goes on."""

    def __init__(
        self,
        limits: KeptLimits,
        figures: KeptFigures,
        *,
        tenant_changed: Callable[[TenantId], None] = lambda tenant_id: None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.figures = figures
        self._limits = limits
        self._fresh_s = limits.fresh_ms_max / 1000
        self._tenant_changed = tenant_changed
        self._seconds = seconds
        self._seen = 0
        self._seen_at = -math.inf
        self._floor = 0
        self._marks: dict[tuple[TenantId, str], Mark] = {}
        self._kept: dict[Key, Kept] = {}
        self._bytes = 0

    def see(self, rows: Sequence[Logged]) -> None:
        """The log was read: what has come since, in its order, if anything."""
        names = kinds()
        for row in rows:
            kind = names.get(row.name)
            for one in (kind,) if kind else set(names.values()):  # a newer release's: all of them
                self.mark(row.tenant_id, one).seq = row.seq
            if kind in ("tenancy", None):
                self._tenant_changed(row.tenant_id)
        if rows:
            self._seen = rows[-1].seq
        self._seen_at = self._seconds()
        self._let_go_of_old()
        self.figures.bytes.set(self._bytes)
        self.figures.count.set(len(self._kept))

    def mark(self, tenant_id: TenantId, context: str) -> Mark:
        """How far a context has told facts of a shop; known of those before, at least so far."""
        found = self._marks.get((tenant_id, context))
        if found is None:
            if len(self._marks) >= MARKS_MAX:
                self._forget_marks()
            found = self._marks[tenant_id, context] = Mark(self._floor)
        return found

    def begin(self) -> Rendering | None:
        """To be called before an answer is made; none while the log is not being read."""
        now = self._seconds()
        return Rendering(self._seen, now) if now - self._seen_at < self._fresh_s else None

    def get(self, key: Key) -> Kept | None:
        """The answer that is kept under a key, if it may still be given."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        why = "old" if not self._is_young(kept) else "" if self._is_current(kept) else "fact"
        if why:
            self._end(key, why)
            return None
        return kept

    def suits(self, kept: Kept, arrived: Rendering) -> bool:
        """Whether an answer is as new as one that were begun when somebody arrived."""
        if kept.rendering.began_at >= arrived.began_at:
            return True
        same = kept.rendering.seq >= arrived.seq or self._is_current(kept)
        return same and self._is_young(kept)

    def _is_young(self, kept: Kept) -> bool:
        return self._seconds() - kept.rendering.began_at < self._fresh_s

    def _is_current(self, kept: Kept) -> bool:
        """Whether no fact has come since that could change it."""
        seq = kept.rendering.seq
        for mark in kept.marks:  # noqa: SIM110  all() takes three times as long
            if mark.seq > seq:
                return False
        return True

    def put(self, key: Key, kept: Kept) -> None:
        """Keep an answer, unless it is too large or no longer true; the oldest make room."""
        if kept.size > self._limits.answer_bytes_max or not self._is_current(kept):
            return
        self._end(key, "newer")
        self._kept[key] = kept
        self._bytes += kept.size
        while len(self._kept) > self._limits.answers_max or self._bytes > self._limits.bytes_max:
            self._end(next(iter(self._kept)), "room")

    @property
    def seen(self) -> int:
        """The number up to which the log has been read."""
        return self._seen

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def bytes(self) -> int:
        """How much memory the answers take, about."""
        return self._bytes

    def _forget_marks(self) -> None:
        """Begin anew: whatever is kept, or being made, is taken for changed."""
        self._floor = self._seen + 1
        for mark in self._marks.values():
            mark.seq = self._floor
        self._marks = {}

    def _let_go_of_old(self) -> None:
        """Answers end in about the order in which they came: look at the first ones only."""
        for key in list(self._old()):
            self._end(key, "old")

    def _old(self) -> Iterator[Key]:
        limit = self._seconds() - self._fresh_s
        for key, kept in self._kept.items():
            if kept.rendering.began_at > limit:
                return
            yield key

    def _end(self, key: Key, why: str) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._bytes -= kept.size
            self.figures.ended.labels(why).inc()
