"""Every identifier in a row of a shop, and the row it names, which lies in the same shop.

Under row-level security a row of another shop cannot be seen, so what names one names nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table

from tradepost.platform.db.schema import TENANT_OWNED, metadata
from tradepost.platform.db.types import IdType
from tradepost.wiring.doctor.law import IN_ORDER

BY_COLUMN = {
    "cart_id": "carts",
    "category_id": "categories",
    "charge_id": "card_charges",
    "count_id": "stock_counts",
    "courier_id": "couriers",
    "credit_note_id": "credit_notes",
    "customer_group_id": "customer_groups",
    "customer_id": "customers",
    "grant_id": "download_grants",
    "from_location_id": "locations",
    "group_id": "customer_groups",
    "held_by": "couriers",
    "into_id": "tabs",
    "location_id": "locations",
    "merged_into": "customers",
    "order_id": "orders",
    "order_line_id": "order_lines",
    "payment_id": "payments",
    "payout_id": "payouts",
    "price_list_id": "price_lists",
    "product_id": "products",
    "refund_id": "refunds",
    "register_id": "registers",
    "return_id": "returns",
    "round_id": "rounds",
    "round_line_id": "round_lines",
    "run_id": "payout_runs",
    "service_variant_id": "variants",
    "shift_id": "shifts",
    "slip_id": "till_receipts",
    "shipment_id": "shipments",
    "slot_id": "slots",
    "store_id": "stores",
    "substitute_id": "variants",
    "tab_id": "tabs",
    "to_location_id": "locations",
    "transfer_id": "transfers",
    "variant_id": "variants",
    "zone_id": "zones",
    "vendor_id": "vendors",
}
"""What a column names wherever it stands; a foreign key of the schema says so by itself."""

BY_KIND = {
    ("reservations", "owner_id", "owner_kind"): {"cart": "carts", "order": "orders"},
    ("stock_movements", "cause_id", "cause_kind"): {
        "count": "stock_counts",
        "order": "orders",
        "return": "returns",
        "shipment": "shipments",
        "transfer_order": "transfer_orders",
    },
    ("shortfalls", "cause_id", "cause_kind"): {
        "count": "stock_counts",
        "shipment": "shipments",
        "transfer_order": "transfer_orders",
    },
    ("transfers", "document_id", "document_kind"): {
        "credit_note": "credit_notes",
        "credit_note_reversal": "credit_notes",
        "drawer_movement": "drawer_movements",
        "order": "orders",
        "payment": "payments",
        "payout": "payouts",
        "refund": "refunds",
        "return": "returns",
    },
    ("sign_ins", "subject_id", "kind"): {
        "courier": "courier_accounts",
        "customer": "accounts",
        "staff": "staff",
    },
}
"""Columns that name rows of several tables; the column beside them tells of which."""

NAMES_NO_ROW = {
    "actor_id": "customers and staff may be gone, what they did is not",
    "cashier_id": "as actor_id",
    "changed_by": "as actor_id",
    "closed_by": "as actor_id",
    "document_id": "the timeline repeats what facts say",
    "export_id": "what payouts in one file for the bank share",
    "event_id": "facts of the log, kept apart from their consumers",
    "id": "the row itself",
    "journal_id": "what transfers of one fact share",
    "opened_by": "as actor_id",
    "line_id": "lines of carts lie in a document; stock.of_orders looks at those of orders",
    "picker_id": "as actor_id",
    "received_by": "as actor_id",
    "settlement_id": "a settlement has no row of its own",
    "sale_id": "a card may be charged for a sale that is not kept yet",
    "stream_id": "facts.true looks there",
    "waiter_id": "as actor_id",
}
"""Identifiers that name no row, and why."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column of a table that names rows of another, in rows of one kind or in all."""

    table: str
    column: str
    target: str
    kind_column: str | None = None
    kind: str | None = None

    @property
    def named(self) -> str:
        """What is named."""
        once = "" if self.column in _OFTEN_DIFFERENT else "DISTINCT "
        only = f" AND {self.kind_column} = '{self.kind}'" if self.kind else ""
        if (self.table, self.column) == ("stock_movements", "location_id"):
            only += IN_ORDER
        return f"""SELECT {once}{self.column} AS named FROM {self.table}
                    WHERE tenant_id = :tenant AND {self.column} IS NOT NULL{only}"""  # noqa: S608  names of the schema

    @property
    def query(self) -> str:
        """What is named and is not there."""
        return f"""
            SELECT '{self.table}' AS tab, '{self.column}' AS col, c.named,
                   'a row of {self.target}' AS expected, 'none' AS found
              FROM ({self.named}) AS c
              LEFT JOIN {self.target} AS p ON p.tenant_id = :tenant AND p.id = c.named
             WHERE p.id IS NULL"""  # noqa: S608  names of the schema


_OFTEN_DIFFERENT = frozenset({"order_line_id"})
"""Columns in which nearly every row names another: there it does not pay to name each only once."""


def references() -> list[Reference]:
    """All of them.

    :raises KeyError: for an identifier that is accounted for nowhere above.
    """
    owned = [table for table in metadata.sorted_tables if table.info.get(TENANT_OWNED)]
    return [one for table in owned for one in _of(table)]


def _of(table: Table) -> Iterator[Reference]:
    keys = {
        element.parent.name: element.column.table.name
        for constraint in table.foreign_key_constraints
        for element in constraint.elements
    }
    several = {
        column: (kind_column, targets)
        for (name, column, kind_column), targets in BY_KIND.items()
        if name == table.name
    }
    for column in table.columns:
        name = column.name
        if name == "tenant_id" or not isinstance(column.type, IdType):
            continue
        if name in several:
            kind_column, targets = several[name]
            for kind, target in targets.items():
                yield Reference(table.name, name, target, kind_column, kind)
        elif name in keys:
            yield Reference(table.name, name, keys[name])
        elif name not in NAMES_NO_ROW:
            yield Reference(table.name, name, BY_COLUMN[name])
