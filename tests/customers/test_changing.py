"""Changing, blocking, merging and erasing customers, with the accounts that hang on them."""

from __future__ import annotations

import pytest

from tests.identity.conftest import PASSWORD, People
from tests.shops import told
from tradepost.customers.commands import (
    AddAddress,
    ChangeContact,
    CreateCustomer,
    CreateGroup,
    EnsureCustomer,
    EraseCustomer,
    MergeCustomers,
    MoveCustomer,
    RecordConsent,
    RemoveAddress,
    TreatCustomer,
)
from tradepost.customers.domain import Contact, CustomerStatus, Place
from tradepost.customers.errors import BadConsent, SameCustomer
from tradepost.customers.queries import (
    CustomerSearch,
    address_book,
    customer_page,
    customers_page,
)
from tradepost.identity.domain import SubjectKind
from tradepost.identity.errors import SignedOut, WrongCredentials
from tradepost.identity.http.doors import Visitor
from tradepost.identity.http.issuing import SignedIn
from tradepost.identity.queries import sign_ins_page
from tradepost.kernel.errors import BadText, Stale, Unknown
from tradepost.kernel.ids import CustomerGroupId, CustomerId, RandomIds
from tradepost.kernel.messages import Scope
from tradepost.kernel.states import WrongState

CUSTOMER = SubjectKind.CUSTOMER
HOME = Place("GB", "Jane Doe", "1 High Street", city="London")


async def signed_up(people: People, scope: Scope, email: str) -> tuple[CustomerId, SignedIn]:
    by = Visitor(scope.tenant_id, "192.0.2.1", "a phone")
    made = await people.doors.sign_up(by, email, PASSWORD, "Jane", "Doe")
    return CustomerId(made.subject_id), made


async def sign_in(people: People, scope: Scope, email: str) -> SignedIn:
    return await people.doors.sign_in(Visitor(scope.tenant_id), CUSTOMER, email, PASSWORD)


async def test_contact_and_treatment_change_under_the_version(people: People, shop: Scope) -> None:
    bus = people.bus
    jane = await bus.send(shop, CreateCustomer(Contact("Jane", "Doe")))
    group_id = await bus.send(shop, CreateGroup("trade", "Trade"))
    contact = Contact("Jane", "Roe", email="jane@example.com")
    assert await bus.send(shop, ChangeContact(jane, contact, 1)) == 2
    with pytest.raises(Stale):
        await bus.send(shop, ChangeContact(jane, Contact("Late"), 1))
    treat = TreatCustomer(jane, 2, group_id, True, "GB123", "pays late\nbut pays")
    assert await bus.send(shop, treat) == 3
    with pytest.raises(Unknown):
        nowhere = CustomerGroupId(RandomIds().new())
        await bus.send(shop, TreatCustomer(jane, 3, nowhere))
    with pytest.raises(BadText):
        await bus.send(shop, TreatCustomer(jane, 3, notes="x" * 5001))
    customer = await bus.ask(shop, customer_page, jane)
    assert (customer.family_name, customer.tax_exempt, customer.group_id) == ("Roe", True, group_id)
    assert customer.search_key == "roe jane jane@example.com"
    assert await told(bus, shop, jane) == [
        ("customer.created", 1),
        ("customer.updated", 2),
        ("customer.updated", 3),
    ]


async def test_the_latest_word_about_a_purpose_counts(people: People, shop: Scope) -> None:
    bus = people.bus
    jane = await bus.send(shop, CreateCustomer(Contact("Jane")))
    await bus.send(shop, RecordConsent(jane, "newsletter", True, 1, "checkout"))
    await bus.send(shop, RecordConsent(jane, "profiling", False, 2))
    await bus.send(shop, RecordConsent(jane, "newsletter", False, 3, "mail"))
    with pytest.raises(BadConsent):
        await bus.send(shop, RecordConsent(jane, "No Slug", True, 4))
    consents = (await bus.ask(shop, customer_page, jane)).consents
    for n in range(48):
        await bus.send(shop, RecordConsent(jane, f"purpose-{n}", True, 4 + n))
    with pytest.raises(BadConsent):
        await bus.send(shop, RecordConsent(jane, "one-more", True, 52))
    await bus.send(shop, RecordConsent(jane, "newsletter", True, 52))
    assert [(one.purpose, one.granted, one.source) for one in consents] == [
        ("profiling", False, ""),
        ("newsletter", False, "mail"),
    ]


async def test_the_address_book_is_a_part_of_the_customer(people: People, shop: Scope) -> None:
    jane = await people.bus.send(shop, CreateCustomer(Contact("Jane")))
    home = await people.bus.send(shop, AddAddress(jane, HOME))
    await people.bus.send(shop, RemoveAddress(jane, home))
    facts = await told(people.bus, shop, jane)
    assert facts == [("customer.created", 1), ("customer.updated", 2), ("customer.updated", 3)]


async def test_who_is_blocked_is_out_until_unblocked(people: People, shop: Scope) -> None:
    jane, made = await signed_up(people, shop, "jane@example.com")
    await people.person(made)
    assert await people.bus.send(shop, MoveCustomer(jane, "block", 1)) == 2
    people.hands.wait(seconds=5)
    with pytest.raises(SignedOut):
        await people.person(made)
    with pytest.raises(SignedOut):
        await people.doors.refresh(Visitor(shop.tenant_id), CUSTOMER, made.refresh_token)
    with pytest.raises(WrongCredentials):
        await sign_in(people, shop, "jane@example.com")
    with pytest.raises(WrongState):
        await people.bus.send(shop, MoveCustomer(jane, "block", 2))
    with pytest.raises(WrongState):
        await people.bus.send(shop, MoveCustomer(jane, "erase", 2))
    await people.bus.send(shop, MoveCustomer(jane, "unblock", 2))
    assert (await sign_in(people, shop, "jane@example.com")).subject_id == jane


async def test_two_records_of_one_person_become_one(people: People, shop: Scope) -> None:
    bus = people.bus
    into = await bus.send(shop, CreateCustomer(Contact("Jane", "", email="shop@example.com")))
    other, _ = await signed_up(people, shop, "jane@example.com")
    coded = await bus.send(shop, EnsureCustomer("C-7", Contact(phone="+442079460018")))
    await bus.send(shop, AddAddress(other, HOME, "Home", is_default=True))
    with pytest.raises(SameCustomer):
        await bus.send(shop, MergeCustomers(into, into, 1))
    assert await bus.send(shop, MergeCustomers(into, other, 1)) == 2
    assert await bus.send(shop, MergeCustomers(into, coded, 2)) == 3
    kept = await bus.ask(shop, customer_page, into)
    assert (kept.given_name, kept.family_name, kept.email) == ("Jane", "Doe", "shop@example.com")
    assert (kept.phone, kept.external_code) == ("+442079460018", "C-7")
    gone = await bus.ask(shop, customer_page, other)
    assert (gone.status, gone.merged_into) == (CustomerStatus.MERGED, into)
    assert await bus.send(shop, EnsureCustomer("C-7")) == into
    assert len(await bus.ask(shop, address_book, into)) == 1
    assert await bus.ask(shop, address_book, other) == []
    assert (await sign_in(people, shop, "jane@example.com")).subject_id == into
    page = await bus.ask(shop, customers_page, CustomerSearch("jane"))
    assert [one.id for one in page] == [into]
    for wish in (
        MergeCustomers(into, other, 3),
        MergeCustomers(other, into, gone.version),
        ChangeContact(other, Contact("X"), gone.version),
        AddAddress(other, HOME),
    ):
        with pytest.raises(WrongState):
            await bus.send(shop, wish)
    assert ("customer.merged", gone.version) in await told(bus, shop, other)


async def test_of_two_accounts_the_one_that_is_kept_stays(people: People, shop: Scope) -> None:
    into, _ = await signed_up(people, shop, "one@example.com")
    other, made = await signed_up(people, shop, "two@example.com")
    await people.bus.send(shop, MergeCustomers(into, other, 1))
    assert (await sign_in(people, shop, "one@example.com")).subject_id == into
    with pytest.raises(WrongCredentials):
        await sign_in(people, shop, "two@example.com")
    with pytest.raises(SignedOut):
        await people.doors.refresh(Visitor(shop.tenant_id), CUSTOMER, made.refresh_token)


async def test_who_is_erased_leaves_nothing_but_an_identifier(people: People, shop: Scope) -> None:
    bus = people.bus
    jane, made = await signed_up(people, shop, "jane.doe@example.com")
    await bus.send(shop, TreatCustomer(jane, 1, tax_number="GB999", notes="knows Bob"))
    await bus.send(shop, RecordConsent(jane, "newsletter", True, 2, "shop floor"))
    await bus.send(shop, AddAddress(jane, HOME))
    with pytest.raises(Stale):
        await bus.send(shop, EraseCustomer(jane, 1))
    version = await bus.send(shop, EraseCustomer(jane, 4))
    left = await bus.ask(shop, customer_page, jane)
    assert (left.status, left.version) == (CustomerStatus.ERASED, version)
    for trace in ("Jane", "Doe", "doe", "example.com", "GB999", "Bob", "floor", "High Street"):
        assert trace not in str(left)
    assert await bus.ask(shop, address_book, jane) == []
    assert await bus.ask(shop, sign_ins_page, CUSTOMER, jane) == []
    with pytest.raises(WrongCredentials):
        await sign_in(people, shop, "jane.doe@example.com")
    people.hands.wait(seconds=5)
    with pytest.raises(SignedOut):
        await people.person(made)
    page = await bus.ask(shop, customers_page, CustomerSearch())
    assert page == []
    with pytest.raises(WrongState):
        await bus.send(shop, ChangeContact(jane, Contact("Jane"), version))
    again, _ = await signed_up(people, shop, "jane.doe@example.com")
    assert again != jane
