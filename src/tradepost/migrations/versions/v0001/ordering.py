"""The first tables of ordering."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DAY, DOCUMENT, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _carts()
    _document_numbers()
    _orders()
    _order_lines()


def _carts() -> None:
    op.create_table(
        "carts",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("email", TEXT, nullable=True),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("lines", DOCUMENT, nullable=False),
        sa.Column("ship_to", DOCUMENT, nullable=True),
        sa.Column("delivery", TEXT, nullable=False),
        sa.Column("location_id", ID, nullable=True),
        sa.Column("slot_id", ID, nullable=True),
        sa.Column("payment_method", TEXT, nullable=False),
        sa.Column("opened_at", WHOLE, nullable=False),
        sa.Column("changed_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="carts_pk"),
    )
    op.create_index(
        "carts_customer_id_state_ix", "carts", ["tenant_id", "customer_id", "state"], unique=False
    )


def _document_numbers() -> None:
    op.create_table(
        "document_numbers",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("series", TEXT, nullable=False),
        sa.Column("next", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "series", name="document_numbers_pk"),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("delivery", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("store_id", ID, nullable=True),
        sa.Column("location_id", ID, nullable=True),
        sa.Column("slot_id", ID, nullable=True),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("cart_id", ID, nullable=True),
        sa.Column("external_code", TEXT, nullable=True),
        sa.Column("email", TEXT, nullable=True),
        sa.Column("ship_to", DOCUMENT, nullable=False),
        sa.Column("payment_method", TEXT, nullable=False),
        sa.Column("tax_included", WHOLE, nullable=False),
        sa.Column("subtotal_amount", WHOLE, nullable=False),
        sa.Column("discount_amount", WHOLE, nullable=False),
        sa.Column("shipping_amount", WHOLE, nullable=False),
        sa.Column("shipping_tax_amount", WHOLE, nullable=False),
        sa.Column("cod_fee_amount", WHOLE, nullable=False),
        sa.Column("cod_fee_tax_amount", WHOLE, nullable=False),
        sa.Column("tax_amount", WHOLE, nullable=False),
        sa.Column("rounding_amount", WHOLE, nullable=False),
        sa.Column("total_amount", WHOLE, nullable=False),
        sa.Column("paid_amount", WHOLE, nullable=False),
        sa.Column("promised_amount", WHOLE, nullable=False),
        sa.Column("refunded_amount", WHOLE, nullable=False),
        sa.Column("credited_amount", WHOLE, nullable=False),
        sa.Column("units_to_ship", WHOLE, nullable=False),
        sa.Column("units_shipped", WHOLE, nullable=False),
        sa.Column("stage", TEXT, nullable=False),
        sa.Column("placed_at", WHOLE, nullable=False),
        sa.Column("business_date", DAY, nullable=False),
        sa.Column("closed_at", WHOLE, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="orders_pk"),
        sa.UniqueConstraint("tenant_id", "cart_id", name="orders_cart_id_uq"),
        sa.UniqueConstraint("tenant_id", "number", name="orders_number_uq"),
    )
    op.create_index("orders_customer_id_ix", "orders", ["tenant_id", "customer_id"], unique=False)
    op.create_index(
        "orders_external_code_ix", "orders", ["tenant_id", "external_code"], unique=False
    )
    op.create_index("orders_placed_at_ix", "orders", ["tenant_id", "placed_at"], unique=False)
    op.create_index(
        "orders_state_placed_at_ix", "orders", ["tenant_id", "state", "placed_at"], unique=False
    )


def _order_lines() -> None:
    op.create_table(
        "order_lines",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("product_id", ID, nullable=False),
        sa.Column("sku", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("fulfillment_type", TEXT, nullable=False),
        sa.Column("quantity", WHOLE, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("price_per", WHOLE, nullable=False),
        sa.Column("unit_price_micros", WHOLE, nullable=False),
        sa.Column("amount_amount", WHOLE, nullable=False),
        sa.Column("discount_amount", WHOLE, nullable=False),
        sa.Column("discount_agreed_amount", WHOLE, nullable=False),
        sa.Column("tax_amount", WHOLE, nullable=False),
        sa.Column("tax_agreed_amount", WHOLE, nullable=False),
        sa.Column("tax_class", TEXT, nullable=False),
        sa.Column("tax_ppm", WHOLE, nullable=False),
        sa.Column("vendor_id", ID, nullable=True),
        sa.Column("contract", DOCUMENT, nullable=True),
        sa.Column("commission_ppm", WHOLE, nullable=False),
        sa.Column("commission_amount", WHOLE, nullable=False),
        sa.Column("stocked", WHOLE, nullable=False),
        sa.Column("shipped", WHOLE, nullable=False),
        sa.Column("returned", WHOLE, nullable=False),
        sa.Column("cancelled", WHOLE, nullable=False),
        sa.Column("substitution", DOCUMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["orders.tenant_id", "orders.id"],
            name="order_lines_order_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="order_lines_pk"),
    )
    op.create_index(
        "order_lines_order_id_ix", "order_lines", ["tenant_id", "order_id"], unique=False
    )
    op.create_index(
        "order_lines_vendor_ix",
        "order_lines",
        ["tenant_id", "vendor_id", "order_id"],
        unique=False,
        postgresql_where=sa.text("vendor_id IS NOT NULL"),
        sqlite_where=sa.text("vendor_id IS NOT NULL"),
    )
