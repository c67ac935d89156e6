"""The first tables of payments."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DAY, DOCUMENT, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _credit_note_numbers()
    _credit_notes()
    _payments()
    _gateway_events()
    _payment_allocations()
    _refunds()
    _gateway_calls()


def _credit_note_numbers() -> None:
    op.create_table(
        "credit_note_numbers",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("series", TEXT, nullable=False),
        sa.Column("next", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "series", name="credit_note_numbers_pk"),
    )


def _credit_notes() -> None:
    op.create_table(
        "credit_notes",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("order_id", ID, nullable=True),
        sa.Column("return_id", ID, nullable=True),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("total_amount", WHOLE, nullable=False),
        sa.Column("tax_amount", WHOLE, nullable=False),
        sa.Column("lines", DOCUMENT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("issued_at", WHOLE, nullable=False),
        sa.Column("business_date", DAY, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="credit_notes_pk"),
        sa.UniqueConstraint("tenant_id", "number", name="credit_notes_number_uq"),
    )
    op.create_index(
        "credit_notes_customer_id_ix", "credit_notes", ["tenant_id", "customer_id"], unique=False
    )
    op.create_index(
        "credit_notes_order_id_ix", "credit_notes", ["tenant_id", "order_id"], unique=False
    )
    op.create_index(
        "credit_notes_return_id_ix", "credit_notes", ["tenant_id", "return_id"], unique=False
    )


def _payments() -> None:
    op.create_table(
        "payments",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("method", TEXT, nullable=False),
        sa.Column("gateway", TEXT, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("amount_amount", WHOLE, nullable=False),
        sa.Column("captured_amount", WHOLE, nullable=False),
        sa.Column("allocated_amount", WHOLE, nullable=False),
        sa.Column("tip_amount", WHOLE, nullable=False),
        sa.Column("refunded_amount", WHOLE, nullable=False),
        sa.Column("credit_refunded_amount", WHOLE, nullable=False),
        sa.Column("shares", DOCUMENT, nullable=False),
        sa.Column("promised", DOCUMENT, nullable=False),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("held_by", ID, nullable=True),
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("opened_at", WHOLE, nullable=False),
        sa.Column("captured_at", WHOLE, nullable=True),
        sa.Column("settled_at", WHOLE, nullable=True),
        sa.Column("business_date", DAY, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.CheckConstraint(
            "allocated_amount + credit_refunded_amount <= captured_amount",
            name="payments_allocated_ck",
        ),
        sa.CheckConstraint("captured_amount <= amount_amount", name="payments_captured_ck"),
        sa.CheckConstraint(
            "refunded_amount between credit_refunded_amount and captured_amount",
            name="payments_refunded_ck",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="payments_pk"),
    )
    op.create_index(
        "payments_customer_id_ix", "payments", ["tenant_id", "customer_id"], unique=False
    )
    op.create_index("payments_opened_at_ix", "payments", ["tenant_id", "opened_at"], unique=False)
    op.create_index("payments_reference_ix", "payments", ["tenant_id", "reference"], unique=False)
    op.create_index(
        "payments_state_opened_at_ix", "payments", ["tenant_id", "state", "opened_at"], unique=False
    )


def _gateway_events() -> None:
    op.create_table(
        "gateway_events",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("gateway", TEXT, nullable=False),
        sa.Column("event_id", TEXT, nullable=False),
        sa.Column("payment_id", ID, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("result", TEXT, nullable=False),
        sa.Column("heard_at", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payments.tenant_id", "payments.id"],
            name="gateway_events_payment_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "gateway", "event_id", name="gateway_events_pk"),
    )
    op.create_index(
        "gateway_events_payment_id_ix", "gateway_events", ["tenant_id", "payment_id"], unique=False
    )


def _payment_allocations() -> None:
    op.create_table(
        "payment_allocations",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("payment_id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("amount_amount", WHOLE, nullable=False),
        sa.Column("refunded_amount", WHOLE, nullable=False),
        sa.Column("allocated_at", WHOLE, nullable=False),
        sa.CheckConstraint("amount_amount > 0", name="payment_allocations_amount_ck"),
        sa.CheckConstraint(
            "refunded_amount <= amount_amount", name="payment_allocations_refunded_ck"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payments.tenant_id", "payments.id"],
            name="payment_allocations_payment_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="payment_allocations_pk"),
    )
    op.create_index(
        "payment_allocations_order_id_ix",
        "payment_allocations",
        ["tenant_id", "order_id"],
        unique=False,
    )
    op.create_index(
        "payment_allocations_payment_id_ix",
        "payment_allocations",
        ["tenant_id", "payment_id"],
        unique=False,
    )


def _refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("payment_id", ID, nullable=True),
        sa.Column("order_id", ID, nullable=True),
        sa.Column("return_id", ID, nullable=True),
        sa.Column("credit_note_id", ID, nullable=True),
        sa.Column("method", TEXT, nullable=False),
        sa.Column("gateway", TEXT, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("amount_amount", WHOLE, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("requested_at", WHOLE, nullable=False),
        sa.Column("closed_at", WHOLE, nullable=True),
        sa.Column("settled_at", WHOLE, nullable=True),
        sa.Column("business_date", DAY, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("needs_review", WHOLE, nullable=False),
        sa.CheckConstraint("amount_amount > 0", name="refunds_amount_ck"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "credit_note_id"],
            ["credit_notes.tenant_id", "credit_notes.id"],
            name="refunds_credit_note_id_fk",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payments.tenant_id", "payments.id"],
            name="refunds_payment_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="refunds_pk"),
    )
    op.create_index("refunds_order_id_ix", "refunds", ["tenant_id", "order_id"], unique=False)
    op.create_index("refunds_payment_id_ix", "refunds", ["tenant_id", "payment_id"], unique=False)
    op.create_index("refunds_return_id_ix", "refunds", ["tenant_id", "return_id"], unique=False)
    op.create_index(
        "refunds_state_requested_at_ix",
        "refunds",
        ["tenant_id", "state", "requested_at"],
        unique=False,
    )


def _gateway_calls() -> None:
    op.create_table(
        "gateway_calls",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("payment_id", ID, nullable=False),
        sa.Column("refund_id", ID, nullable=True),
        sa.Column("gateway", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("amount_amount", WHOLE, nullable=False),
        sa.Column("token", TEXT, nullable=False),
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=True),
        sa.Column("intended_at", WHOLE, nullable=False),
        sa.Column("answered_at", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payments.tenant_id", "payments.id"],
            name="gateway_calls_payment_id_fk",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "refund_id"],
            ["refunds.tenant_id", "refunds.id"],
            name="gateway_calls_refund_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="gateway_calls_pk"),
    )
    op.create_index(
        "gateway_calls_answered_at_intended_at_ix",
        "gateway_calls",
        ["tenant_id", "answered_at", "intended_at"],
        unique=False,
    )
    op.create_index(
        "gateway_calls_payment_id_ix", "gateway_calls", ["tenant_id", "payment_id"], unique=False
    )
