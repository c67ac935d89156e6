"""Transfers as rows: append-only, indexed by account, code and business day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Index, func, literal_column

from tradepost.ledger.domain import Account, Transfer
from tradepost.platform.db.schema import Mapper, tenant_table
from tradepost.platform.db.work import Work

transfers = tenant_table(
    "transfers",
    Transfer,
    indexes=[("document_id",), ("business_date", "code")],
    checks={"amount": "amount_amount > 0", "accounts": "debit <> credit"},
)
VENDORS_PREFIX = f"{Account.VENDOR_PAYABLE}:"


def of_vendors(side: Any) -> ColumnElement[bool]:
    """Whether the account on a side is a vendor's, in the words of the index that holds these."""
    begin: Any = literal_column("1")
    length: Any = literal_column(str(len(VENDORS_PREFIX)))
    word: Any = literal_column(f"'{VENDORS_PREFIX}'")
    condition: ColumnElement[bool] = func.substr(side, begin, length) == word
    return condition


for _side in (transfers.c.debit, transfers.c.credit):
    Index(
        f"transfers_vendor_{_side.name}_ix",
        transfers.c.tenant_id,
        _side,
        transfers.c.business_date,
        postgresql_where=of_vendors(_side),
        sqlite_where=of_vendors(_side),
    )
TRANSFER_ROWS = Mapper(Transfer, transfers)


class SqlTransfers:
    """Answers the Transfers port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, made: Sequence[Transfer]) -> None:
        """Keep fresh transfers; they leave with the commit."""
        self._work.add(transfers, *map(TRANSFER_ROWS.dump, made))
