"""The first tables of customers."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DOCUMENT, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _customer_groups()
    _customers()
    _addresses()


def _customer_groups() -> None:
    op.create_table(
        "customer_groups",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="customer_groups_pk"),
        sa.UniqueConstraint("tenant_id", "code", name="customer_groups_code_uq"),
    )


def _customers() -> None:
    op.create_table(
        "customers",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("external_code", TEXT, nullable=True),
        sa.Column("given_name", TEXT, nullable=False),
        sa.Column("family_name", TEXT, nullable=False),
        sa.Column("company", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=True),
        sa.Column("email_key", TEXT, nullable=True),
        sa.Column("phone", TEXT, nullable=True),
        sa.Column("group_id", ID, nullable=True),
        sa.Column("tax_exempt", WHOLE, nullable=False),
        sa.Column("tax_number", TEXT, nullable=False),
        sa.Column("consents", DOCUMENT, nullable=False),
        sa.Column("notes", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("merged_into", ID, nullable=True),
        sa.Column("search_key", TEXT, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "group_id"],
            ["customer_groups.tenant_id", "customer_groups.id"],
            name="customers_group_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="customers_pk"),
        sa.UniqueConstraint("tenant_id", "external_code", name="customers_external_code_uq"),
    )
    op.create_index("customers_email_key_ix", "customers", ["tenant_id", "email_key"], unique=False)
    op.create_index("customers_group_id_ix", "customers", ["tenant_id", "group_id"], unique=False)
    op.create_index("customers_phone_ix", "customers", ["tenant_id", "phone"], unique=False)
    op.create_index(
        "customers_search_key_id_ix", "customers", ["tenant_id", "search_key", "id"], unique=False
    )


def _addresses() -> None:
    op.create_table(
        "addresses",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("country", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("line1", TEXT, nullable=False),
        sa.Column("line2", TEXT, nullable=False),
        sa.Column("postcode", TEXT, nullable=False),
        sa.Column("city", TEXT, nullable=False),
        sa.Column("region", TEXT, nullable=False),
        sa.Column("phone", TEXT, nullable=False),
        sa.Column("is_default", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name="addresses_customer_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="addresses_pk"),
    )
    op.create_index(
        "addresses_customer_id_ix", "addresses", ["tenant_id", "customer_id"], unique=False
    )
