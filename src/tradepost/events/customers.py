"""What happens to the records of customers; who they are stays in the record itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tradepost.kernel.ids import CustomerGroupId, CustomerId
from tradepost.kernel.messages import Fact


@dataclass(frozen=True, slots=True)
class _CustomerFact(Fact):
    stream: ClassVar[str] = "customer"
    key: ClassVar[str] = "customer_id"
    customer_id: CustomerId


@dataclass(frozen=True, slots=True)
class CustomerCreated(_CustomerFact):
    """A customer was registered."""

    name: ClassVar[str] = "customer.created"
    group_id: CustomerGroupId | None


@dataclass(frozen=True, slots=True)
class CustomerUpdated(_CustomerFact):
    """Something about a customer changed; ``changed`` names what: contact, treatment, …"""

    name: ClassVar[str] = "customer.updated"
    changed: tuple[str, ...]
    status: str
    group_id: CustomerGroupId | None


@dataclass(frozen=True, slots=True)
class CustomerMerged(_CustomerFact):
    """A customer turned out to be another one, under whom its records are now found."""

    name: ClassVar[str] = "customer.merged"
    into_id: CustomerId


@dataclass(frozen=True, slots=True)
class CustomerErased(_CustomerFact):
    """The person behind a customer was erased; whoever keeps a copy of theirs erases it too."""

    name: ClassVar[str] = "customer.erased"


@dataclass(frozen=True, slots=True)
class CustomerGroupCreated(Fact):
    """A group of customers was made."""

    name: ClassVar[str] = "customer_group.created"
    stream: ClassVar[str] = "customer_group"
    key: ClassVar[str] = "group_id"
    group_id: CustomerGroupId
    code: str


@dataclass(frozen=True, slots=True)
class CustomerGroupUpdated(Fact):
    """A group of customers was renamed."""

    name: ClassVar[str] = "customer_group.updated"
    stream: ClassVar[str] = "customer_group"
    key: ClassVar[str] = "group_id"
    group_id: CustomerGroupId
