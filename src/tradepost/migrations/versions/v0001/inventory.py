"""The first tables of inventory."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DOCUMENT, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _demand_marks()
    _holders()
    _reservation_requests()
    _reservations()
    _shortfalls()
    _stock_counts()
    _stock_movements()
    _stocks()
    _transfer_orders()
    _stock_count_lines()


def _demand_marks() -> None:
    op.create_table(
        "demand_marks",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("marked_at", WHOLE, nullable=False),
        sa.Column("warmed_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "variant_id", name="demand_marks_pk"),
    )
    op.create_index(
        "demand_marks_warmed_at_ix", "demand_marks", ["tenant_id", "warmed_at"], unique=False
    )


def _holders() -> None:
    op.create_table(
        "holders",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("carts", DOCUMENT, nullable=False),
        sa.Column("changed_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "person", name="holders_pk"),
    )
    op.create_index("holders_changed_at_ix", "holders", ["tenant_id", "changed_at"], unique=False)


def _reservation_requests() -> None:
    op.create_table(
        "reservation_requests",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("cart_id", ID, nullable=False),
        sa.Column("is_hot", WHOLE, nullable=False),
        sa.Column("lines", DOCUMENT, nullable=False),
        sa.Column("locations", DOCUMENT, nullable=False),
        sa.Column("terms", DOCUMENT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("requested_at", WHOLE, nullable=False),
        sa.Column("cart_version", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="reservation_requests_pk"),
    )
    op.create_index(
        "reservation_requests_cart_ix",
        "reservation_requests",
        ["tenant_id", "cart_id"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
        sqlite_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "reservation_requests_lane_ix",
        "reservation_requests",
        ["tenant_id", "is_hot", "requested_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
        sqlite_where=sa.text("state = 'pending'"),
    )


def _reservations() -> None:
    op.create_table(
        "reservations",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("owner_kind", TEXT, nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("line_id", ID, nullable=False),
        sa.Column("location_id", ID, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("quantity", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("made_at", WHOLE, nullable=False),
        sa.Column("expires_at", WHOLE, nullable=True),
        sa.CheckConstraint("quantity > 0", name="reservations_quantity_ck"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="reservations_pk"),
    )
    op.create_index(
        "reservations_active_ix",
        "reservations",
        ["tenant_id", "variant_id", "location_id"],
        unique=False,
        postgresql_where=sa.text("state = 'active'"),
        sqlite_where=sa.text("state = 'active'"),
    )
    op.create_index(
        "reservations_expiry_ix",
        "reservations",
        ["tenant_id", "expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'active' AND expires_at IS NOT NULL"),
        sqlite_where=sa.text("state = 'active' AND expires_at IS NOT NULL"),
    )
    op.create_index(
        "reservations_owner_id_ix", "reservations", ["tenant_id", "owner_id"], unique=False
    )


def _shortfalls() -> None:
    op.create_table(
        "shortfalls",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("location_id", ID, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("missing", WHOLE, nullable=False),
        sa.Column("order_ids", DOCUMENT, nullable=False),
        sa.Column("cause_kind", TEXT, nullable=False),
        sa.Column("cause_id", ID, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("raised_at", WHOLE, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="shortfalls_pk"),
    )
    op.create_index(
        "shortfalls_state_raised_at_ix",
        "shortfalls",
        ["tenant_id", "state", "raised_at"],
        unique=False,
    )


def _stock_counts() -> None:
    op.create_table(
        "stock_counts",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("location_id", ID, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("started_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="stock_counts_pk"),
    )
    op.create_index(
        "stock_counts_state_started_at_ix",
        "stock_counts",
        ["tenant_id", "state", "started_at"],
        unique=False,
    )


def _stock_movements() -> None:
    op.create_table(
        "stock_movements",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("location_id", ID, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("delta", WHOLE, nullable=False),
        sa.Column("cause_kind", TEXT, nullable=False),
        sa.Column("cause_id", ID, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.CheckConstraint("delta <> 0", name="stock_movements_delta_ck"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="stock_movements_pk"),
    )
    op.create_index(
        "stock_movements_cause_id_ix", "stock_movements", ["tenant_id", "cause_id"], unique=False
    )
    op.create_index(
        "stock_movements_variant_id_at_ix",
        "stock_movements",
        ["tenant_id", "variant_id", "at"],
        unique=False,
    )


def _stocks() -> None:
    op.create_table(
        "stocks",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("location_id", ID, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("on_hand", WHOLE, nullable=False),
        sa.Column("held", WHOLE, nullable=False),
        sa.Column("allocated", WHOLE, nullable=False),
        sa.Column("safety", WHOLE, nullable=False),
        sa.Column("allows_backorder", WHOLE, nullable=False),
        sa.Column("is_hot", WHOLE, nullable=False),
        sa.Column("received_total", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("allocated >= 0", name="stocks_allocated_ck"),
        sa.CheckConstraint("held >= 0", name="stocks_held_ck"),
        sa.CheckConstraint("received_total >= 0", name="stocks_received_total_ck"),
        sa.CheckConstraint("safety >= 0", name="stocks_safety_ck"),
        sa.PrimaryKeyConstraint("tenant_id", "location_id", "variant_id", name="stocks_pk"),
        postgresql_with={"fillfactor": 50},
    )
    op.create_index(
        "stocks_hot_ix",
        "stocks",
        ["tenant_id", "variant_id"],
        unique=False,
        postgresql_where=sa.text("is_hot = 1"),
        sqlite_where=sa.text("is_hot = 1"),
    )
    op.create_index("stocks_variant_id_ix", "stocks", ["tenant_id", "variant_id"], unique=False)


def _transfer_orders() -> None:
    op.create_table(
        "transfer_orders",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("from_location_id", ID, nullable=False),
        sa.Column("to_location_id", ID, nullable=False),
        sa.Column("lines", DOCUMENT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("made_at", WHOLE, nullable=False),
        sa.Column("received", DOCUMENT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="transfer_orders_pk"),
    )
    op.create_index(
        "transfer_orders_state_made_at_ix",
        "transfer_orders",
        ["tenant_id", "state", "made_at"],
        unique=False,
    )


def _stock_count_lines() -> None:
    op.create_table(
        "stock_count_lines",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("count_id", ID, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("counted", WHOLE, nullable=False),
        sa.Column("expected", WHOLE, nullable=False),
        sa.Column("counted_at", WHOLE, nullable=False),
        sa.CheckConstraint("counted >= 0", name="stock_count_lines_counted_ck"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "count_id"],
            ["stock_counts.tenant_id", "stock_counts.id"],
            name="stock_count_lines_count_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "count_id", "variant_id", name="stock_count_lines_pk"),
    )
