"""Receipts, looked at."""

from __future__ import annotations

from tradepost.counter.domain.slip import Slip
from tradepost.counter.storage.slips import RECEIPT, SLIPS
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import RegisterId
from tradepost.platform.db.work import Reader


async def receipt(db: Reader, register_id: RegisterId, number: int) -> Slip:
    """A register's receipt."""
    row = await db.one(RECEIPT, register_id=register_id, number=number)
    if row is None:
        raise Unknown("receipt", str(number))
    return SLIPS.load(row)
