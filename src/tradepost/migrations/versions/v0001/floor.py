"""The first tables of floor."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DAY, DOCUMENT, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _units()
    _floor_areas()
    _sold_out_marks()
    _stations()
    _floor_tables()
    _kitchen_tickets()
    _kitchen_lines()
    _tabs()
    _checks()
    _rounds()
    _check_payments()
    _round_lines()


def _units() -> None:
    op.create_table(
        "units",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("location_id", ID, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("service_ppm", WHOLE, nullable=False),
        sa.Column("service_variant_id", ID, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["locations.tenant_id", "locations.id"],
            name="units_location_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="units_pk"),
        sa.UniqueConstraint("tenant_id", "code", name="units_code_uq"),
    )


def _floor_areas() -> None:
    op.create_table(
        "floor_areas",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"], ["units.tenant_id", "units.id"], name="floor_areas_unit_id_fk"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="floor_areas_pk"),
        sa.UniqueConstraint(
            "tenant_id", "unit_id", "position", name="floor_areas_unit_id_position_uq"
        ),
    )


def _sold_out_marks() -> None:
    op.create_table(
        "sold_out_marks",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("until", WHOLE, nullable=True),
        sa.Column("marked_at", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name="sold_out_marks_unit_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="sold_out_marks_pk"),
        sa.UniqueConstraint(
            "tenant_id", "unit_id", "variant_id", name="sold_out_marks_unit_id_variant_id_uq"
        ),
    )


def _stations() -> None:
    op.create_table(
        "stations",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("product_ids", DOCUMENT, nullable=False),
        sa.Column("category_ids", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"], ["units.tenant_id", "units.id"], name="stations_unit_id_fk"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="stations_pk"),
        sa.UniqueConstraint(
            "tenant_id", "unit_id", "position", name="stations_unit_id_position_uq"
        ),
    )


def _floor_tables() -> None:
    op.create_table(
        "floor_tables",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("area_id", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("seats", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("in_use", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "area_id"],
            ["floor_areas.tenant_id", "floor_areas.id"],
            name="floor_tables_area_id_fk",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name="floor_tables_unit_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="floor_tables_pk"),
        sa.UniqueConstraint(
            "tenant_id", "unit_id", "position", name="floor_tables_unit_id_position_uq"
        ),
    )


def _kitchen_tickets() -> None:
    op.create_table(
        "kitchen_tickets",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("station_id", ID, nullable=False),
        sa.Column("tab_id", ID, nullable=False),
        sa.Column("round_id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("is_done", WHOLE, nullable=False),
        sa.Column("prints", WHOLE, nullable=False),
        sa.Column("made_at", WHOLE, nullable=False),
        sa.Column("changed_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "station_id"],
            ["stations.tenant_id", "stations.id"],
            name="kitchen_tickets_station_id_fk",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["units.tenant_id", "units.id"],
            name="kitchen_tickets_unit_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="kitchen_tickets_pk"),
    )
    op.create_index(
        "kitchen_tickets_round_id_ix", "kitchen_tickets", ["tenant_id", "round_id"], unique=False
    )
    op.create_index(
        "kitchen_tickets_station_id_is_done_made_at_ix",
        "kitchen_tickets",
        ["tenant_id", "station_id", "is_done", "made_at"],
        unique=False,
    )
    op.create_index(
        "kitchen_tickets_tab_id_ix", "kitchen_tickets", ["tenant_id", "tab_id"], unique=False
    )


def _kitchen_lines() -> None:
    op.create_table(
        "kitchen_lines",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("round_id", ID, nullable=False),
        sa.Column("round_line_id", ID, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("quantity", WHOLE, nullable=False),
        sa.Column("voided", WHOLE, nullable=False),
        sa.Column("extras", DOCUMENT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("course", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("begun_at", WHOLE, nullable=True),
        sa.Column("ready_at", WHOLE, nullable=True),
        sa.Column("served_at", WHOLE, nullable=True),
        sa.CheckConstraint("voided >= 0 AND voided <= quantity", name="kitchen_lines_voided_ck"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["kitchen_tickets.tenant_id", "kitchen_tickets.id"],
            name="kitchen_lines_ticket_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="kitchen_lines_pk"),
        sa.UniqueConstraint("tenant_id", "round_line_id", name="kitchen_lines_round_line_id_uq"),
    )
    op.create_index(
        "kitchen_lines_round_id_ix", "kitchen_lines", ["tenant_id", "round_id"], unique=False
    )
    op.create_index(
        "kitchen_lines_ticket_id_ix", "kitchen_lines", ["tenant_id", "ticket_id"], unique=False
    )


def _tabs() -> None:
    op.create_table(
        "tabs",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("table_id", ID, nullable=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("guests", WHOLE, nullable=False),
        sa.Column("waiter_id", ID, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("opened_at", WHOLE, nullable=False),
        sa.Column("business_date", DAY, nullable=False),
        sa.Column("closed_at", WHOLE, nullable=True),
        sa.Column("into_id", ID, nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "table_id"],
            ["floor_tables.tenant_id", "floor_tables.id"],
            name="tabs_table_id_fk",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"], ["units.tenant_id", "units.id"], name="tabs_unit_id_fk"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="tabs_pk"),
        sa.UniqueConstraint("tenant_id", "number", name="tabs_number_uq"),
    )
    op.create_index("tabs_business_date_ix", "tabs", ["tenant_id", "business_date"], unique=False)
    op.create_index(
        "tabs_table_id_state_ix", "tabs", ["tenant_id", "table_id", "state"], unique=False
    )
    op.create_index(
        "tabs_unit_id_state_opened_at_ix",
        "tabs",
        ["tenant_id", "unit_id", "state", "opened_at"],
        unique=False,
    )


def _checks() -> None:
    op.create_table(
        "checks",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("tab_id", ID, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("amount_amount", WHOLE, nullable=False),
        sa.Column("paid_amount", WHOLE, nullable=False),
        sa.Column("tip_amount", WHOLE, nullable=False),
        sa.Column("items", DOCUMENT, nullable=False),
        sa.Column("made_at", WHOLE, nullable=False),
        sa.Column("paid_at", WHOLE, nullable=True),
        sa.CheckConstraint(
            "paid_amount >= 0 AND paid_amount <= amount_amount", name="checks_paid_ck"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "tab_id"], ["tabs.tenant_id", "tabs.id"], name="checks_tab_id_fk"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="checks_pk"),
    )
    op.create_index("checks_tab_id_ix", "checks", ["tenant_id", "tab_id"], unique=False)


def _rounds() -> None:
    op.create_table(
        "rounds",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("tab_id", ID, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("is_service", WHOLE, nullable=False),
        sa.Column("order_id", ID, nullable=True),
        sa.Column("order_number", WHOLE, nullable=True),
        sa.Column("drafted_at", WHOLE, nullable=False),
        sa.Column("sent_at", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "tab_id"], ["tabs.tenant_id", "tabs.id"], name="rounds_tab_id_fk"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="rounds_pk"),
        sa.UniqueConstraint("tenant_id", "order_id", name="rounds_order_id_uq"),
    )
    op.create_index("rounds_tab_id_ix", "rounds", ["tenant_id", "tab_id"], unique=False)


def _check_payments() -> None:
    op.create_table(
        "check_payments",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("check_id", ID, nullable=False),
        sa.Column("tab_id", ID, nullable=False),
        sa.Column("payment_id", ID, nullable=False),
        sa.Column("method", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("amount_amount", WHOLE, nullable=False),
        sa.Column("tip_amount", WHOLE, nullable=False),
        sa.Column("tendered_amount", WHOLE, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "check_id"],
            ["checks.tenant_id", "checks.id"],
            name="check_payments_check_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="check_payments_pk"),
        sa.UniqueConstraint("tenant_id", "payment_id", name="check_payments_payment_id_uq"),
    )
    op.create_index(
        "check_payments_tab_id_ix", "check_payments", ["tenant_id", "tab_id"], unique=False
    )


def _round_lines() -> None:
    op.create_table(
        "round_lines",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("round_id", ID, nullable=False),
        sa.Column("tab_id", ID, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("sku", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("quantity", WHOLE, nullable=False),
        sa.Column("voided", WHOLE, nullable=False),
        sa.Column("course", WHOLE, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("modifiers", DOCUMENT, nullable=False),
        sa.Column("order_line_id", ID, nullable=True),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("gross_amount", WHOLE, nullable=False),
        sa.CheckConstraint("voided >= 0 AND voided <= quantity", name="round_lines_voided_ck"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "round_id"],
            ["rounds.tenant_id", "rounds.id"],
            name="round_lines_round_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="round_lines_pk"),
        sa.UniqueConstraint("tenant_id", "order_line_id", name="round_lines_order_line_id_uq"),
    )
    op.create_index(
        "round_lines_round_id_ix", "round_lines", ["tenant_id", "round_id"], unique=False
    )
    op.create_index("round_lines_tab_id_ix", "round_lines", ["tenant_id", "tab_id"], unique=False)
