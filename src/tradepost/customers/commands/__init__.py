"""The wishes that customers grants."""

from tradepost.customers.commands import addresses, changing, groups, registering
from tradepost.customers.commands.addresses import AddAddress, ChangeAddress, RemoveAddress
from tradepost.customers.commands.changing import (
    ChangeContact,
    EraseCustomer,
    MergeCustomers,
    MoveCustomer,
    RecordConsent,
    TreatCustomer,
)
from tradepost.customers.commands.groups import CreateGroup, RenameGroup
from tradepost.customers.commands.registering import (
    CreateCustomer,
    EnsureCustomer,
    create_customers,
    ensure_customers,
)

HANDLERS = {
    **registering.HANDLERS,
    **changing.HANDLERS,
    **addresses.HANDLERS,
    **groups.HANDLERS,
}

__all__ = [
    "HANDLERS",
    "AddAddress",
    "ChangeAddress",
    "ChangeContact",
    "CreateCustomer",
    "CreateGroup",
    "EnsureCustomer",
    "EraseCustomer",
    "MergeCustomers",
    "MoveCustomer",
    "RecordConsent",
    "RemoveAddress",
    "RenameGroup",
    "TreatCustomer",
    "create_customers",
    "ensure_customers",
]
