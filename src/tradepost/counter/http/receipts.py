"""Receipts of a register: looked at, printed, printed again as copies."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.params import PathParameter

from tradepost.counter.commands.printing import PrintReceipt
from tradepost.counter.domain.slip import Slip
from tradepost.counter.domain.tender import TenderMethod
from tradepost.counter.http.bodies import Form, PrintBody
from tradepost.counter.http.printing import escpos, html, pdf
from tradepost.counter.queries.receipts import receipt
from tradepost.kernel.ids import RegisterId
from tradepost.kernel.permissions import Permission
from tradepost.platform.web import FromCaller, FromPath, JSONBody, door

TAGS = ["Counter"]
PATH = "/api/v1/registers/{register_id:uuid}/receipts/{receipt_number:int}"
Number = Annotated[int, PathParameter(ge=1, le=10**12)]


@get(PATH, opt=door(Permission.COUNTER_SELL), tags=TAGS)
async def read_receipt(
    register_id: FromPath[UUID], receipt_number: Number, caller: FromCaller
) -> Slip:
    """A receipt as it was given: its sale or return, and what is printed."""
    return await caller.ask(receipt, RegisterId(register_id), receipt_number)


@post(f"{PATH}/print", opt=door(Permission.COUNTER_SELL), tags=TAGS, status_code=200)
async def print_receipt(
    register_id: FromPath[UUID],
    receipt_number: Number,
    data: JSONBody[PrintBody],
    caller: FromCaller,
) -> Response[bytes]:
    """Print a receipt as HTML, PDF or ESC/POS; every time after the first it says that it is a
    copy. An ESC/POS receipt opens the drawer the first time, if cash was taken or given."""
    slip: Slip = await caller.send(PrintReceipt(RegisterId(register_id), receipt_number))
    if data.form is Form.HTML:
        return Response(html(slip, data.language), media_type="text/html; charset=utf-8")
    if data.form is Form.PDF:
        return Response(pdf(slip, data.language), media_type="application/pdf")
    printed = escpos(slip, data.language, kick=_opens_drawer(slip))
    return Response(printed, media_type="application/octet-stream")


def _opens_drawer(slip: Slip) -> bool:
    cash = any(one.method == TenderMethod.CASH for one in slip.text.tenders)
    return cash and slip.printed == 1


ROUTES = (read_receipt, print_receipt)
