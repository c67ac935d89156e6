"""The first schema."""

from tradepost.migrations.versions.v0001 import (
    catalog,
    customers,
    floor,
    fulfillment,
    identity,
    inventory,
    ledger,
    mall,
    ordering,
    payments,
    platform,
    pricing,
    reporting,
    tenancy,
)

revision = "0001"
down_revision = None


def upgrade() -> None:
    catalog.create()
    customers.create()
    tenancy.create()
    ordering.create()
    identity.create()
    inventory.create()
    ledger.create()
    payments.create()
    platform.create()
    pricing.create()
    reporting.create()
    floor.create()
    fulfillment.create()
    mall.create()
