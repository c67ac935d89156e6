"""Receipts of a register: looked at, printed, printed again as copies."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import PathParameter

from tradepost.counter.domain.slip import Slip
from tradepost.counter.queries.receipts import receipt
from tradepost.kernel.ids import RegisterId
from tradepost.kernel.permissions import Permission
from tradepost.platform.web import FromCaller, FromPath, door

TAGS = ["Counter"]
PATH = "/api/v1/registers/{register_id:uuid}/receipts/{receipt_number:int}"
Number = Annotated[int, PathParameter(ge=1, le=10**12)]


@get(PATH, opt=door(Permission.COUNTER_SELL), tags=TAGS)
async def read_receipt(
    register_id: FromPath[UUID], receipt_number: Number, caller: FromCaller
) -> Slip:
    """A receipt as it was given: its sale or return, and what is printed."""
    return await caller.ask(receipt, RegisterId(register_id), receipt_number)


ROUTES = (read_receipt,)
