"""The wishes that tenancy grants."""

from tradepost.tenancy.commands import places, provisioning, tenants
from tradepost.tenancy.commands.places import (
    ChangeLocation,
    ChangeStore,
    CreateLocation,
    CreateStore,
)
from tradepost.tenancy.commands.provisioning import LeadTenant, ProvisionTenant
from tradepost.tenancy.commands.tenants import (
    ChangeHosts,
    ChangeTenant,
    CreateTenant,
    MoveTenant,
)

HANDLERS = {**tenants.HANDLERS, **places.HANDLERS, **provisioning.HANDLERS}

__all__ = [
    "HANDLERS",
    "ChangeHosts",
    "ChangeLocation",
    "ChangeStore",
    "ChangeTenant",
    "CreateLocation",
    "CreateStore",
    "CreateTenant",
    "LeadTenant",
    "MoveTenant",
    "ProvisionTenant",
]
