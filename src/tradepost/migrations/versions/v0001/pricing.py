"""The first tables of pricing."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DAY, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _price_lists()
    _tax_exemptions()
    _tax_rates()
    _list_prices()


def _price_lists() -> None:
    op.create_table(
        "price_lists",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=True),
        sa.Column("location_id", ID, nullable=True),
        sa.Column("customer_group_id", ID, nullable=True),
        sa.Column("valid_from", DAY, nullable=True),
        sa.Column("valid_to", DAY, nullable=True),
        sa.Column("priority", WHOLE, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("updated_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="price_lists_pk"),
    )
    op.create_index(
        "price_lists_status_name_id_ix",
        "price_lists",
        ["tenant_id", "status", "name", "id"],
        unique=False,
    )


def _tax_exemptions() -> None:
    op.create_table(
        "tax_exemptions",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("customer_group_id", ID, nullable=True),
        sa.Column("country", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("valid_from", DAY, nullable=False),
        sa.Column("valid_to", DAY, nullable=True),
        sa.Column("updated_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="tax_exemptions_pk"),
    )
    op.create_index(
        "tax_exemptions_customer_group_id_ix",
        "tax_exemptions",
        ["tenant_id", "customer_group_id"],
        unique=False,
    )
    op.create_index(
        "tax_exemptions_customer_id_ix",
        "tax_exemptions",
        ["tenant_id", "customer_id"],
        unique=False,
    )


def _tax_rates() -> None:
    op.create_table(
        "tax_rates",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("tax_class", TEXT, nullable=False),
        sa.Column("country", TEXT, nullable=False),
        sa.Column("region", TEXT, nullable=False),
        sa.Column("supply", TEXT, nullable=False),
        sa.Column("rate_ppm", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("valid_from", DAY, nullable=False),
        sa.Column("valid_to", DAY, nullable=True),
        sa.Column("updated_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("rate_ppm >= 0", name="tax_rates_rate_ck"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="tax_rates_pk"),
        sa.UniqueConstraint(
            "tenant_id",
            "tax_class",
            "country",
            "region",
            "supply",
            "valid_from",
            name="tax_rates_tax_class_country_region_supply_valid_from_uq",
        ),
    )


def _list_prices() -> None:
    op.create_table(
        "list_prices",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("price_list_id", ID, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("price_micros", WHOLE, nullable=False),
        sa.CheckConstraint("price_micros >= 0", name="list_prices_price_ck"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "price_list_id"],
            ["price_lists.tenant_id", "price_lists.id"],
            name="list_prices_price_list_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "price_list_id", "variant_id", name="list_prices_pk"),
    )
    op.create_index(
        "list_prices_variant_id_price_list_id_ix",
        "list_prices",
        ["tenant_id", "variant_id", "price_list_id"],
        unique=False,
    )
