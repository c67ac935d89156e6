"""What a tenant is, what it may set, and where it sells."""

from tradepost.tenancy.domain.places import Location, LocationKind, PlaceStatus, Store
from tradepost.tenancy.domain.settings import (
    HoldStart,
    PaymentMethod,
    TaxPlace,
    TenantSettings,
)
from tradepost.tenancy.domain.tenant import (
    TENANT_STATES,
    Tenant,
    TenantHost,
    TenantProfile,
    TenantState,
    TenantTransition,
    TenantType,
    Use,
)

__all__ = [
    "TENANT_STATES",
    "HoldStart",
    "Location",
    "LocationKind",
    "PaymentMethod",
    "PlaceStatus",
    "Store",
    "TaxPlace",
    "Tenant",
    "TenantHost",
    "TenantProfile",
    "TenantSettings",
    "TenantState",
    "TenantTransition",
    "TenantType",
    "Use",
]
