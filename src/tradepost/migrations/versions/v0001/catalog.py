"""The first tables of catalog."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DOCUMENT, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _categories()
    _products()
    _product_categories()
    _product_locations()
    _variants()


def _categories() -> None:
    op.create_table(
        "categories",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("slug", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("updated_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["categories.tenant_id", "categories.id"],
            name="categories_parent_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="categories_pk"),
        sa.UniqueConstraint("tenant_id", "slug", name="categories_slug_uq"),
    )
    op.create_index(
        "categories_parent_id_ix", "categories", ["tenant_id", "parent_id"], unique=False
    )


def _products() -> None:
    op.create_table(
        "products",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("title_key", TEXT, nullable=False),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("vendor_id", ID, nullable=True),
        sa.Column("store_id", ID, nullable=True),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("everywhere", WHOLE, nullable=False),
        sa.Column("options", DOCUMENT, nullable=False),
        sa.Column("images", DOCUMENT, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("updated_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="products_pk"),
        sa.UniqueConstraint("tenant_id", "slug", name="products_slug_uq"),
    )
    op.create_index(
        "products_status_created_at_id_ix",
        "products",
        ["tenant_id", "status", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "products_status_title_key_id_ix",
        "products",
        ["tenant_id", "status", "title_key", "id"],
        unique=False,
    )
    op.create_index(
        "products_title_key_id_ix", "products", ["tenant_id", "title_key", "id"], unique=False
    )
    op.create_index("products_vendor_id_ix", "products", ["tenant_id", "vendor_id"], unique=False)


def _product_categories() -> None:
    op.create_table(
        "product_categories",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("product_id", ID, nullable=False),
        sa.Column("category_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "category_id"],
            ["categories.tenant_id", "categories.id"],
            name="product_categories_category_id_fk",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"],
            ["products.tenant_id", "products.id"],
            name="product_categories_product_id_fk",
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "product_id", "category_id", name="product_categories_pk"
        ),
    )
    op.create_index(
        "product_categories_category_id_product_id_ix",
        "product_categories",
        ["tenant_id", "category_id", "product_id"],
        unique=False,
    )


def _product_locations() -> None:
    op.create_table(
        "product_locations",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("product_id", ID, nullable=False),
        sa.Column("location_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"],
            ["products.tenant_id", "products.id"],
            name="product_locations_product_id_fk",
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "product_id", "location_id", name="product_locations_pk"
        ),
    )
    op.create_index(
        "product_locations_location_id_product_id_ix",
        "product_locations",
        ["tenant_id", "location_id", "product_id"],
        unique=False,
    )


def _variants() -> None:
    op.create_table(
        "variants",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("product_id", ID, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("sku", TEXT, nullable=False),
        sa.Column("sku_key", TEXT, nullable=False),
        sa.Column("barcode", TEXT, nullable=True),
        sa.Column("barcode_key", TEXT, nullable=True),
        sa.Column("fulfillment_type", TEXT, nullable=False),
        sa.Column("price_micros", WHOLE, nullable=False),
        sa.Column("compare_at_micros", WHOLE, nullable=True),
        sa.Column("tax_class", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("price_per", WHOLE, nullable=False),
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("weight_grams", WHOLE, nullable=True),
        sa.Column("backorder", WHOLE, nullable=False),
        sa.Column("stocked", WHOLE, nullable=False),
        sa.Column("listed", WHOLE, nullable=False),
        sa.Column("option_values", DOCUMENT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("price_micros >= 0", name="variants_price_ck"),
        sa.CheckConstraint("step >= 1 and price_per >= 1", name="variants_step_ck"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_id"],
            ["products.tenant_id", "products.id"],
            name="variants_product_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="variants_pk"),
        sa.UniqueConstraint("tenant_id", "barcode_key", name="variants_barcode_key_uq"),
        sa.UniqueConstraint("tenant_id", "sku_key", name="variants_sku_key_uq"),
    )
    op.create_index(
        "variants_product_id_position_ix",
        "variants",
        ["tenant_id", "product_id", "position"],
        unique=False,
    )
