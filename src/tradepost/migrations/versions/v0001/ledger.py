"""The first tables of ledger."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DAY, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _transfers()


def _transfers() -> None:
    op.create_table(
        "transfers",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("journal_id", ID, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("debit", TEXT, nullable=False),
        sa.Column("credit", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("amount_amount", WHOLE, nullable=False),
        sa.Column("document_kind", TEXT, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("business_date", DAY, nullable=False),
        sa.Column("posted_at", WHOLE, nullable=False),
        sa.CheckConstraint("amount_amount > 0", name="transfers_amount_ck"),
        sa.CheckConstraint("debit <> credit", name="transfers_accounts_ck"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="transfers_pk"),
    )
    op.create_index(
        "transfers_business_date_code_ix",
        "transfers",
        ["tenant_id", "business_date", "code"],
        unique=False,
    )
    op.create_index(
        "transfers_document_id_ix", "transfers", ["tenant_id", "document_id"], unique=False
    )
    op.create_index(
        "transfers_vendor_credit_ix",
        "transfers",
        ["tenant_id", "credit", "business_date"],
        unique=False,
        postgresql_where=sa.text("substr(credit, 1, 15) = 'vendor_payable:'"),
        sqlite_where=sa.text("substr(credit, 1, 15) = 'vendor_payable:'"),
    )
    op.create_index(
        "transfers_vendor_debit_ix",
        "transfers",
        ["tenant_id", "debit", "business_date"],
        unique=False,
        postgresql_where=sa.text("substr(debit, 1, 15) = 'vendor_payable:'"),
        sqlite_where=sa.text("substr(debit, 1, 15) = 'vendor_payable:'"),
    )
