"""The first tables of identity."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DOCUMENT, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _accounts()
    _courier_accounts()
    _roles()
    _sign_ins()
    _staff()
    _pins()


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("email_key", TEXT, nullable=False),
        sa.Column("password_hash", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("token_epoch", WHOLE, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="accounts_pk"),
        sa.UniqueConstraint("tenant_id", "email_key", name="accounts_email_key_uq"),
    )


def _courier_accounts() -> None:
    op.create_table(
        "courier_accounts",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("email", TEXT, nullable=True),
        sa.Column("email_key", TEXT, nullable=True),
        sa.Column("phone", TEXT, nullable=True),
        sa.Column("password_hash", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("token_epoch", WHOLE, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="courier_accounts_pk"),
        sa.UniqueConstraint("tenant_id", "email_key", name="courier_accounts_email_key_uq"),
        sa.UniqueConstraint("tenant_id", "phone", name="courier_accounts_phone_uq"),
    )


def _roles() -> None:
    op.create_table(
        "roles",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("permissions", DOCUMENT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="roles_pk"),
        sa.UniqueConstraint("tenant_id", "code", name="roles_code_uq"),
    )


def _sign_ins() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("previous_hash", TEXT, nullable=True),
        sa.Column("renewed_at", WHOLE, nullable=False),
        sa.Column("started_at", WHOLE, nullable=False),
        sa.Column("expires_at", WHOLE, nullable=False),
        sa.Column("ended_at", WHOLE, nullable=True),
        sa.Column("end_reason", TEXT, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("device", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("by_pin", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="sign_ins_pk"),
    )
    op.create_index("sign_ins_expires_at_ix", "sign_ins", ["tenant_id", "expires_at"], unique=False)
    op.create_index(
        "sign_ins_kind_subject_id_ended_at_ix",
        "sign_ins",
        ["tenant_id", "kind", "subject_id", "ended_at"],
        unique=False,
    )


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("email_key", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("password_hash", TEXT, nullable=False),
        sa.Column("roles", DOCUMENT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("token_epoch", WHOLE, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("vendor_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="staff_pk"),
        sa.UniqueConstraint("tenant_id", "email_key", name="staff_email_key_uq"),
    )


def _pins() -> None:
    op.create_table(
        "pins",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("pin_hash", TEXT, nullable=False),
        sa.Column("tries", WHOLE, nullable=False),
        sa.Column("chosen_at", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"], ["staff.tenant_id", "staff.id"], name="pins_id_fk"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pins_pk"),
    )
