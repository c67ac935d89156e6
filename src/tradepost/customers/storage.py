"""Where customers, their addresses and their groups are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tradepost.customers.domain import Address, Customer, CustomerGroup, CustomerStatus
from tradepost.kernel.ids import AddressId, CustomerGroupId, CustomerId
from tradepost.platform.db.keeper import Keeper
from tradepost.platform.db.schema import tenant_table
from tradepost.platform.db.statement import (
    Statement,
    any_of,
    insert,
    param,
    scoped,
    scoped_delete,
    scoped_update,
    tenant_param,
)
from tradepost.platform.db.work import Work

customer_groups = tenant_table("customer_groups", CustomerGroup, unique=[("code",)])
customers = tenant_table(
    "customers",
    Customer,
    unique=[("external_code",)],
    indexes=[("search_key", "id"), ("email_key",), ("phone",), ("group_id",)],
    references={"group_id": "customer_groups"},
)
addresses = tenant_table(
    "addresses",
    Address,
    indexes=[("customer_id",)],
    references={"customer_id": "customers"},
)

CUSTOMERS = Keeper("customer", Customer, customers)
GROUPS = Keeper("group", CustomerGroup, customer_groups)
ADDRESSES = Keeper("address", Address, addresses)
_MERGED = Statement(
    CUSTOMERS.select.where(customers.c.merged_into == param("into_id"))
    .where(customers.c.status == CustomerStatus.MERGED)
    .order_by(customers.c.id)
)
_CODED = Statement(
    scoped(customers, customers.c.external_code, customers.c.id).where(
        any_of(customers.c.external_code, "codes")
    )
)
_ADD_UNLESS_CODED = Statement(
    insert(customers)
    .values({column.name: param(column.name) for column in CUSTOMERS.rows.columns})
    .values(tenant_id=tenant_param(customers))
    .on_conflict_do_nothing(index_elements=["tenant_id", "external_code"])
)
_TOUCH = Statement(
    scoped_update(customers)
    .where(customers.c.id == param("id"))
    .values(version=customers.c.version + 1)
    .returning(customers.c.version)
)
_KNOWN_GROUPS = Statement(
    scoped(customer_groups, customer_groups.c.id).where(any_of(customer_groups.c.id, "ids"))
)
_GROUP_OF_CODE = Statement(GROUPS.select.where(customer_groups.c.code == param("code")))
_of_customer = addresses.c.customer_id == param("customer_id")
BOOK = Statement(ADDRESSES.select.where(_of_customer).order_by(addresses.c.id))
_OTHERS_NOT_DEFAULT = Statement(
    scoped_update(addresses)
    .where(_of_customer, addresses.c.id != param("keep_id"), addresses.c.is_default == param("was"))
    .values(is_default=param("is_default"), version=addresses.c.version + 1)
)
_REMOVE = Statement(scoped_delete(addresses).where(addresses.c.id == param("id")))
_REMOVE_ALL = Statement(scoped_delete(addresses).where(_of_customer))
_HAND_OVER = Statement(
    scoped_update(addresses)
    .where(_of_customer)
    .values(
        customer_id=param("into_id"),
        is_default=param("is_default"),
        version=addresses.c.version + 1,
    )
)


class SqlCustomers:
    """Answers the ``Customers`` port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, customer_id: CustomerId) -> Customer:
        return await CUSTOMERS.get(self._work, customer_id)

    async def merged_into(self, customer_id: CustomerId) -> Sequence[Customer]:
        return await CUSTOMERS.all(self._work, _MERGED, into_id=customer_id)

    async def coded(self, codes: Iterable[str | None]) -> Mapping[str, CustomerId]:
        wanted = sorted({code for code in codes if code is not None})
        return dict(await self._work.all(_CODED, codes=wanted)) if wanted else {}

    def add(self, customers: Sequence[Customer]) -> None:
        CUSTOMERS.add(self._work, *customers)

    async def add_unless_coded(self, customers: Sequence[Customer]) -> list[Customer]:
        ordered = sorted(customers, key=lambda one: one.external_code or "")
        rows = [CUSTOMERS.rows.dump(one) for one in ordered]
        await self._work.run_many(_ADD_UNLESS_CODED, rows)
        won = set((await self.coded([one.external_code for one in ordered])).values())
        return [one for one in customers if one.id in won]

    async def save(self, customer: Customer, version: int) -> int:
        return await CUSTOMERS.save(self._work, customer, version)

    async def touch(self, customer_id: CustomerId) -> int:
        version = await self._work.value(_TOUCH, id=customer_id)
        return int(version)


class SqlGroups:
    """Answers the ``Groups`` port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def get(self, group_id: CustomerGroupId) -> CustomerGroup:
        return await GROUPS.get(self._work, group_id)

    async def known(
        self, ids: Iterable[CustomerGroupId | None]
    ) -> frozenset[CustomerGroupId | None]:
        wanted = sorted({id for id in ids if id is not None})
        rows = await self._work.all(_KNOWN_GROUPS, ids=wanted) if wanted else []
        return frozenset(row[0] for row in rows)

    async def by_code(self, code: str) -> CustomerGroup | None:
        return await GROUPS.first(self._work, _GROUP_OF_CODE, code=code)

    def add(self, group: CustomerGroup) -> None:
        GROUPS.add(self._work, group)

    async def save(self, group: CustomerGroup, version: int) -> int:
        return await GROUPS.save(self._work, group, version)


class SqlAddresses:
    """Answers the ``Addresses`` port."""

    def __init__(self, work: Work) -> None:
        self._work = work

    async def of(self, customer_id: CustomerId) -> list[Address]:
        return await ADDRESSES.all(self._work, BOOK, customer_id=customer_id)

    def add(self, address: Address) -> None:
        ADDRESSES.add(self._work, address)

    async def save(self, address: Address, version: int) -> int:
        return await ADDRESSES.save(self._work, address, version)

    async def make_default(self, customer_id: CustomerId, address_id: AddressId) -> None:
        await self._work.run(
            _OTHERS_NOT_DEFAULT,
            customer_id=customer_id,
            keep_id=address_id,
            was=True,
            is_default=False,
        )

    async def remove(self, address_id: AddressId) -> None:
        await self._work.run(_REMOVE, id=address_id)

    async def remove_all(self, customer_id: CustomerId) -> None:
        await self._work.run(_REMOVE_ALL, customer_id=customer_id)

    async def hand_over(self, from_id: CustomerId, into_id: CustomerId) -> None:
        await self._work.run(_HAND_OVER, customer_id=from_id, into_id=into_id, is_default=False)
