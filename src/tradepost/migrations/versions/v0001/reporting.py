"""The first tables of reporting."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DAY, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _order_figures()
    _order_timeline()
    _sales_by_day()


def _order_figures() -> None:
    op.create_table(
        "order_figures",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("orders", WHOLE, nullable=False),
        sa.Column("units", WHOLE, nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "order_id", name="order_figures_pk"),
    )


def _order_timeline() -> None:
    op.create_table(
        "order_timeline",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("actor_kind", TEXT, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("status", TEXT, nullable=True),
        sa.Column("payment_status", TEXT, nullable=True),
        sa.Column("fulfillment_status", TEXT, nullable=True),
        sa.Column("document_id", ID, nullable=True),
        sa.Column("currency", TEXT, nullable=True),
        sa.Column("amount", WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "order_id", "seq", name="order_timeline_pk"),
    )
    op.create_index("order_timeline_at_ix", "order_timeline", ["tenant_id", "at"], unique=False)


def _sales_by_day() -> None:
    op.create_table(
        "sales_by_day",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("day", DAY, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("orders", WHOLE, nullable=False),
        sa.Column("units", WHOLE, nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "day", "currency", name="sales_by_day_pk"),
    )
