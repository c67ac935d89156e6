"""Staff look customers up, keep their records, merge and erase them."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, delete, get, post, put

from tradepost.customers.commands import (
    AddAddress,
    ChangeAddress,
    ChangeContact,
    CreateCustomer,
    EraseCustomer,
    MergeCustomers,
    MoveCustomer,
    RecordConsent,
    RemoveAddress,
    TreatCustomer,
)
from tradepost.customers.domain import CustomerStatus
from tradepost.customers.http.bodies import (
    AddressBody,
    AddressView,
    ConsentBody,
    ContactBody,
    CustomerView,
    MergeBody,
    NewCustomerBody,
    StatusBody,
    TreatmentBody,
)
from tradepost.customers.queries import (
    LIVING,
    CustomerSearch,
    address_book,
    address_entry,
    customer_page,
    customers_page,
)
from tradepost.kernel.ids import AddressId, CustomerGroupId, CustomerId
from tradepost.kernel.permissions import Permission
from tradepost.platform.web import (
    Caller,
    FromCaller,
    FromPaging,
    FromPath,
    FromQuery,
    JSONBody,
    Page,
    door,
    versioned,
)

TAGS = ["Customers"]
READ, WRITE = Permission.CUSTOMERS_READ, Permission.CUSTOMERS_WRITE
ERASE = Permission.CUSTOMERS_ERASE
Whole = Response[CustomerView]
Entry = Response[AddressView]
ONE = "/api/v1/customers/{customer_id:uuid}"


@get("/api/v1/customers", opt=door(READ), tags=TAGS)
async def list_customers(
    caller: FromCaller,
    paging: FromPaging,
    q: FromQuery[str] = "",
    email: FromQuery[str | None] = None,
    phone: FromQuery[str | None] = None,
    external_code: FromQuery[str | None] = None,
    group_id: FromQuery[UUID | None] = None,
    status: FromQuery[CustomerStatus | None] = None,
) -> Page[CustomerView]:
    """Customers by family name: those in whose record all words of ``q`` occur, and all else fits.

    Merged and erased records are shown when their status is asked for.
    """
    search = CustomerSearch(
        q,
        email,
        phone,
        external_code,
        CustomerGroupId(group_id) if group_id else None,
        (status,) if status else LIVING,
    )
    rows = await caller.ask(customers_page, search, paging.after, paging.limit + 1)
    page = paging.page(rows, lambda one: (one.search_key, str(one.id)))
    return Page([CustomerView.of(one) for one in page.items], page.next_cursor)


@post("/api/v1/customers", opt=door(WRITE), tags=TAGS)
async def create_customer(data: JSONBody[NewCustomerBody], caller: FromCaller) -> Whole:
    """Register a customer."""
    group_id = CustomerGroupId(data.group_id) if data.group_id else None
    wish = CreateCustomer(data.contact(), data.external_code, group_id, data.home())
    customer_id: CustomerId = await caller.send(wish)
    return await _whole(caller, customer_id, status=201)


@get(ONE, opt=door(READ), tags=TAGS)
async def read_customer(customer_id: FromPath[UUID], caller: FromCaller) -> Whole:
    """A customer's record, whatever its status."""
    return await _whole(caller, customer_id)


@put(f"{ONE}/contact", opt=door(WRITE, if_match=True), tags=TAGS)
async def change_contact(
    customer_id: FromPath[UUID], data: JSONBody[ContactBody], caller: FromCaller
) -> Whole:
    """Say who a customer is."""
    id = CustomerId(customer_id)
    await caller.send(ChangeContact(id, data.contact(), caller.matched, data.home()))
    return await _whole(caller, customer_id)


@put(f"{ONE}/treatment", opt=door(WRITE, if_match=True), tags=TAGS)
async def treat_customer(
    customer_id: FromPath[UUID], data: JSONBody[TreatmentBody], caller: FromCaller
) -> Whole:
    """Say how the shop treats a customer: group, tax, notes."""
    wish = TreatCustomer(
        CustomerId(customer_id),
        caller.matched,
        CustomerGroupId(data.group_id) if data.group_id else None,
        data.tax_exempt,
        data.tax_number,
        data.notes,
    )
    await caller.send(wish)
    return await _whole(caller, customer_id)


@put(f"{ONE}/status", opt=door(WRITE, if_match=True), tags=TAGS)
async def move_customer(
    customer_id: FromPath[UUID], data: JSONBody[StatusBody], caller: FromCaller
) -> Whole:
    """Block a customer, who is then signed out, or unblock them."""
    await caller.send(MoveCustomer(CustomerId(customer_id), data.action, caller.matched))
    return await _whole(caller, customer_id)


@put(ONE + "/consents/{purpose:str}", opt=door(WRITE, if_match=True), tags=TAGS)
async def record_consent(
    customer_id: FromPath[UUID],
    purpose: FromPath[str],
    data: JSONBody[ConsentBody],
    caller: FromCaller,
) -> Whole:
    """Note what a customer agrees to, or no longer does."""
    wish = RecordConsent(
        CustomerId(customer_id), purpose, data.granted, caller.matched, data.source
    )
    await caller.send(wish)
    return await _whole(caller, customer_id)


@post(f"{ONE}/merge", opt=door(WRITE, if_match=True), status_code=200, tags=TAGS)
async def merge_customers(
    customer_id: FromPath[UUID], data: JSONBody[MergeBody], caller: FromCaller
) -> Whole:
    """Take another record of the same person into this one."""
    wish = MergeCustomers(CustomerId(customer_id), CustomerId(data.from_id), caller.matched)
    await caller.send(wish)
    return await _whole(caller, customer_id)


@post(f"{ONE}/erase", opt=door(ERASE, if_match=True), status_code=200, tags=TAGS)
async def erase_customer(customer_id: FromPath[UUID], caller: FromCaller) -> Whole:
    """Remove the person; the books keep the bare identifier."""
    await caller.send(EraseCustomer(CustomerId(customer_id), caller.matched))
    return await _whole(caller, customer_id)


@get(f"{ONE}/addresses", opt=door(READ), tags=TAGS)
async def list_addresses(customer_id: FromPath[UUID], caller: FromCaller) -> list[AddressView]:
    """A customer's address book."""
    id = (await caller.ask(customer_page, CustomerId(customer_id))).id
    return [AddressView.of(one) for one in await caller.ask(address_book, id)]


@post(f"{ONE}/addresses", opt=door(WRITE), tags=TAGS)
async def add_address(
    customer_id: FromPath[UUID], data: JSONBody[AddressBody], caller: FromCaller
) -> Entry:
    """Note an address of a customer."""
    id = CustomerId(customer_id)
    made: AddressId = await caller.send(AddAddress(id, data.place(), data.label, data.is_default))
    return await _entry(caller, id, made, status=201)


@put(ONE + "/addresses/{address_id:uuid}", opt=door(WRITE, if_match=True), tags=TAGS)
async def change_address(
    customer_id: FromPath[UUID],
    address_id: FromPath[UUID],
    data: JSONBody[AddressBody],
    caller: FromCaller,
) -> Entry:
    """Correct an address of a customer; If-Match names the address's version."""
    id, entry = CustomerId(customer_id), AddressId(address_id)
    wish = ChangeAddress(id, entry, data.place(), caller.matched, data.label, data.is_default)
    await caller.send(wish)
    return await _entry(caller, id, entry)


@delete(ONE + "/addresses/{address_id:uuid}", opt=door(WRITE), tags=TAGS)
async def remove_address(
    customer_id: FromPath[UUID], address_id: FromPath[UUID], caller: FromCaller
) -> None:
    """Let go of an address of a customer."""
    await caller.send(RemoveAddress(CustomerId(customer_id), AddressId(address_id)))


async def _whole(caller: Caller, customer_id: UUID, *, status: int = 200) -> Whole:
    view = CustomerView.of(await caller.ask(customer_page, CustomerId(customer_id)))
    place = f"/api/v1/customers/{customer_id}" if status == 201 else ""
    return versioned(view, view.version, status=status, location=place)


async def _entry(
    caller: Caller, customer_id: CustomerId, address_id: AddressId, *, status: int = 200
) -> Entry:
    found = await caller.ask(address_entry, customer_id, address_id)
    return versioned(AddressView.of(found), found.version, status=status)


ROUTES = (
    list_customers,
    create_customer,
    read_customer,
    change_contact,
    treat_customer,
    move_customer,
    record_consent,
    merge_customers,
    erase_customer,
    list_addresses,
    add_address,
    change_address,
    remove_address,
)
