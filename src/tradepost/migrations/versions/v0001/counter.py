"""The first tables of counter."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DAY, DOCUMENT, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _registers()
    _card_charges()
    _sales()
    _set_aside_sales()
    _shifts()
    _drawer_movements()
    _tenders()
    _till_receipts()


def _registers() -> None:
    op.create_table(
        "registers",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("location_id", ID, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("favourites", DOCUMENT, nullable=False),
        sa.Column("shift_id", ID, nullable=True),
        sa.Column("receipts", WHOLE, nullable=False),
        sa.Column("shifts", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["locations.tenant_id", "locations.id"],
            name="registers_location_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="registers_pk"),
        sa.UniqueConstraint("tenant_id", "code", name="registers_code_uq"),
    )


def _card_charges() -> None:
    op.create_table(
        "card_charges",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("sale_id", ID, nullable=False),
        sa.Column("register_id", ID, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("amount_amount", WHOLE, nullable=False),
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("asked_at", WHOLE, nullable=False),
        sa.Column("answered_at", WHOLE, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "register_id"],
            ["registers.tenant_id", "registers.id"],
            name="card_charges_register_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="card_charges_pk"),
    )
    op.create_index(
        "card_charges_sale_id_ix", "card_charges", ["tenant_id", "sale_id"], unique=False
    )
    op.create_index(
        "card_charges_state_asked_at_ix",
        "card_charges",
        ["tenant_id", "state", "asked_at"],
        unique=False,
    )


def _sales() -> None:
    op.create_table(
        "sales",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("register_id", ID, nullable=False),
        sa.Column("shift_id", ID, nullable=False),
        sa.Column("cashier_id", ID, nullable=True),
        sa.Column("customer_id", ID, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("lines", DOCUMENT, nullable=False),
        sa.Column("discount_amount", WHOLE, nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("order_id", ID, nullable=True),
        sa.Column("slip_id", ID, nullable=True),
        sa.Column("total_amount", WHOLE, nullable=False),
        sa.Column("change_amount", WHOLE, nullable=False),
        sa.Column("flags", DOCUMENT, nullable=False),
        sa.Column("review", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("begun_at", WHOLE, nullable=False),
        sa.Column("sold_at", WHOLE, nullable=True),
        sa.Column("voided_at", WHOLE, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"], ["orders.tenant_id", "orders.id"], name="sales_order_id_fk"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "register_id"],
            ["registers.tenant_id", "registers.id"],
            name="sales_register_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="sales_pk"),
    )
    op.create_index(
        "sales_register_id_state_begun_at_ix",
        "sales",
        ["tenant_id", "register_id", "state", "begun_at"],
        unique=False,
    )
    op.create_index(
        "sales_review_sold_at_ix", "sales", ["tenant_id", "review", "sold_at"], unique=False
    )
    op.create_index("sales_shift_id_ix", "sales", ["tenant_id", "shift_id"], unique=False)


def _set_aside_sales() -> None:
    op.create_table(
        "set_aside_sales",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("register_id", ID, nullable=False),
        sa.Column("cashier_id", ID, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("sold_at", WHOLE, nullable=False),
        sa.Column("set_aside_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "register_id"],
            ["registers.tenant_id", "registers.id"],
            name="set_aside_sales_register_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="set_aside_sales_pk"),
    )
    op.create_index(
        "set_aside_sales_state_set_aside_at_ix",
        "set_aside_sales",
        ["tenant_id", "state", "set_aside_at"],
        unique=False,
    )


def _shifts() -> None:
    op.create_table(
        "shifts",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("register_id", ID, nullable=False),
        sa.Column("location_id", ID, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("opened_by", ID, nullable=True),
        sa.Column("closed_by", ID, nullable=True),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("opening_amount", WHOLE, nullable=False),
        sa.Column("expected_amount", WHOLE, nullable=True),
        sa.Column("counted_amount", WHOLE, nullable=True),
        sa.Column("opened_at", WHOLE, nullable=False),
        sa.Column("counting_at", WHOLE, nullable=True),
        sa.Column("closed_at", WHOLE, nullable=True),
        sa.Column("business_date", DAY, nullable=False),
        sa.Column("closing", DOCUMENT, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "register_id"],
            ["registers.tenant_id", "registers.id"],
            name="shifts_register_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="shifts_pk"),
        sa.UniqueConstraint(
            "tenant_id", "register_id", "number", name="shifts_register_id_number_uq"
        ),
    )
    op.create_index(
        "shifts_register_id_opened_at_ix",
        "shifts",
        ["tenant_id", "register_id", "opened_at"],
        unique=False,
    )


def _drawer_movements() -> None:
    op.create_table(
        "drawer_movements",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("register_id", ID, nullable=False),
        sa.Column("shift_id", ID, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("amount_amount", WHOLE, nullable=False),
        sa.Column("rounding_amount", WHOLE, nullable=False),
        sa.Column("document_id", ID, nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("cashier_id", ID, nullable=True),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("business_date", DAY, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "register_id"],
            ["registers.tenant_id", "registers.id"],
            name="drawer_movements_register_id_fk",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "shift_id"],
            ["shifts.tenant_id", "shifts.id"],
            name="drawer_movements_shift_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="drawer_movements_pk"),
    )
    op.create_index(
        "drawer_movements_document_id_ix",
        "drawer_movements",
        ["tenant_id", "document_id"],
        unique=False,
    )
    op.create_index(
        "drawer_movements_shift_id_at_ix",
        "drawer_movements",
        ["tenant_id", "shift_id", "at"],
        unique=False,
    )


def _tenders() -> None:
    op.create_table(
        "tenders",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("sale_id", ID, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("method", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("amount_amount", WHOLE, nullable=False),
        sa.Column("change_amount", WHOLE, nullable=False),
        sa.Column("payment_id", ID, nullable=True),
        sa.Column("charge_id", ID, nullable=True),
        sa.Column("reference", TEXT, nullable=False),
        sa.CheckConstraint(
            "amount_amount > 0 and change_amount between 0 and amount_amount",
            name="tenders_amount_ck",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payments.tenant_id", "payments.id"],
            name="tenders_payment_id_fk",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sale_id"], ["sales.tenant_id", "sales.id"], name="tenders_sale_id_fk"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="tenders_pk"),
    )
    op.create_index("tenders_sale_id_ix", "tenders", ["tenant_id", "sale_id"], unique=False)


def _till_receipts() -> None:
    op.create_table(
        "till_receipts",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("register_id", ID, nullable=False),
        sa.Column("shift_id", ID, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("sale_id", ID, nullable=True),
        sa.Column("return_id", ID, nullable=True),
        sa.Column("is_void", WHOLE, nullable=False),
        sa.Column("printed", WHOLE, nullable=False),
        sa.Column("text", DOCUMENT, nullable=False),
        sa.Column("given_at", WHOLE, nullable=False),
        sa.CheckConstraint("number > 0", name="till_receipts_number_ck"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "register_id"],
            ["registers.tenant_id", "registers.id"],
            name="till_receipts_register_id_fk",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "return_id"],
            ["returns.tenant_id", "returns.id"],
            name="till_receipts_return_id_fk",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sale_id"],
            ["sales.tenant_id", "sales.id"],
            name="till_receipts_sale_id_fk",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "shift_id"],
            ["shifts.tenant_id", "shifts.id"],
            name="till_receipts_shift_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="till_receipts_pk"),
        sa.UniqueConstraint(
            "tenant_id", "register_id", "number", name="till_receipts_register_id_number_uq"
        ),
        sa.UniqueConstraint("tenant_id", "sale_id", name="till_receipts_sale_id_uq"),
    )
    op.create_index(
        "till_receipts_shift_id_number_ix",
        "till_receipts",
        ["tenant_id", "shift_id", "number"],
        unique=False,
    )
