"""The first tables of fulfillment."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DAY, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _digital_files()
    _download_grants()
    _returns()
    _shipments()
    _downloads()
    _return_lines()
    _shipment_lines()


def _digital_files() -> None:
    op.create_table(
        "digital_files",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("file_name", TEXT, nullable=False),
        sa.Column("media_type", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("link_hours", WHOLE, nullable=True),
        sa.Column("downloads_max", WHOLE, nullable=True),
        sa.Column("changed_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("size >= 0", name="digital_files_size_ck"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="digital_files_pk"),
        sa.UniqueConstraint("tenant_id", "variant_id", name="digital_files_variant_id_uq"),
    )


def _download_grants() -> None:
    op.create_table(
        "download_grants",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("order_line_id", ID, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("downloads_max", WHOLE, nullable=False),
        sa.Column("downloads_used", WHOLE, nullable=False),
        sa.Column("granted_at", WHOLE, nullable=False),
        sa.Column("expires_at", WHOLE, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint(
            "downloads_used BETWEEN 0 AND downloads_max", name="download_grants_used_ck"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["orders.tenant_id", "orders.id"],
            name="download_grants_order_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="download_grants_pk"),
        sa.UniqueConstraint("tenant_id", "order_line_id", name="download_grants_order_line_id_uq"),
    )
    op.create_index(
        "download_grants_order_id_ix", "download_grants", ["tenant_id", "order_id"], unique=False
    )


def _returns() -> None:
    op.create_table(
        "returns",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=True),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("external_code", TEXT, nullable=True),
        sa.Column("country", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("total_amount", WHOLE, nullable=False),
        sa.Column("requested_at", WHOLE, nullable=False),
        sa.Column("closed_at", WHOLE, nullable=True),
        sa.Column("business_date", DAY, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"], ["orders.tenant_id", "orders.id"], name="returns_order_id_fk"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="returns_pk"),
    )
    op.create_index(
        "returns_external_code_ix", "returns", ["tenant_id", "external_code"], unique=False
    )
    op.create_index("returns_order_id_ix", "returns", ["tenant_id", "order_id"], unique=False)
    op.create_index(
        "returns_requested_at_ix", "returns", ["tenant_id", "requested_at"], unique=False
    )


def _shipments() -> None:
    op.create_table(
        "shipments",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("carrier", TEXT, nullable=False),
        sa.Column("tracking_number", TEXT, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("shipped_at", WHOLE, nullable=True),
        sa.Column("delivered_at", WHOLE, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("vendor_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["orders.tenant_id", "orders.id"],
            name="shipments_order_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="shipments_pk"),
    )
    op.create_index("shipments_order_id_ix", "shipments", ["tenant_id", "order_id"], unique=False)


def _downloads() -> None:
    op.create_table(
        "downloads",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("grant_id", ID, nullable=False),
        sa.Column("client", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("began_at", WHOLE, nullable=False),
        sa.Column("promised", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "grant_id"],
            ["download_grants.tenant_id", "download_grants.id"],
            name="downloads_grant_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="downloads_pk"),
    )
    op.create_index(
        "downloads_grant_id_client_began_at_ix",
        "downloads",
        ["tenant_id", "grant_id", "client", "began_at"],
        unique=False,
    )


def _return_lines() -> None:
    op.create_table(
        "return_lines",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("return_id", ID, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("order_line_id", ID, nullable=True),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("sku", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("fulfillment_type", TEXT, nullable=False),
        sa.Column("quantity", WHOLE, nullable=False),
        sa.Column("unit_price_micros", WHOLE, nullable=False),
        sa.Column("price_per", WHOLE, nullable=False),
        sa.Column("amount_amount", WHOLE, nullable=False),
        sa.Column("tax_amount", WHOLE, nullable=False),
        sa.Column("disposition", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("stocked", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "return_id"],
            ["returns.tenant_id", "returns.id"],
            name="return_lines_return_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="return_lines_pk"),
    )
    op.create_index(
        "return_lines_return_id_ix", "return_lines", ["tenant_id", "return_id"], unique=False
    )


def _shipment_lines() -> None:
    op.create_table(
        "shipment_lines",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("shipment_id", ID, nullable=False),
        sa.Column("order_line_id", ID, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("quantity", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "shipment_id"],
            ["shipments.tenant_id", "shipments.id"],
            name="shipment_lines_shipment_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="shipment_lines_pk"),
    )
    op.create_index(
        "shipment_lines_shipment_id_ix",
        "shipment_lines",
        ["tenant_id", "shipment_id"],
        unique=False,
    )
