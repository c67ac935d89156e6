"""What customers needs: its repositories, and what it asks of identity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from tradepost.customers.domain import Address, Customer, CustomerGroup
from tradepost.kernel.ids import AddressId, CustomerGroupId, CustomerId


class Customers(Protocol):
    """The customers of the tenant."""

    async def get(self, customer_id: CustomerId) -> Customer:
        """A customer; refuses with ``Unknown``."""
        ...

    async def merged_into(self, customer_id: CustomerId) -> Sequence[Customer]:
        """Those who turned out to be this customer, and nobody else yet."""
        ...

    async def coded(self, codes: Iterable[str | None]) -> Mapping[str, CustomerId]:
        """Who has which of the external codes."""
        ...

    def add(self, customers: Sequence[Customer]) -> None:
        """Keep new customers."""
        ...

    async def add_unless_coded(self, customers: Sequence[Customer]) -> list[Customer]:
        """Keep those new customers whose external code nobody has got first; who they are."""
        ...

    async def save(self, customer: Customer, version: int) -> int:
        """Keep a change on top of a version; the new version, or ``Stale``."""
        ...

    async def touch(self, customer_id: CustomerId) -> int:
        """Count a change to what belongs to the customer; the new version."""
        ...


class Groups(Protocol):
    """The groups of customers of the tenant."""

    async def get(self, group_id: CustomerGroupId) -> CustomerGroup:
        """A group; refuses with ``Unknown``."""
        ...

    async def known(
        self, ids: Iterable[CustomerGroupId | None]
    ) -> frozenset[CustomerGroupId | None]:
        """Which of the groups there are."""
        ...

    async def by_code(self, code: str) -> CustomerGroup | None:
        """The group with a code."""
        ...

    def add(self, group: CustomerGroup) -> None:
        """Keep a new group."""
        ...

    async def save(self, group: CustomerGroup, version: int) -> int:
        """Keep a change on top of a version; the new version, or ``Stale``."""
        ...


class Addresses(Protocol):
    """The address books of the tenant's customers."""

    async def of(self, customer_id: CustomerId) -> list[Address]:
        """A customer's addresses."""
        ...

    def add(self, address: Address) -> None:
        """Keep a new address."""
        ...

    async def save(self, address: Address, version: int) -> int:
        """Keep a change on top of a version; the new version, or ``Stale``."""
        ...

    async def make_default(self, customer_id: CustomerId, address_id: AddressId) -> None:
        """Let no other address of the customer be the default one."""
        ...

    async def remove(self, address_id: AddressId) -> None:
        """Let go of an address."""
        ...

    async def remove_all(self, customer_id: CustomerId) -> None:
        """Let go of all addresses of a customer."""
        ...

    async def hand_over(self, from_id: CustomerId, into_id: CustomerId) -> None:
        """Give all addresses of one customer to another, none of them as its default."""
        ...


class SignIns(Protocol):
    """Asked of identity: the sign-ins that customers may have."""

    async def bar(self, customer_id: CustomerId, blocked: bool, at: datetime) -> None:
        """Shut the customer's account, or open it again."""
        ...

    async def close(self, customer_id: CustomerId, at: datetime) -> None:
        """Take the customer's account away, and all that is known of its sign-ins."""
        ...

    async def hand_over(self, from_id: CustomerId, into_id: CustomerId, at: datetime) -> None:
        """Give one customer's account to another that has none; else close it."""
        ...
