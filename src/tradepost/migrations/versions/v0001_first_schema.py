"""The first schema."""

from tradepost.migrations.versions.v0001 import (
    catalog,
    counter,
    customers,
    delivery,
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
    ordering.create()
    payments.create()
    tenancy.create()
    customers.create()
    identity.create()
    inventory.create()
    ledger.create()
    platform.create()
    pricing.create()
    reporting.create()
    delivery.create()
    fulfillment.create()
    floor.create()
    mall.create()
    counter.create()
