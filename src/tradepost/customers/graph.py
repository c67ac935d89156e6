"""Customers in the graph, for staff."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tradepost.customers.domain import CustomerStatus
from tradepost.customers.queries import (
    LIVING,
    CustomerSearch,
    address_books,
    customer_page,
    customers_page,
)
from tradepost.kernel.ids import CustomerGroupId, CustomerId
from tradepost.kernel.permissions import Permission
from tradepost.platform.web.graphql.asking import (
    Asked,
    BigInt,
    GraphPage,
    chosen,
    page_of,
    part,
    reads,
    shape,
    shown,
)

READ = Permission.CUSTOMERS_READ


@shape("CustomerAddress")
class AddressShape:
    """An entry of an address book."""

    id: UUID
    label: str
    country: str
    name: str
    line1: str
    line2: str
    postcode: str
    city: str
    region: str
    phone: str
    is_default: bool
    version: BigInt


@shape("Consent")
class ConsentShape:
    """What a customer has agreed to, or no longer agrees to, since when, and how we know."""

    purpose: str
    granted: bool
    at: datetime
    source: str


@shape("Customer")
class CustomerShape:
    """A customer's record."""

    id: UUID
    external_code: str | None
    given_name: str
    family_name: str
    company: str
    email: str | None
    phone: str | None
    group_id: UUID | None
    tax_exempt: bool
    tax_number: str
    consents: list[ConsentShape]
    notes: str
    status: str
    merged_into: UUID | None
    created_at: datetime
    version: BigInt

    @part
    async def addresses(self, info: Asked) -> list[AddressShape]:
        """The address book, oldest entry first."""
        found = await info.context.load(address_books, CustomerId(self.id))
        return [shown(AddressShape, one) for one in found]


@reads(READ)
async def customers(
    info: Asked,
    first: int = 20,
    after: str | None = None,
    q: str = "",
    email: str | None = None,
    phone: str | None = None,
    external_code: str | None = None,
    group_id: UUID | None = None,
    status: str | None = None,
) -> GraphPage[CustomerShape] | None:
    """Customers by family name: those in whose record all words of `q` occur, and all else
    fits."""
    wanted = chosen(CustomerStatus, status, "status")
    group = CustomerGroupId(group_id) if group_id else None
    statuses = (wanted,) if wanted else LIVING
    search = CustomerSearch(q, email, phone, external_code, group, statuses)
    paging = info.context.paging("customers", first, after, search=search)
    rows = await info.context.ask(customers_page, search, paging.after, paging.limit + 1)
    page = page_of(paging, rows, lambda one: (one.search_key, str(one.id)))
    return shown(GraphPage[CustomerShape], page)


@reads(READ)
async def customer(info: Asked, id: UUID) -> CustomerShape | None:
    """A customer's record, whatever its status."""
    return shown(CustomerShape, await info.context.ask(customer_page, CustomerId(id)))


FIELDS = (customers, customer)
