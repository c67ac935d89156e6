"""What a tenant is, what it may set, and where it sells."""

from tradepost.tenancy.domain.places import Location, LocationKind, PlaceStatus, Store
from tradepost.tenancy.domain.provisioning import (
    ABSENT,
    DONE_ALREADY,
    Check,
    ProvisioningStep,
    StepAnswer,
    StepsTaken,
)
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
    "ABSENT",
    "DONE_ALREADY",
    "TENANT_STATES",
    "Check",
    "HoldStart",
    "Location",
    "LocationKind",
    "PaymentMethod",
    "PlaceStatus",
    "ProvisioningStep",
    "StepAnswer",
    "StepsTaken",
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
