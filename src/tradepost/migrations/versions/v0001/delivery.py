"""The first tables of delivery."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DOCUMENT, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _couriers()
    _hand_ins()
    _zones()
    _deliveries()
    _pick_tasks()
    _slots()
    _zone_prefixes()
    _delivery_signatures()
    _pick_lines()


def _couriers() -> None:
    op.create_table(
        "couriers",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("location_id", ID, nullable=False),
        sa.Column("zone_ids", DOCUMENT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("on_duty", WHOLE, nullable=False),
        sa.Column("duty_since", WHOLE, nullable=True),
        sa.Column("hired_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="couriers_pk"),
    )
    op.create_index(
        "couriers_location_id_ix", "couriers", ["tenant_id", "location_id"], unique=False
    )


def _hand_ins() -> None:
    op.create_table(
        "hand_ins",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("courier_id", ID, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("owed_amount", WHOLE, nullable=False),
        sa.Column("counted_amount", WHOLE, nullable=False),
        sa.Column("missing_amount", WHOLE, nullable=False),
        sa.Column("payment_ids", DOCUMENT, nullable=False),
        sa.Column("settlement_id", ID, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("received_by", ID, nullable=True),
        sa.Column("at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="hand_ins_pk"),
    )
    op.create_index("hand_ins_courier_id_ix", "hand_ins", ["tenant_id", "courier_id"], unique=False)


def _zones() -> None:
    op.create_table(
        "zones",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("location_id", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("country", TEXT, nullable=False),
        sa.Column("prefixes", DOCUMENT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("fee_amount", WHOLE, nullable=False),
        sa.Column("free_from_amount", WHOLE, nullable=True),
        sa.Column("minimum_amount", WHOLE, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="zones_pk"),
    )
    op.create_index("zones_location_id_ix", "zones", ["tenant_id", "location_id"], unique=False)


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("order_number", WHOLE, nullable=False),
        sa.Column("location_id", ID, nullable=True),
        sa.Column("zone_id", ID, nullable=True),
        sa.Column("slot_id", ID, nullable=True),
        sa.Column("due_at", WHOLE, nullable=True),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("courier_id", ID, nullable=True),
        sa.Column("declined_by", DOCUMENT, nullable=False),
        sa.Column("attempt", WHOLE, nullable=False),
        sa.Column("shipment_id", ID, nullable=True),
        sa.Column("payment_id", ID, nullable=True),
        sa.Column("proof_kind", TEXT, nullable=True),
        sa.Column("proof", TEXT, nullable=False),
        sa.Column("failure", TEXT, nullable=False),
        sa.Column("opened_at", WHOLE, nullable=False),
        sa.Column("assigned_at", WHOLE, nullable=True),
        sa.Column("accepted_at", WHOLE, nullable=True),
        sa.Column("picked_up_at", WHOLE, nullable=True),
        sa.Column("closed_at", WHOLE, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["orders.tenant_id", "orders.id"],
            name="deliveries_order_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="deliveries_pk"),
        sa.UniqueConstraint("tenant_id", "order_id", name="deliveries_order_id_uq"),
    )
    op.create_index(
        "deliveries_courier_id_state_ix",
        "deliveries",
        ["tenant_id", "courier_id", "state"],
        unique=False,
    )
    op.create_index(
        "deliveries_opened_at_ix", "deliveries", ["tenant_id", "opened_at"], unique=False
    )
    op.create_index(
        "deliveries_state_location_id_ix",
        "deliveries",
        ["tenant_id", "state", "location_id"],
        unique=False,
    )


def _pick_tasks() -> None:
    op.create_table(
        "pick_tasks",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("order_number", WHOLE, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("location_id", ID, nullable=True),
        sa.Column("slot_id", ID, nullable=True),
        sa.Column("due_at", WHOLE, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("picker_id", ID, nullable=True),
        sa.Column("opened_at", WHOLE, nullable=False),
        sa.Column("started_at", WHOLE, nullable=True),
        sa.Column("completed_at", WHOLE, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["orders.tenant_id", "orders.id"],
            name="pick_tasks_order_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pick_tasks_pk"),
        sa.UniqueConstraint("tenant_id", "order_id", name="pick_tasks_order_id_uq"),
    )
    op.create_index(
        "pick_tasks_state_opened_at_ix",
        "pick_tasks",
        ["tenant_id", "state", "opened_at"],
        unique=False,
    )


def _slots() -> None:
    op.create_table(
        "slots",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("zone_id", ID, nullable=False),
        sa.Column("starts_at", WHOLE, nullable=False),
        sa.Column("ends_at", WHOLE, nullable=False),
        sa.Column("orders_until", WHOLE, nullable=False),
        sa.Column("capacity", WHOLE, nullable=False),
        sa.Column("taken", WHOLE, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity", name="slots_taken_ck"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "zone_id"], ["zones.tenant_id", "zones.id"], name="slots_zone_id_fk"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="slots_pk"),
        sa.UniqueConstraint("tenant_id", "zone_id", "starts_at", name="slots_zone_id_starts_at_uq"),
    )


def _zone_prefixes() -> None:
    op.create_table(
        "zone_prefixes",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("country", TEXT, nullable=False),
        sa.Column("prefix", TEXT, nullable=False),
        sa.Column("zone_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "zone_id"],
            ["zones.tenant_id", "zones.id"],
            name="zone_prefixes_zone_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "country", "prefix", name="zone_prefixes_pk"),
    )
    op.create_index(
        "zone_prefixes_zone_id_ix", "zone_prefixes", ["tenant_id", "zone_id"], unique=False
    )


def _delivery_signatures() -> None:
    op.create_table(
        "delivery_signatures",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("image", TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["deliveries.tenant_id", "deliveries.id"],
            name="delivery_signatures_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="delivery_signatures_pk"),
    )


def _pick_lines() -> None:
    op.create_table(
        "pick_lines",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("pick_task_id", ID, nullable=False),
        sa.Column("order_line_id", ID, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("sku", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("unit", TEXT, nullable=False),
        sa.Column("price_per", WHOLE, nullable=False),
        sa.Column("price_micros", WHOLE, nullable=False),
        sa.Column("ordered", WHOLE, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("allowed", DOCUMENT, nullable=False),
        sa.Column("picked", WHOLE, nullable=False),
        sa.Column("short", WHOLE, nullable=False),
        sa.Column("replaced", WHOLE, nullable=False),
        sa.Column("over", WHOLE, nullable=False),
        sa.Column("substitute_id", ID, nullable=True),
        sa.Column("substitute_sku", TEXT, nullable=False),
        sa.Column("substitute_title", TEXT, nullable=False),
        sa.Column("substitute_units", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pick_task_id"],
            ["pick_tasks.tenant_id", "pick_tasks.id"],
            name="pick_lines_pick_task_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pick_lines_pk"),
    )
    op.create_index(
        "pick_lines_pick_task_id_ix", "pick_lines", ["tenant_id", "pick_task_id"], unique=False
    )
