"""Roles: named sets of permissions, the product's own and those that a tenant makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tradepost.identity.errors import BadPermission, BuiltIn, GrantsTooMuch
from tradepost.kernel.codes import Code
from tradepost.kernel.ids import RoleId, TenantId, VendorId
from tradepost.kernel.messages import Actor
from tradepost.kernel.permissions import ALL, OF_PLATFORM, OF_VENDORS, Permission
from tradepost.kernel.text import one_line

PLATFORM_TENANT_ID = TenantId(UUID(int=0))
"""Where the platform keeps its own people: a tenant that is none, has no shop, and whose staff may
enter every shop."""
SUPER_ADMIN = "super_admin"

P = Permission
_READS = frozenset(p for p in P if p.endswith(".read")) - OF_PLATFORM - OF_VENDORS
_SHOP_READS = frozenset({P.ORDERS_READ, P.CATALOG_READ, P.PRICES_READ, P.INVENTORY_READ})
_TILL = _SHOP_READS | {P.ORDERS_PLACE, P.PAYMENTS_READ, P.PAYMENTS_RECORD, P.CUSTOMERS_READ}
_ALL_OF_TENANT = frozenset(P) - OF_PLATFORM
_FOR_ADMINS_ONLY = frozenset(
    {P.ROLES_WRITE, P.SETTINGS_WRITE, P.LEDGER_ADJUST, P.CUSTOMERS_ERASE, P.DEAD_LETTERS_REPLAY}
)

BUILT_IN: Mapping[str, frozenset[str]] = {
    SUPER_ADMIN: frozenset({ALL}),
    "admin": _ALL_OF_TENANT,
    "manager": _ALL_OF_TENANT - _FOR_ADMINS_ONLY,
    "catalog_editor": frozenset(
        {
            P.CATALOG_READ,
            P.CATALOG_WRITE,
            P.PRICES_READ,
            P.PRICES_WRITE,
            P.TAXES_READ,
            P.INVENTORY_READ,
            P.IMPORTS_RUN,
            P.EXPORTS_RUN,
            P.STORES_READ,
        }
    ),
    "fulfillment": _SHOP_READS
    | {
        P.SHIPMENTS_READ,
        P.SHIPMENTS_WRITE,
        P.RETURNS_READ,
        P.RETURNS_WRITE,
        P.DOWNLOADS_READ,
        P.DOWNLOADS_WRITE,
        P.INVENTORY_RECEIVE,
        P.INVENTORY_COUNT,
        P.INVENTORY_TRANSFER,
        P.CUSTOMERS_READ,
        P.STORES_READ,
        P.PICKING_READ,
        P.PICKING_WRITE,
        P.ZONES_READ,
        P.DELIVERIES_READ,
        P.DELIVERIES_WRITE,
        P.COURIERS_READ,
    },
    "picker": frozenset(
        {
            P.ORDERS_READ,
            P.CATALOG_READ,
            P.INVENTORY_READ,
            P.SHIPMENTS_READ,
            P.SHIPMENTS_WRITE,
            P.PICKING_READ,
            P.PICKING_WRITE,
            P.DELIVERIES_READ,
        }
    ),
    "cashier": _TILL
    | {
        P.RETURNS_READ,
        P.RETURNS_WRITE,
        P.STORES_READ,
        P.REGISTERS_READ,
        P.COUNTER_SELL,
        P.SHIFTS_WORK,
    },
    "waiter": _TILL | {P.ORDERS_CHANGE, P.STORES_READ, P.TABS_READ, P.TABS_WRITE, P.KITCHEN_WORK},
    "kitchen": frozenset(
        {P.ORDERS_READ, P.CATALOG_READ, P.STORES_READ, P.TABS_READ, P.KITCHEN_WORK}
    ),
    "accountant": frozenset(
        {
            P.ORDERS_READ,
            P.PAYMENTS_READ,
            P.PAYMENTS_RECORD,
            P.ORDERS_REFUND,
            P.RETURNS_READ,
            P.VENDORS_READ,
            P.PAYOUTS_READ,
            P.PAYOUTS_WRITE,
            P.LEDGER_READ,
            P.LEDGER_ADJUST,
            P.REPORTS_READ,
            P.EXPORTS_RUN,
            P.EVENTS_READ,
            P.TAXES_READ,
            P.CUSTOMERS_READ,
            P.SETTINGS_READ,
            P.STORES_READ,
            P.COURIERS_READ,
            P.COURIERS_CASH,
        }
    ),
    "vendor_staff": OF_VENDORS,
    "viewer": _READS - {P.STAFF_READ, P.EVENTS_READ, P.DEAD_LETTERS_READ},
}
"""The roles that every tenant has, by code. ``super_admin`` belongs to the platform alone."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role that a tenant has made."""

    id: RoleId
    code: str
    name: str
    permissions: tuple[str, ...]
    version: int

    @classmethod
    def made(cls, id: RoleId, code: str, name: str, permissions: Iterable[str]) -> Role:
        """A new role.

        :raises BuiltIn: if the product has a role of that code.
        :raises BadPermission: for a permission that no role of a tenant can have.
        """
        if code.replace("-", "_") in BUILT_IN:
            raise BuiltIn(code)
        taken = Code.parse(code).value
        return cls(id, taken, one_line(name, "name"), _checked(permissions), 1)

    def changed(self, name: str, permissions: Iterable[str]) -> Role:
        """The role under another name, or with other permissions."""
        return replace(self, name=one_line(name, "name"), permissions=_checked(permissions))


def held(
    roles: Sequence[str], own: Iterable[Role], vendor_id: VendorId | None = None
) -> frozenset[str]:
    """What somebody in these roles may do; a role that is gone gives nothing.

    To a vendor's staff no role gives what shows more than one vendor's.
    """
    by_code = {role.code: frozenset(role.permissions) for role in own}
    given = frozenset[str]().union(
        *(BUILT_IN.get(role) or by_code.get(role, frozenset()) for role in roles)
    )
    return given if vendor_id is None else given & OF_VENDORS


def must_cover(actor: Actor, permissions: Iterable[str]) -> None:
    """Let somebody give or take only what they may do themselves.

    :raises GrantsTooMuch: naming the first permission that they lack.
    """
    for permission in sorted(permissions):
        if not actor.may(permission):
            raise GrantsTooMuch(permission)


def _checked(permissions: Iterable[str]) -> tuple[str, ...]:
    chosen = set(permissions)
    for odd in sorted(chosen - _ALL_OF_TENANT):
        raise BadPermission("permissions", f"there is no permission {odd[:60]}")
    return tuple(sorted(chosen))
