"""Transfers as rows: append-only, indexed by account, code and business day."""

from __future__ import annotations

from collections.abc import Sequence

from tradepost.ledger.domain import Transfer
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.work import Work

transfers = tenant_table(
    "transfers",
    Transfer,
    indexes=[("document_id",), ("business_date", "code")],
    checks={"amount": "amount_amount > 0", "accounts": "debit <> credit"},
)
TRANSFER_ROWS = Mapper(Transfer, transfers)


class SqlTransfers:
    """Answers the Transfers port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, made: Sequence[Transfer]) -> None:
        """Keep fresh transfers; they leave with the commit."""
        self._work.add(transfers, *map(TRANSFER_ROWS.dump, made))
