"""The first tables of mall."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DAY, DOCUMENT, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _payout_runs()
    _vendors()
    _commission_rules()
    _payout_entries()
    _payouts()


def _payout_runs() -> None:
    op.create_table(
        "payout_runs",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("until", DAY, nullable=False),
        sa.Column("made_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="payout_runs_pk"),
        sa.UniqueConstraint("tenant_id", "until", name="payout_runs_until_uq"),
    )


def _vendors() -> None:
    op.create_table(
        "vendors",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("commission_ppm", WHOLE, nullable=False),
        sa.Column("seller", TEXT, nullable=False),
        sa.Column("shipping", TEXT, nullable=False),
        sa.Column("cod_fee", TEXT, nullable=False),
        sa.Column("discount", TEXT, nullable=False),
        sa.Column("payout_least", WHOLE, nullable=False),
        sa.Column("bank", DOCUMENT, nullable=True),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("commission_ppm BETWEEN 0 AND 1000000", name="vendors_commission_ck"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="vendors_pk"),
        sa.UniqueConstraint("tenant_id", "code", name="vendors_code_uq"),
    )


def _commission_rules() -> None:
    op.create_table(
        "commission_rules",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("vendor_id", ID, nullable=True),
        sa.Column("category_id", ID, nullable=True),
        sa.Column("product_id", ID, nullable=True),
        sa.Column("commission_ppm", WHOLE, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("ended_at", WHOLE, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint(
            "commission_ppm BETWEEN 0 AND 1000000", name="commission_rules_commission_ck"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "category_id"],
            ["categories.tenant_id", "categories.id"],
            name="commission_rules_category_id_fk",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"],
            ["products.tenant_id", "products.id"],
            name="commission_rules_product_id_fk",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "vendor_id"],
            ["vendors.tenant_id", "vendors.id"],
            name="commission_rules_vendor_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="commission_rules_pk"),
    )
    op.create_index(
        "commission_rules_vendor_id_ix",
        "commission_rules",
        ["tenant_id", "vendor_id"],
        unique=False,
    )


def _payout_entries() -> None:
    op.create_table(
        "payout_entries",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("transfer_id", ID, nullable=False),
        sa.Column("payout_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "transfer_id"],
            ["transfers.tenant_id", "transfers.id"],
            name="payout_entries_transfer_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "transfer_id", name="payout_entries_pk"),
    )
    op.create_index(
        "payout_entries_payout_id_ix", "payout_entries", ["tenant_id", "payout_id"], unique=False
    )


def _payouts() -> None:
    op.create_table(
        "payouts",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("vendor_id", ID, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("amount_amount", WHOLE, nullable=False),
        sa.Column("entries", WHOLE, nullable=False),
        sa.Column("since", DAY, nullable=True),
        sa.Column("until", DAY, nullable=False),
        sa.Column("export_id", ID, nullable=True),
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("exported_at", WHOLE, nullable=True),
        sa.Column("paid_at", WHOLE, nullable=True),
        sa.Column("cancelled_at", WHOLE, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("amount_amount > 0", name="payouts_amount_ck"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["payout_runs.tenant_id", "payout_runs.id"],
            name="payouts_run_id_fk",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "vendor_id"],
            ["vendors.tenant_id", "vendors.id"],
            name="payouts_vendor_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="payouts_pk"),
        sa.UniqueConstraint(
            "tenant_id",
            "run_id",
            "vendor_id",
            "currency",
            name="payouts_run_id_vendor_id_currency_uq",
        ),
    )
    op.create_index("payouts_export_id_ix", "payouts", ["tenant_id", "export_id"], unique=False)
    op.create_index(
        "payouts_state_until_ix", "payouts", ["tenant_id", "state", "until"], unique=False
    )
    op.create_index(
        "payouts_vendor_id_until_ix", "payouts", ["tenant_id", "vendor_id", "until"], unique=False
    )
