"""What the mall's own staff do: vendors, commissions, payouts. ETag and If-Match are versions."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get, post, put
from litestar.status_codes import HTTP_200_OK

from tradepost.kernel.ids import (
    CategoryId,
    CommissionRuleId,
    OrderId,
    PayoutExportId,
    PayoutId,
    ProductId,
    VendorId,
)
from tradepost.kernel.permissions import Permission
from tradepost.mall.commands import (
    CancelPayout,
    ChangeVendor,
    CreateVendor,
    EndRule,
    ExportAnswer,
    ExportPayouts,
    MakeRule,
    MoveVendor,
    PayPayout,
    RateRule,
    RunAnswer,
    RunPayouts,
)
from tradepost.mall.domain import PayoutState
from tradepost.mall.domain.shapes import VendorOrderView
from tradepost.mall.http.bodies import (
    ExportBody,
    Language,
    NewVendorBody,
    PaidBody,
    RateBody,
    RuleBody,
    RunBody,
    VendorBody,
    VendorStatusBody,
)
from tradepost.mall.http.statement import export_csv, statement_csv, statement_html
from tradepost.mall.queries import (
    PayoutView,
    RuleView,
    RunView,
    VendorView,
    export_file,
    payout_page,
    payout_rows,
    rule_page,
    rule_rows,
    runs_page,
    statement_of,
    vendor_page,
    vendor_rows,
    vendors_of_order,
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

TAGS = ["Mall"]
READ, WRITE = Permission.VENDORS_READ, Permission.VENDORS_WRITE
PAID, PAYS = Permission.PAYOUTS_READ, Permission.PAYOUTS_WRITE
VENDOR = "/api/v1/vendors/{vendor_id:uuid}"
RULE = "/api/v1/commission-rules/{rule_id:uuid}"
PAYOUT = "/api/v1/payouts/{payout_id:uuid}"
CSV, HTML = "text/csv; charset=utf-8", "text/html; charset=utf-8"
RUNS_SHOWN = 100


@get("/api/v1/vendors", opt=door(READ), tags=TAGS)
async def list_vendors(caller: FromCaller, paging: FromPaging) -> Page[VendorView]:
    """Vendors by code, with what is owed to each."""
    rows = await caller.ask(vendor_rows, paging.after, paging.limit + 1)
    return paging.page(rows, lambda row: (row.code,))


@post("/api/v1/vendors", opt=door(WRITE, key=False), tags=TAGS)
async def create_vendor(data: JSONBody[NewVendorBody], caller: FromCaller) -> Response[VendorView]:
    """Take a vendor in, who sells once they are activated."""
    made: VendorId = await caller.send(CreateVendor(data.code, data.details()))
    return await _vendor(caller, made, status=201)


@get(VENDOR, opt=door(READ), tags=TAGS)
async def read_vendor(vendor_id: FromPath[UUID], caller: FromCaller) -> Response[VendorView]:
    """A vendor with their contract and what is owed to them."""
    return await _vendor(caller, VendorId(vendor_id))


@put(VENDOR, opt=door(WRITE, if_match=True), tags=TAGS)
async def change_vendor(
    vendor_id: FromPath[UUID], data: JSONBody[VendorBody], caller: FromCaller
) -> Response[VendorView]:
    """Agree on other terms; what was sold before keeps its own."""
    id = VendorId(vendor_id)
    await caller.send(ChangeVendor(id, data.details(), caller.matched))
    return await _vendor(caller, id)


@put(f"{VENDOR}/status", opt=door(WRITE, if_match=True), tags=TAGS)
async def move_vendor(
    vendor_id: FromPath[UUID], data: JSONBody[VendorStatusBody], caller: FromCaller
) -> Response[VendorView]:
    """Let a vendor sell, stop them for a while, or close them."""
    id = VendorId(vendor_id)
    await caller.send(MoveVendor(id, data.action.value, caller.matched))
    return await _vendor(caller, id)


@get("/api/v1/commission-rules", opt=door(READ), tags=TAGS)
async def list_rules(caller: FromCaller) -> list[RuleView]:
    """The rules that hold."""
    return await caller.ask(rule_rows)


@post("/api/v1/commission-rules", opt=door(WRITE, key=False), tags=TAGS)
async def make_rule(data: JSONBody[RuleBody], caller: FromCaller) -> Response[RuleView]:
    """Keep a share of what fits all that is named; the most specific rule holds."""
    wish = MakeRule(
        data.commission_ppm,
        None if data.vendor_id is None else VendorId(data.vendor_id),
        None if data.category_id is None else CategoryId(data.category_id),
        None if data.product_id is None else ProductId(data.product_id),
    )
    return await _rule(caller, await caller.send(wish), status=201)


@put(RULE, opt=door(WRITE, if_match=True), tags=TAGS)
async def rate_rule(
    rule_id: FromPath[UUID], data: JSONBody[RateBody], caller: FromCaller
) -> Response[RuleView]:
    """Keep another share, of what is sold from now on."""
    id = CommissionRuleId(rule_id)
    await caller.send(RateRule(id, data.commission_ppm, caller.matched))
    return await _rule(caller, id)


@post(f"{RULE}/end", opt=door(WRITE, if_match=True), tags=TAGS, status_code=HTTP_200_OK)
async def end_rule(rule_id: FromPath[UUID], caller: FromCaller) -> Response[RuleView]:
    """Use a rule no longer."""
    id = CommissionRuleId(rule_id)
    await caller.send(EndRule(id, caller.matched))
    return await _rule(caller, id)


@get("/api/v1/orders/{order_id:uuid}/vendors", opt=door(READ), tags=TAGS)
async def read_vendors_of_order(
    order_id: FromPath[UUID], caller: FromCaller
) -> list[VendorOrderView]:
    """An order, vendor by vendor: lines, shares of fees and discount, commission, state."""
    return await caller.ask(vendors_of_order, OrderId(order_id))


@get("/api/v1/payout-runs", opt=door(PAID), tags=TAGS)
async def list_runs(caller: FromCaller) -> list[RunView]:
    """The last hundred runs, the latest first."""
    return await caller.ask(runs_page, RUNS_SHOWN)


@post("/api/v1/payout-runs", opt=door(PAYS, key=False), tags=TAGS)
async def run_payouts(data: JSONBody[RunBody], caller: FromCaller) -> RunAnswer:
    """Make a payout for each vendor who is owed enough; the rest is carried to the next run."""
    answer: RunAnswer = await caller.send(RunPayouts(data.until))
    return answer


@get("/api/v1/payouts", opt=door(PAID), tags=TAGS)
async def list_payouts(
    caller: FromCaller,
    paging: FromPaging,
    vendor_id: FromQuery[UUID | None] = None,
    status: FromQuery[PayoutState | None] = None,
) -> Page[PayoutView]:
    """Payouts, those of the latest day first."""
    of = None if vendor_id is None else VendorId(vendor_id)
    rows = await caller.ask(payout_rows, of, status, paging.after, paging.limit + 1)
    return paging.page(rows, lambda row: (row.until.isoformat(), str(row.id)))


@get(PAYOUT, opt=door(PAID), tags=TAGS)
async def read_payout(payout_id: FromPath[UUID], caller: FromCaller) -> Response[PayoutView]:
    """A payout."""
    return await _payout(caller, PayoutId(payout_id))


@get(f"{PAYOUT}/statement", opt=door(PAID), tags=TAGS, media_type=HTML)
async def read_statement(
    payout_id: FromPath[UUID], caller: FromCaller, language: FromQuery[Language] = Language.EN
) -> Response[str]:
    """The statement as a page to print or send; it needs nothing else."""
    told = await caller.ask(statement_of, PayoutId(payout_id), None)
    return Response(statement_html(told, language.value), media_type=HTML)


@get(f"{PAYOUT}/statement.csv", opt=door(PAID), tags=TAGS, media_type=CSV)
async def read_statement_csv(payout_id: FromPath[UUID], caller: FromCaller) -> Response[str]:
    """The entries of a statement as CSV."""
    told = await caller.ask(statement_of, PayoutId(payout_id), None)
    return Response(statement_csv(told), media_type=CSV)


@post("/api/v1/payouts/exports", opt=door(PAYS, key=False), tags=TAGS)
async def export_payouts(data: JSONBody[ExportBody], caller: FromCaller) -> ExportAnswer:
    """Put open payouts into a file for the bank."""
    ids = tuple(map(PayoutId, data.payout_ids))
    answer: ExportAnswer = await caller.send(ExportPayouts(ids))
    return answer


@get("/api/v1/payouts/exports/{export_id:uuid}/file", opt=door(PAID), tags=TAGS, media_type=CSV)
async def read_export(export_id: FromPath[UUID], caller: FromCaller) -> Response[str]:
    """The file of an export: one row a transfer."""
    file = await caller.ask(export_file, PayoutExportId(export_id))
    return Response(export_csv(file), media_type=CSV)


@post(f"{PAYOUT}/pay", opt=door(PAYS, key=False), tags=TAGS, status_code=HTTP_200_OK)
async def pay(
    payout_id: FromPath[UUID], data: JSONBody[PaidBody], caller: FromCaller
) -> Response[PayoutView]:
    """Note that the bank paid; the books say so from then on."""
    id = PayoutId(payout_id)
    await caller.send(PayPayout(id, data.reference, data.version))
    return await _payout(caller, id)


@post(f"{PAYOUT}/cancel", opt=door(PAYS, key=False), tags=TAGS, status_code=HTTP_200_OK)
async def cancel(payout_id: FromPath[UUID], caller: FromCaller) -> Response[PayoutView]:
    """Give up a payout that was not paid; the next run finds its entries again."""
    id = PayoutId(payout_id)
    await caller.send(CancelPayout(id))
    return await _payout(caller, id)


async def _vendor(caller: Caller, id: VendorId, *, status: int = 200) -> Response[VendorView]:
    view = await caller.ask(vendor_page, id)
    place = f"/api/v1/vendors/{id}" if status == 201 else ""
    return versioned(view, view.version, status=status, location=place)


async def _rule(caller: Caller, id: CommissionRuleId, *, status: int = 200) -> Response[RuleView]:
    view = await caller.ask(rule_page, id)
    return versioned(view, view.version, status=status)


async def _payout(caller: Caller, id: PayoutId) -> Response[PayoutView]:
    view = await caller.ask(payout_page, id)
    return versioned(view, view.version)


ROUTES = (
    list_vendors,
    create_vendor,
    read_vendor,
    change_vendor,
    move_vendor,
    list_rules,
    make_rule,
    rate_rule,
    end_rule,
    read_vendors_of_order,
    list_runs,
    run_payouts,
    list_payouts,
    read_payout,
    read_statement,
    read_statement_csv,
    export_payouts,
    read_export,
    pay,
    cancel,
)
