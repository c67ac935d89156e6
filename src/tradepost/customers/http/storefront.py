"""A customer's own record: who they are, where they live, what they agree to."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, delete, get, post, put

from tradepost.customers.commands import (
    AddAddress,
    ChangeAddress,
    ChangeContact,
    RecordConsent,
    RemoveAddress,
)
from tradepost.customers.http.bodies import (
    AccountView,
    AddressBody,
    AddressView,
    ConsentBody,
    ContactBody,
)
from tradepost.customers.queries import address_book, address_entry, customer_page
from tradepost.kernel.ids import AddressId, CustomerId
from tradepost.platform.web import (
    CUSTOMER,
    Caller,
    FromCaller,
    FromPath,
    JSONBody,
    door,
    versioned,
)

TAGS = ["Account"]
Account = Response[AccountView]
Entry = Response[AddressView]


@get("/api/v1/account", opt=door(CUSTOMER), tags=TAGS)
async def read_account(caller: FromCaller) -> Account:
    """One's own record."""
    return await _account(caller)


@put("/api/v1/account", opt=door(CUSTOMER, if_match=True), tags=TAGS)
async def change_account(data: JSONBody[ContactBody], caller: FromCaller) -> Account:
    """Say who one is. The address to sign in with stays what it was."""
    await caller.send(ChangeContact(_me(caller), data.contact(), caller.matched, data.home()))
    return await _account(caller)


@put("/api/v1/account/consents/{purpose:str}", opt=door(CUSTOMER, if_match=True), tags=TAGS)
async def record_consent(
    purpose: FromPath[str], data: JSONBody[ConsentBody], caller: FromCaller
) -> Account:
    """Agree to something, or no longer; If-Match names the account's version."""
    wish = RecordConsent(_me(caller), purpose, data.granted, caller.matched, data.source)
    await caller.send(wish)
    return await _account(caller)


@get("/api/v1/account/addresses", opt=door(CUSTOMER), tags=TAGS)
async def list_addresses(caller: FromCaller) -> list[AddressView]:
    """One's address book."""
    return [AddressView.of(one) for one in await caller.ask(address_book, _me(caller))]


@post("/api/v1/account/addresses", opt=door(CUSTOMER), tags=TAGS)
async def add_address(data: JSONBody[AddressBody], caller: FromCaller) -> Entry:
    """Note an address."""
    wish = AddAddress(_me(caller), data.place(), data.label, data.is_default)
    address_id: AddressId = await caller.send(wish)
    return await _entry(caller, address_id, status=201)


@put("/api/v1/account/addresses/{address_id:uuid}", opt=door(CUSTOMER, if_match=True), tags=TAGS)
async def change_address(
    address_id: FromPath[UUID], data: JSONBody[AddressBody], caller: FromCaller
) -> Entry:
    """Correct an address; If-Match names the address's version."""
    id = AddressId(address_id)
    wish = ChangeAddress(_me(caller), id, data.place(), caller.matched, data.label, data.is_default)
    await caller.send(wish)
    return await _entry(caller, id)


@delete("/api/v1/account/addresses/{address_id:uuid}", opt=door(CUSTOMER), tags=TAGS)
async def remove_address(address_id: FromPath[UUID], caller: FromCaller) -> None:
    """Let go of an address."""
    await caller.send(RemoveAddress(_me(caller), AddressId(address_id)))


def _me(caller: Caller) -> CustomerId:
    assert caller.customer_id is not None
    return CustomerId(caller.customer_id)


async def _account(caller: Caller) -> Account:
    view = AccountView.of(await caller.ask(customer_page, _me(caller)))
    return versioned(view, view.version)


async def _entry(caller: Caller, address_id: AddressId, *, status: int = 200) -> Entry:
    found = await caller.ask(address_entry, _me(caller), address_id)
    return versioned(AddressView.of(found), found.version, status=status)


ROUTES = (
    read_account,
    change_account,
    record_consent,
    list_addresses,
    add_address,
    change_address,
    remove_address,
)
