"""The tables of the mall."""

from __future__ import annotations

from tradepost.mall.domain import CommissionRule, Payout, PayoutEntry, PayoutRun, Vendor
from tradepost.platform.db.keeper import Keeper
from tradepost.platform.db.schema import Mapper, tenant_table

vendors = tenant_table(
    "vendors",
    Vendor,
    unique=[("code",)],
    checks={"commission": "commission_ppm BETWEEN 0 AND 1000000"},
)
commission_rules = tenant_table(
    "commission_rules",
    CommissionRule,
    indexes=[("vendor_id",)],
    references={"vendor_id": "vendors", "product_id": "products", "category_id": "categories"},
    checks={"commission": "commission_ppm BETWEEN 0 AND 1000000"},
)
payout_runs = tenant_table("payout_runs", PayoutRun, unique=[("until",)])
payouts = tenant_table(
    "payouts",
    Payout,
    unique=[("run_id", "vendor_id", "currency")],
    indexes=[("vendor_id", "until"), ("state", "until"), ("export_id",)],
    references={"run_id": "payout_runs", "vendor_id": "vendors"},
    checks={"amount": "amount_amount > 0"},
)
payout_entries = tenant_table(
    "payout_entries",
    PayoutEntry,
    key=("transfer_id",),
    indexes=[("payout_id",)],
    references={"transfer_id": "transfers"},  # payouts are made of what was claimed for them
)
VENDORS = Keeper("vendor", Vendor, vendors)
RULES = Keeper("commission rule", CommissionRule, commission_rules)
PAYOUT_ROWS = Mapper(Payout, payouts)
RUN_ROWS = Mapper(PayoutRun, payout_runs)
