"""The wishes that tenancy grants."""

from tradepost.tenancy.commands import places, tenants
from tradepost.tenancy.commands.places import (
    ChangeLocation,
    ChangeStore,
    CreateLocation,
    CreateStore,
)
from tradepost.tenancy.commands.tenants import (
    ChangeHosts,
    ChangeTenant,
    CreateTenant,
    MoveTenant,
)

HANDLERS = {**tenants.HANDLERS, **places.HANDLERS}

__all__ = [
    "HANDLERS",
    "ChangeHosts",
    "ChangeLocation",
    "ChangeStore",
    "ChangeTenant",
    "CreateLocation",
    "CreateStore",
    "CreateTenant",
    "MoveTenant",
]
