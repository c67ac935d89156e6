"""Customers as staff look for them, and as a customer sees themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_

from tradepost.customers.domain import (
    Address,
    Customer,
    CustomerGroup,
    CustomerStatus,
    search_words,
)
from tradepost.customers.storage import (
    ADDRESSES,
    BOOK,
    CUSTOMERS,
    GROUPS,
    addresses,
    customer_groups,
    customers,
)
from tradepost.kernel.codes import folded
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import AddressId, CustomerGroupId, CustomerId
from tradepost.platform.db.statement import Statement, any_of, param
from tradepost.platform.db.work import Reader

LIVING = (CustomerStatus.ACTIVE, CustomerStatus.BLOCKED)
_BOOKS = Statement(
    ADDRESSES.select.where(any_of(addresses.c.customer_id, "customer_ids")).order_by(addresses.c.id)
)
_GROUPS = Statement(GROUPS.select.order_by(customer_groups.c.code))
Position = Sequence[Any]
"""Where a page ended: the search key and the identifier of its last customer, as text or not."""


@dataclass(frozen=True, slots=True)
class CustomerSearch:
    """What staff look for; everything that is named must hold."""

    text: str = ""
    email: str | None = None
    phone: str | None = None
    external_code: str | None = None
    group_id: CustomerGroupId | None = None
    statuses: tuple[CustomerStatus, ...] = LIVING


async def customer_page(db: Reader, customer_id: CustomerId) -> Customer:
    """One customer; refuses with ``Unknown``."""
    return await CUSTOMERS.get(db, customer_id)


async def address_book(db: Reader, customer_id: CustomerId) -> list[Address]:
    """A customer's addresses, oldest first."""
    return await ADDRESSES.all(db, BOOK, customer_id=customer_id)


async def address_books(
    db: Reader, customer_ids: Sequence[CustomerId]
) -> dict[CustomerId, list[Address]]:
    """The addresses of several customers, oldest first."""
    found: dict[CustomerId, list[Address]] = {id: [] for id in customer_ids}
    for one in await ADDRESSES.all(db, _BOOKS, customer_ids=list(customer_ids)):
        found[one.customer_id].append(one)
    return found


async def address_entry(db: Reader, customer_id: CustomerId, address_id: AddressId) -> Address:
    """One address, if it is this customer's; refuses with ``Unknown``."""
    found = await ADDRESSES.get(db, address_id)
    if found.customer_id != customer_id:
        raise Unknown("address", str(address_id))
    return found


async def group_page(db: Reader, group_id: CustomerGroupId) -> CustomerGroup:
    """One group; refuses with ``Unknown``."""
    return await GROUPS.get(db, group_id)


async def groups_page(db: Reader) -> list[CustomerGroup]:
    """The groups by code."""
    return await GROUPS.all(db, _GROUPS)


async def customers_page(
    db: Reader, search: CustomerSearch, after: Position | None = None, limit: int = 20
) -> list[Customer]:
    """The customers that a search finds, by family name."""
    words = search_words(search.text)
    exact: dict[str, Any] = {
        "email_key": folded(search.email) if search.email else None,
        "phone": search.phone,
        "external_code": search.external_code,
        "group_id": search.group_id,
    }
    values = {name: value for name, value in exact.items() if value is not None}
    statement = _search(frozenset(values), len(words), after is not None)
    values |= {f"word_{place}": f"%{_escaped(word)}%" for place, word in enumerate(words)}
    values |= {"statuses": search.statuses, "size": limit}
    if after is not None:
        key, id = after
        values |= {"after_key": key, "after_id": UUID(str(id))}
    return await CUSTOMERS.all(db, statement, **values)


@cache
def _search(exact: frozenset[str], words: int, continued: bool) -> Statement:
    """One statement for each set of things that are looked for, so that each can use its index."""
    c = customers.c
    wanted = CUSTOMERS.select.where(any_of(c.status, "statuses"))
    for name in sorted(exact):
        wanted = wanted.where(c[name] == param(name))
    for place in range(words):
        wanted = wanted.where(c.search_key.like(param(f"word_{place}"), escape="\\"))
    if continued:
        position = tuple_(param("after_key", like=c.search_key), param("after_id", like=c.id))
        wanted = wanted.where(tuple_(c.search_key, c.id) > position)
    return Statement(wanted.order_by(c.search_key, c.id).limit(param("size", like=c.version)))


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
