"""Payments, refunds and credit notes for those who work here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.params import PathParameter, QueryParameter

from tradepost.kernel.clock import from_micros, to_micros
from tradepost.kernel.ids import CustomerId, OrderId, PaymentId, RefundId
from tradepost.kernel.messages import Command
from tradepost.kernel.text import one_line
from tradepost.payments.commands import (
    AllocatePayment,
    AskGateway,
    CapturePayment,
    FailPayment,
    VoidPayment,
)
from tradepost.payments.commands.cashier import Refunded
from tradepost.payments.commands.hearing import ClosedRefund
from tradepost.payments.commands.record import Recorded
from tradepost.payments.commands.settle import Settled
from tradepost.payments.domain.payment import PaymentState
from tradepost.payments.gateway.desk import PaymentDesk
from tradepost.payments.http.bodies import (
    CaptureBody,
    CloseRefundBody,
    CreditRefundBody,
    ReasonBody,
    RecordBody,
    RefundBody,
    SettlementBody,
    SharesBody,
)
from tradepost.payments.queries import (
    CreditNoteView,
    OrderMoney,
    PaymentFilter,
    PaymentRow,
    PaymentView,
    Position,
    credit_note_page,
    order_money,
    payment_page,
    payment_rows,
)
from tradepost.platform.web import (
    Caller,
    FromCaller,
    FromPaging,
    FromPath,
    FromQuery,
    JSONBody,
    Page,
    door,
    versioned,
)

TAGS = ["Payments"]
PATH = "/api/v1/payments"
ONE = f"{PATH}/{{payment_id:uuid}}"
READ, RECORD, REFUND = "payments.read", "payments.record", "orders.refund"


@dataclass(frozen=True, slots=True)
class CallbackView:
    """A call-back of the sandbox, to be sent to the public API with the header X-Signature."""

    body: str
    signature: str


@get(PATH, opt=door(READ), tags=TAGS)
async def list_payments(
    caller: FromCaller,
    paging: FromPaging,
    status: FromQuery[PaymentState | None] = None,
    reference: Annotated[str | None, QueryParameter(max_length=255)] = None,
    customer_id: FromQuery[UUID | None] = None,
) -> Page[PaymentRow]:
    """Payments, the newest first; those in `review` wait for somebody to look at them."""
    wanted = PaymentFilter(
        status,
        one_line(reference, "reference") if reference else None,
        None if customer_id is None else CustomerId(customer_id),
    )
    after: Position | None = None
    if paging.after is not None:
        after = (from_micros(paging.after[0]), PaymentId(UUID(paging.after[1])))
    rows = await caller.ask(payment_rows, wanted, after, paging.limit + 1)
    return paging.page(rows, lambda row: (to_micros(row.opened_at), str(row.id)))


@get(ONE, opt=door(READ), tags=TAGS)
async def read_payment(payment_id: FromPath[UUID], caller: FromCaller) -> Response[PaymentView]:
    """A payment with the orders it went to and what went back."""
    view = await caller.ask(payment_page, PaymentId(payment_id))
    return versioned(view, view.payment.version)


@get("/api/v1/orders/{order_id:uuid}/payments", opt=door(READ), tags=TAGS)
async def read_order_money(order_id: FromPath[UUID], caller: FromCaller) -> OrderMoney:
    """The payments, refunds and credit notes of an order."""
    return await caller.ask(order_money, OrderId(order_id))


@get("/api/v1/credit-notes/{credit_note_number:int}", opt=door(READ), tags=TAGS)
async def read_credit_note(
    credit_note_number: Annotated[int, PathParameter(ge=1, le=10**15)], caller: FromCaller
) -> CreditNoteView:
    """A credit note with its lines."""
    return await caller.ask(credit_note_page, credit_note_number)


@post(PATH, opt=door(RECORD, key=True), tags=TAGS)
async def record_payment(data: JSONBody[RecordBody], caller: FromCaller) -> Response[Recorded]:
    """Record money that came in, and give orders their shares of it."""
    made: Recorded = await caller.send(data.wish())
    return versioned(made, made.version, status=201, location=f"{PATH}/{made.payment_id}")


@post(f"{ONE}/capture", opt=door(RECORD, if_match=True), tags=TAGS, status_code=200)
async def capture_payment(
    payment_id: FromPath[UUID], data: JSONBody[CaptureBody], caller: FromCaller
) -> Response[Recorded]:
    """Note that the money came in, or have the gateway take it."""
    id = PaymentId(payment_id)
    ask = AskGateway(id, "capture", data.amount, caller.matched)
    note = CapturePayment(id, data.amount, data.reference, caller.matched)
    return await _step(caller, id, ask, note)


@post(f"{ONE}/void", opt=door(RECORD, if_match=True), tags=TAGS, status_code=200)
async def void_payment(
    payment_id: FromPath[UUID], data: JSONBody[ReasonBody], caller: FromCaller
) -> Response[Recorded]:
    """Give a promise back before money moves."""
    id = PaymentId(payment_id)
    ask = AskGateway(id, "void", version=caller.matched)
    return await _step(caller, id, ask, VoidPayment(id, data.reason, caller.matched))


@post(f"{ONE}/fail", opt=door(RECORD, if_match=True), tags=TAGS, status_code=200)
async def fail_payment(
    payment_id: FromPath[UUID], data: JSONBody[ReasonBody], caller: FromCaller
) -> Response[Recorded]:
    """Note that no money will come."""
    made: Recorded = await caller.send(
        FailPayment(PaymentId(payment_id), data.reason, caller.matched)
    )
    return versioned(made, made.version)


@post(f"{ONE}/allocations", opt=door(RECORD, if_match=True), tags=TAGS, status_code=200)
async def allocate_payment(
    payment_id: FromPath[UUID], data: JSONBody[SharesBody], caller: FromCaller
) -> Response[Recorded]:
    """Give orders of the credit that a payment has left."""
    shares = tuple(share.parsed() for share in data.orders)
    made: Recorded = await caller.send(
        AllocatePayment(PaymentId(payment_id), shares, caller.matched)
    )
    return versioned(made, made.version)


@post(f"{ONE}/refunds", opt=door(REFUND, key=True), tags=TAGS)
async def refund_credit(
    payment_id: FromPath[UUID], data: JSONBody[CreditRefundBody], caller: FromCaller
) -> Refunded:
    """Pay back what of a payment no order was given."""
    wish = data.wish(PaymentId(payment_id))
    return await caller.get(PaymentDesk).refund(caller.scope, wish, key=caller.key)


@post("/api/v1/orders/{order_id:uuid}/refunds", opt=door(REFUND, key=True), tags=TAGS)
async def refund_order(
    order_id: FromPath[UUID], data: JSONBody[RefundBody], caller: FromCaller
) -> Refunded:
    """Pay an order back: lines of it, an amount, or all that came in."""
    wish = data.wish(OrderId(order_id))
    return await caller.get(PaymentDesk).refund(caller.scope, wish, key=caller.key)


@post(
    "/api/v1/refunds/{refund_id:uuid}/close",
    opt=door(RECORD, if_match=True),
    tags=TAGS,
    status_code=200,
)
async def close_refund(
    refund_id: FromPath[UUID], data: JSONBody[CloseRefundBody], caller: FromCaller
) -> Response[ClosedRefund]:
    """Close a gateway's refund by hand, where what the gateway said does not fit it."""
    wish = data.wish(RefundId(refund_id), caller.matched)
    made: ClosedRefund = await caller.send(wish)
    return versioned(made, made.version)


@post("/api/v1/settlements", opt=door(RECORD, key=True), tags=TAGS)
async def settle_payments(data: JSONBody[SettlementBody], caller: FromCaller) -> Settled:
    """Note that money which a carrier, card company or gateway held has reached the bank."""
    made: Settled = await caller.send(data.wish())
    return made


@get(f"{ONE}/sandbox-callbacks", opt=door(RECORD), tags=TAGS)
async def read_sandbox_callbacks(
    payment_id: FromPath[UUID], caller: FromCaller
) -> list[CallbackView]:
    """What the sandbox would tell of this payment by call-back: send it late, twice, reordered."""
    await caller.ask(payment_page, PaymentId(payment_id))
    owed = await caller.get(PaymentDesk).sandbox_callbacks(caller.scope, PaymentId(payment_id))
    return [CallbackView(one.body.decode(), one.signature) for one in owed]


async def _step(
    caller: Caller, payment_id: PaymentId, ask: AskGateway, note: Command
) -> Response[Recorded]:
    """A step of a gateway's payment is the gateway's, but for one that is in review."""
    paid = (await caller.ask(payment_page, payment_id)).payment
    if paid.gateway and paid.state != PaymentState.REVIEW:
        made = await caller.get(PaymentDesk).ask(caller.scope, ask, key=caller.key)
    else:
        made = await caller.send(note)
    return versioned(made, made.version)


ROUTES = (
    list_payments,
    read_payment,
    read_order_money,
    read_credit_note,
    record_payment,
    capture_payment,
    void_payment,
    fail_payment,
    allocate_payment,
    refund_credit,
    refund_order,
    close_refund,
    settle_payments,
    read_sandbox_callbacks,
)
