"""Registering customers on both stores: in batches, by the codes of other systems, side by side."""

from __future__ import annotations

import asyncio

import pytest

from tests.shops import open_shop, told
from tradepost.customers.commands import (
    AddAddress,
    ChangeAddress,
    CreateCustomer,
    CreateGroup,
    EnsureCustomer,
    RemoveAddress,
    RenameGroup,
)
from tradepost.customers.domain import Contact, CustomerStatus, Place
from tradepost.customers.errors import ExternalCodeTaken, GroupCodeTaken, TooManyAddresses
from tradepost.customers.queries import (
    CustomerSearch,
    address_book,
    customer_page,
    customers_page,
    groups_page,
)
from tradepost.kernel.errors import BadEmail, BadPhone, BadValue, Stale, Unknown
from tradepost.kernel.ids import CustomerGroupId, CustomerId, RandomIds
from tradepost.platform.bus import Bus, Wish

JANE = Contact("Jane", "Doe", email="Jane.Doe@Example.com", phone="020 7946 0018")


async def test_a_customer_is_registered_as_written_and_found(bus: Bus) -> None:
    scope = await open_shop(bus)
    wish = CreateCustomer(JANE, external_code="C-1", region="GB")
    customer_id = await bus.send(scope, wish)
    customer = await bus.ask(scope, customer_page, customer_id)
    assert customer.email == "Jane.Doe@example.com"
    assert customer.email_key == "jane.doe@example.com"
    assert customer.phone == "+442079460018"
    assert (customer.status, customer.version) == (CustomerStatus.ACTIVE, 1)
    assert await told(bus, scope, customer_id) == [("customer.created", 1)]


async def test_ensuring_finds_or_registers_each_code_once(bus: Bus) -> None:
    scope = await open_shop(bus)
    known = await bus.send(scope, CreateCustomer(Contact(), external_code="12345"))
    codes = ["12345", "12346", "12347", "12346", "12345", "12348"]
    wishes = [Wish(EnsureCustomer(code)) for code in codes]
    first = await bus.send_all(scope, wishes)
    again = await bus.send_all(scope, wishes)
    assert first == again
    assert first[0] == first[4] == known
    assert first[1] == first[3]
    assert len(set(first)) == 4
    for customer_id in set(first):
        assert await told(bus, scope, customer_id) == [("customer.created", 1)]


async def test_ensuring_refuses_only_what_is_odd(bus: Bus) -> None:
    scope = await open_shop(bus)
    answers = await bus.send_all(
        scope,
        [
            Wish(EnsureCustomer("a")),
            Wish(EnsureCustomer("")),
            Wish(EnsureCustomer("b", Contact(email="nonsense"))),
            Wish(EnsureCustomer("c")),
        ],
    )
    assert isinstance(answers[1], BadValue)
    assert isinstance(answers[2], BadEmail)
    page = await bus.ask(scope, customers_page, CustomerSearch())
    assert {one.external_code for one in page} == {"a", "c"}


async def test_many_at_once_ensure_the_same_codes(bus: Bus) -> None:
    scope = await open_shop(bus)
    batches = [
        [Wish(EnsureCustomer(f"{n}")) for n in range(start, start + 20)] for start in (0, 10)
    ]
    batches = [*batches, list(reversed(batches[0])), list(reversed(batches[1]))]
    answers = await asyncio.gather(*(bus.send_all(scope, batch) for batch in batches))
    who: dict[str, set[CustomerId]] = {}
    for batch, found in zip(batches, answers, strict=True):
        for wish, customer_id in zip(batch, found, strict=True):
            assert isinstance(wish.command, EnsureCustomer)
            who.setdefault(wish.command.external_code, set()).add(customer_id)
    assert len(who) == 30
    assert all(len(ids) == 1 for ids in who.values())
    for ids in who.values():
        for customer_id in ids:
            assert await told(bus, scope, customer_id) == [("customer.created", 1)]


async def test_a_batch_of_new_customers_answers_each(bus: Bus) -> None:
    scope = await open_shop(bus)
    group_id = await bus.send(scope, CreateGroup("trade", "Trade"))
    await bus.send(scope, CreateCustomer(Contact(), external_code="old"))
    answers = await bus.send_all(
        scope,
        [
            Wish(CreateCustomer(JANE, "new", group_id, "GB")),
            Wish(CreateCustomer(JANE, "new", None, "GB")),
            Wish(CreateCustomer(JANE, "old", None, "GB")),
            Wish(CreateCustomer(JANE)),
            Wish(CreateCustomer(Contact("No", "Group"), None, CustomerGroupId(RandomIds().new()))),
            Wish(CreateCustomer(Contact("Last", "One"))),
        ],
    )
    kinds = [None, ExternalCodeTaken, ExternalCodeTaken, BadPhone, Unknown, None]
    for answer, kind in zip(answers, kinds, strict=True):
        assert kind is None or isinstance(answer, kind)
    page = await bus.ask(scope, customers_page, CustomerSearch(group_id=group_id))
    assert [one.id for one in page] == [answers[0]]


async def test_tenants_have_the_same_codes_and_do_not_meet(bus: Bus) -> None:
    first, second = await open_shop(bus), await open_shop(bus)
    mine = await bus.send(first, EnsureCustomer("1"))
    theirs = await bus.send(second, EnsureCustomer("1"))
    assert mine != theirs
    with pytest.raises(Unknown):
        await bus.ask(second, customer_page, mine)
    page = await bus.ask(second, customers_page, CustomerSearch(external_code="1"))
    assert [one.id for one in page] == [theirs]


NAMES = ["Ada Lovelace", "Grace Hopper", "ÅSA Öberg", "山田 太郎", "50% Off", "a_b c", "Émile Zola"]


async def test_search_folds_case_takes_words_in_any_order_and_pages(bus: Bus) -> None:
    scope = await open_shop(bus)
    for name in NAMES:
        given, family = name.split(" ", 1)
        await bus.send(
            scope, CreateCustomer(Contact(given, family, "Firm", f"{family[0]}@b.example"))
        )

    async def names(text: str) -> list[str]:
        found = await bus.ask(scope, customers_page, CustomerSearch(text))
        return [f"{one.given_name} {one.family_name}" for one in found]

    assert await names("lovelace ada") == ["Ada Lovelace"]
    assert await names("öberg åsa") == ["ÅSA Öberg"]
    assert await names("ÉMILE") == ["Émile Zola"]
    assert await names("太郎") == ["山田 太郎"]
    assert await names("50%") == ["50% Off"]
    assert await names("%") == ["50% Off"]
    assert await names("_") == ["a_b c"]
    assert await names("\\") == []
    assert len(await names("firm")) == len(NAMES)

    seen: list[CustomerId] = []
    after = None
    while page := await bus.ask(scope, customers_page, CustomerSearch("firm"), after, 2):
        seen += [one.id for one in page]
        after = (page[-1].search_key, str(page[-1].id))
    assert len(seen) == len(set(seen)) == len(NAMES)


async def test_search_by_mail_phone_and_status(bus: Bus) -> None:
    scope = await open_shop(bus)
    jane = await bus.send(scope, CreateCustomer(JANE, region="GB"))
    await bus.send(scope, CreateCustomer(Contact("Other", "One", email="other@example.com")))
    for search, found in (
        (CustomerSearch(email="JANE.doe@EXAMPLE.com"), [jane]),
        (CustomerSearch(phone="+442079460018"), [jane]),
        (CustomerSearch("jane", email="other@example.com"), []),
        (CustomerSearch(statuses=(CustomerStatus.BLOCKED,)), []),
    ):
        page = await bus.ask(scope, customers_page, search)
        assert [one.id for one in page] == found


HOME = Place("gb", "Jane Doe", "1 High Street", "", "N1 1AA", "London", phone="020 7946 0018")


async def test_an_address_book_has_one_default(bus: Bus) -> None:
    scope = await open_shop(bus)
    jane = await bus.send(scope, CreateCustomer(JANE, region="GB"))
    home = await bus.send(scope, AddAddress(jane, HOME, "Home", is_default=True))
    work = await bus.send(scope, AddAddress(jane, HOME, "Work", is_default=True))
    book = {one.id: one for one in await bus.ask(scope, address_book, jane)}
    assert (book[home].is_default, book[work].is_default) == (False, True)
    assert (book[home].country, book[home].phone) == ("GB", "+442079460018")
    version = book[home].version
    await bus.send(scope, ChangeAddress(jane, home, HOME, version, "Home again", is_default=True))
    with pytest.raises(Stale):
        await bus.send(scope, ChangeAddress(jane, home, HOME, version, "Late"))
    book = {one.id: one for one in await bus.ask(scope, address_book, jane)}
    assert (book[home].is_default, book[work].is_default) == (True, False)
    await bus.send(scope, RemoveAddress(jane, work))
    assert [one.id for one in await bus.ask(scope, address_book, jane)] == [home]


async def test_an_address_is_its_customers_alone(bus: Bus) -> None:
    scope = await open_shop(bus)
    jane = await bus.send(scope, CreateCustomer(JANE, region="GB"))
    john = await bus.send(scope, CreateCustomer(Contact("John")))
    home = await bus.send(scope, AddAddress(jane, HOME))
    with pytest.raises(Unknown):
        await bus.send(scope, ChangeAddress(john, home, HOME, 1))
    with pytest.raises(Unknown):
        await bus.send(scope, RemoveAddress(john, home))
    for odd in (Place("XX", line1="1", city="C"), Place("GB", line1="", city="C")):
        with pytest.raises(BadValue):
            await bus.send(scope, AddAddress(jane, odd))
    assert [one.place for one in await bus.ask(scope, address_book, jane)] == [HOME.checked()]


async def test_an_address_book_is_not_a_warehouse(bus: Bus) -> None:
    scope = await open_shop(bus)
    jane = await bus.send(scope, CreateCustomer(JANE, region="GB"))
    for _ in range(50):
        await bus.send(scope, AddAddress(jane, HOME))
    with pytest.raises(TooManyAddresses):
        await bus.send(scope, AddAddress(jane, HOME))


async def test_groups_have_codes_of_their_own(bus: Bus) -> None:
    scope = await open_shop(bus)
    group_id = await bus.send(scope, CreateGroup("trade", "Trade"))
    with pytest.raises(GroupCodeTaken):
        await bus.send(scope, CreateGroup("trade", "Again"))
    assert await bus.send(scope, RenameGroup(group_id, "Trade customers", 1)) == 2
    (group,) = await bus.ask(scope, groups_page)
    assert (group.code, group.name) == ("trade", "Trade customers")
