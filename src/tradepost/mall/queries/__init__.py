"""The mall, looked at."""

from tradepost.mall.queries.payouts import (
    ExportFile,
    PayoutView,
    RunView,
    Statement,
    export_file,
    payout_page,
    payout_rows,
    runs_page,
    statement_of,
)
from tradepost.mall.queries.vendors import (
    RuleView,
    VendorView,
    rule_page,
    rule_rows,
    vendor_page,
    vendor_rows,
)
from tradepost.mall.queries.windows import (
    own_order,
    own_orders,
    own_parcel,
    own_parcels,
    own_product,
    own_products,
    vendors_of_order,
)

__all__ = [
    "ExportFile",
    "PayoutView",
    "RuleView",
    "RunView",
    "Statement",
    "VendorView",
    "export_file",
    "own_order",
    "own_orders",
    "own_parcel",
    "own_parcels",
    "own_product",
    "own_products",
    "payout_page",
    "payout_rows",
    "rule_page",
    "rule_rows",
    "runs_page",
    "statement_of",
    "vendor_page",
    "vendor_rows",
    "vendors_of_order",
]
