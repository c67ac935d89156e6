"""Facts of the books that no other document tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tradepost.kernel.ids import JournalId
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class LedgerAdjusted(Fact):
    """A person corrected the books; ``amount`` in minor units of ``currency``, to ``debit``."""

    name: ClassVar[str] = "ledger.adjusted"
    stream: ClassVar[str] = "journal"
    key: ClassVar[str] = "journal_id"
    journal_id: JournalId
    debit: str
    credit: str
    currency: str
    amount: int
    note: str
