"""Every permission there is, by name; routes declare them, roles are sets of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """What somebody may do to what: ``<things>.<action>``."""

    ORDERS_READ = "orders.read"
    ORDERS_PLACE = "orders.place"
    ORDERS_CHANGE = "orders.change"
    ORDERS_DISCOUNT = "orders.discount"
    ORDERS_PRICE_OVERRIDE = "orders.price_override"
    ORDERS_CANCEL = "orders.cancel"
    ORDERS_REFUND = "orders.refund"
    SHIPMENTS_READ = "shipments.read"
    SHIPMENTS_WRITE = "shipments.write"
    RETURNS_READ = "returns.read"
    RETURNS_WRITE = "returns.write"
    RETURNS_LATE = "returns.late"
    RETURNS_WITHOUT_RECEIPT = "returns.without_receipt"
    DOWNLOADS_READ = "downloads.read"
    DOWNLOADS_WRITE = "downloads.write"
    INVENTORY_READ = "inventory.read"
    INVENTORY_RECEIVE = "inventory.receive"
    INVENTORY_ADJUST = "inventory.adjust"
    INVENTORY_COUNT = "inventory.count"
    INVENTORY_TRANSFER = "inventory.transfer"
    CATALOG_READ = "catalog.read"
    CATALOG_WRITE = "catalog.write"
    PRICES_READ = "prices.read"
    PRICES_WRITE = "prices.write"
    TAXES_READ = "taxes.read"
    TAXES_WRITE = "taxes.write"
    CUSTOMERS_READ = "customers.read"
    CUSTOMERS_WRITE = "customers.write"
    CUSTOMERS_ERASE = "customers.erase"
    PAYMENTS_READ = "payments.read"
    PAYMENTS_RECORD = "payments.record"
    PICKING_READ = "picking.read"
    PICKING_WRITE = "picking.write"
    ZONES_READ = "zones.read"
    ZONES_WRITE = "zones.write"
    DELIVERIES_READ = "deliveries.read"
    DELIVERIES_WRITE = "deliveries.write"
    COURIERS_READ = "couriers.read"
    COURIERS_WRITE = "couriers.write"
    COURIERS_CASH = "couriers.cash"
    VENDORS_READ = "vendors.read"
    VENDORS_WRITE = "vendors.write"
    PAYOUTS_READ = "payouts.read"
    PAYOUTS_WRITE = "payouts.write"
    VENDOR_ORDERS_READ = "vendor_orders.read"
    VENDOR_PAYOUTS_READ = "vendor_payouts.read"
    VENDOR_PRODUCTS_READ = "vendor_products.read"
    VENDOR_SHIPMENTS_WRITE = "vendor_shipments.write"
    COUNTER_SELL = "counter.sell"
    COUNTER_VOID = "counter.void"
    REGISTERS_READ = "registers.read"
    REGISTERS_WRITE = "registers.write"
    SHIFTS_WORK = "shifts.work"
    SHIFTS_OVERRIDE = "shifts.override"
    LEDGER_READ = "ledger.read"
    LEDGER_ADJUST = "ledger.adjust"
    REPORTS_READ = "reports.read"
    IMPORTS_RUN = "imports.run"
    EXPORTS_RUN = "exports.run"
    EVENTS_READ = "events.read"
    DEAD_LETTERS_READ = "dead_letters.read"
    DEAD_LETTERS_REPLAY = "dead_letters.replay"
    SEARCH_REBUILD = "search.rebuild"
    TABS_READ = "tabs.read"
    TABS_WRITE = "tabs.write"
    TABS_VOID = "tabs.void"
    KITCHEN_WORK = "kitchen.work"
    FLOOR_WRITE = "floor.write"
    STAFF_READ = "staff.read"
    STAFF_WRITE = "staff.write"
    ROLES_WRITE = "roles.write"
    STORES_READ = "stores.read"
    STORES_WRITE = "stores.write"
    SETTINGS_READ = "settings.read"
    SETTINGS_WRITE = "settings.write"
    TENANTS_READ = "tenants.read"
    TENANTS_WRITE = "tenants.write"


ALL: Final = "*"
"""Holds every permission: the platform's own people and machinery."""

OF_VENDORS: Final = frozenset(
    {
        Permission.VENDOR_ORDERS_READ,
        Permission.VENDOR_PAYOUTS_READ,
        Permission.VENDOR_PRODUCTS_READ,
        Permission.VENDOR_SHIPMENTS_WRITE,
    }
)
"""All that a vendor's staff can ever be granted: what these open shows one vendor's alone."""

OF_PLATFORM: Final = frozenset({Permission.TENANTS_READ, Permission.TENANTS_WRITE})
"""What no role of a tenant can grant."""
