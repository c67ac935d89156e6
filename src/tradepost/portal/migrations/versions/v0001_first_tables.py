"""The first tables of the portal."""

import sqlalchemy as sa
from alembic import op

from tradepost.portal.migrations.columns import DOCUMENT, ID, TEXT, WHOLE


def upgrade() -> None:
    """Create them, owners before what refers to them."""
    _people()
    _tenants()
    _calls()
    _sessions()
    _transitions()
    _databases()


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("email_key", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("password_hash", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("epoch", WHOLE, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="people_pk"),
        sa.UniqueConstraint("email_key", name="people_email_key_uq"),
    )


def _tenants() -> None:
    op.create_table(
        "tenants",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("default_currency", TEXT, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("time_zone", TEXT, nullable=False),
        sa.Column("owner_email", TEXT, nullable=False),
        sa.Column("owner_key", TEXT, nullable=False),
        sa.Column("owner_name", TEXT, nullable=False),
        sa.Column("cell", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("last_step", WHOLE, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="tenants_pk"),
        sa.UniqueConstraint("code", name="tenants_code_uq"),
    )
    op.create_index("tenants_owner_key_ix", "tenants", ["owner_key"], unique=False)


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("wished_by", ID, nullable=True),
        sa.Column("wished_by_email", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("wished_at", WHOLE, nullable=False),
        sa.Column("tries", WHOLE, nullable=False),
        sa.Column("next_at", WHOLE, nullable=False),
        sa.Column("problem", TEXT, nullable=False),
        sa.Column("checks", DOCUMENT, nullable=False),
        sa.Column("answered_at", WHOLE, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="calls_tenant_id_fk"),
        sa.PrimaryKeyConstraint("id", name="calls_pk"),
    )
    op.create_index("calls_state_next_at_ix", "calls", ["state", "next_at"], unique=False)
    op.create_index("calls_tenant_id_ix", "calls", ["tenant_id"], unique=False)


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("epoch", WHOLE, nullable=False),
        sa.Column("started_at", WHOLE, nullable=False),
        sa.Column("expires_at", WHOLE, nullable=False),
        sa.Column("ended_at", WHOLE, nullable=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="sessions_person_id_fk"),
        sa.PrimaryKeyConstraint("id", name="sessions_pk"),
    )


def _transitions() -> None:
    op.create_table(
        "transitions",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("state_before", TEXT, nullable=False),
        sa.Column("state_after", TEXT, nullable=False),
        sa.Column("changed_by", ID, nullable=True),
        sa.Column("changed_by_email", TEXT, nullable=False),
        sa.Column("changed_at", WHOLE, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="transitions_tenant_id_fk"),
        sa.PrimaryKeyConstraint("id", name="transitions_pk"),
        sa.UniqueConstraint("tenant_id", "version", name="transitions_tenant_version_uq"),
    )


def _databases() -> None:
    op.create_table(
        "databases",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("port", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("user", TEXT, nullable=False),
        sa.Column("tls", TEXT, nullable=False),
        sa.Column("sealed", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("checks", DOCUMENT, nullable=False),
        sa.Column("submitted_by_email", TEXT, nullable=False),
        sa.Column("submitted_at", WHOLE, nullable=False),
        sa.Column("checked_at", WHOLE, nullable=True),
        sa.Column("call_id", ID, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="databases_call_id_fk"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="databases_tenant_id_fk"),
        sa.PrimaryKeyConstraint("id", name="databases_pk"),
    )
    op.create_index("databases_tenant_id_ix", "databases", ["tenant_id"], unique=False)
