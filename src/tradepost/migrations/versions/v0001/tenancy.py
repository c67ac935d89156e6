"""The first tables of tenancy."""

import sqlalchemy as sa
from alembic import op

from tradepost.migrations.columns import DOCUMENT, ID, TEXT, WHOLE


def create() -> None:
    """Create them, owners before what refers to them."""
    _provisioning_steps()
    _stores()
    _tenant_transitions()
    _tenants()
    _locations()
    _tenant_hosts()


def _provisioning_steps() -> None:
    op.create_table(
        "provisioning_steps",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("state_after", TEXT, nullable=False),
        sa.Column("checks", DOCUMENT, nullable=False),
        sa.Column("taken_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "number", name="provisioning_steps_pk"),
    )


def _stores() -> None:
    op.create_table(
        "stores",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="stores_pk"),
        sa.UniqueConstraint("tenant_id", "code", name="stores_code_uq"),
    )


def _tenant_transitions() -> None:
    op.create_table(
        "tenant_transitions",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("state_before", TEXT, nullable=False),
        sa.Column("state_after", TEXT, nullable=False),
        sa.Column("changed_by_kind", TEXT, nullable=False),
        sa.Column("changed_by", ID, nullable=True),
        sa.Column("changed_at", WHOLE, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="tenant_transitions_pk"),
    )
    op.create_index(
        "tenant_transitions_changed_at_ix",
        "tenant_transitions",
        ["tenant_id", "changed_at"],
        unique=False,
    )


def _tenants() -> None:
    op.create_table(
        "tenants",
        sa.Column("id", ID, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("default_currency", TEXT, nullable=False),
        sa.Column("locale", TEXT, nullable=False),
        sa.Column("time_zone", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("settings", DOCUMENT, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="tenants_pk"),
        sa.UniqueConstraint("code", name="tenants_code_uq"),
    )


def _locations() -> None:
    op.create_table(
        "locations",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "store_id"],
            ["stores.tenant_id", "stores.id"],
            name="locations_store_id_fk",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="locations_pk"),
        sa.UniqueConstraint("tenant_id", "code", name="locations_code_uq"),
    )


def _tenant_hosts() -> None:
    op.create_table(
        "tenant_hosts",
        sa.Column("host", TEXT, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="tenant_hosts_tenant_fk"),
        sa.PrimaryKeyConstraint("host", name="tenant_hosts_pk"),
    )
