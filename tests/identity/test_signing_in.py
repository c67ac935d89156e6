"""Signing up, in, staying in and out, on both stores."""

from __future__ import annotations

import asyncio

import pytest

from tests.identity.conftest import PASSWORD, People
from tests.shops import told
from tradepost.customers.queries import customer_page
from tradepost.identity.commands import RevokeAccount
from tradepost.identity.domain import SubjectKind
from tradepost.identity.errors import (
    BadPassword,
    EmailTaken,
    SignedOut,
    SignUpClosed,
    TooManyTries,
    WrongCredentials,
)
from tradepost.identity.http.doors import Visitor
from tradepost.identity.http.issuing import SignedIn
from tradepost.identity.queries import sign_ins_page
from tradepost.identity.storage import SIGN_INS, accounts
from tradepost.kernel.errors import BadEmail, Refusal
from tradepost.kernel.ids import CustomerId
from tradepost.kernel.messages import Scope
from tradepost.platform.db.statement import Statement, scoped
from tradepost.platform.db.work import Reader
from tradepost.platform.tokens import Audience, BadToken, TokenType

CUSTOMER, STAFF = SubjectKind.CUSTOMER, SubjectKind.STAFF
EMAIL = "Jane.Doe@Example.com"


def by(scope: Scope, origin: str = "192.0.2.1") -> Visitor:
    return Visitor(scope.tenant_id, origin, "a browser")


async def signed_up(people: People, scope: Scope, email: str = EMAIL) -> SignedIn:
    return await people.doors.sign_up(by(scope), email, PASSWORD, "Jane", "Doe")


async def test_who_signs_up_is_a_customer_and_signed_in(people: People, shop: Scope) -> None:
    made = await signed_up(people, shop)
    person = await people.person(made)
    assert (person.actor.kind, person.actor.id) == ("customer", made.subject_id)
    assert person.actor.permissions == frozenset()
    assert person.tenant_id == shop.tenant_id
    assert not person.everywhere
    customer = await people.bus.ask(shop, customer_page, CustomerId(made.subject_id))
    assert (customer.given_name, customer.email_key) == ("Jane", "jane.doe@example.com")
    assert await told(people.bus, shop, made.subject_id) == [
        ("customer.created", 1),
        ("account.opened", 1),
    ]
    again = await people.doors.sign_in(by(shop), CUSTOMER, "jane.doe@EXAMPLE.com", PASSWORD)
    assert again.subject_id == made.subject_id


async def test_an_address_signs_up_once_a_shop(people: People, shop: Scope) -> None:
    await signed_up(people, shop)
    with pytest.raises(EmailTaken):
        await signed_up(people, shop, EMAIL.lower())
    other = await people.shop()
    assert (await signed_up(people, other)).refresh_token
    with pytest.raises(WrongCredentials):
        await people.doors.sign_in(by(await people.shop()), CUSTOMER, EMAIL, PASSWORD)


async def test_two_sign_up_with_one_address_at_once(people: People, shop: Scope) -> None:
    both = await asyncio.gather(
        signed_up(people, shop), signed_up(people, shop), return_exceptions=True
    )
    assert sum(isinstance(one, SignedIn) for one in both) == 1
    assert sum(isinstance(one, Refusal) for one in both) == 1


async def test_a_shop_may_not_want_accounts(people: People) -> None:
    with pytest.raises(SignUpClosed):
        await signed_up(people, await people.shop(sign_up=False))


@pytest.mark.parametrize(
    "password",
    ["short", "x" * 129, "aaaaaaaaaaaa", "ababababab", "Jane.Doe@Example.com", "with\nline ends"],
)
async def test_odd_passwords_are_refused(people: People, shop: Scope, password: str) -> None:
    with pytest.raises(BadPassword):
        await people.doors.sign_up(by(shop), EMAIL, password)
    with pytest.raises(BadEmail):
        await people.doors.sign_up(by(shop), "nobody", PASSWORD)


async def test_long_passwords_are_whole_and_forms_of_text_are_one(
    people: People, shop: Scope
) -> None:
    long = "é" * 60 + "0123456789" * 6 + "longtail"
    await people.doors.sign_up(by(shop), EMAIL, long)
    decomposed = "e\u0301" * 60 + "0123456789" * 6 + "longtail"
    with pytest.raises(WrongCredentials):
        await people.doors.sign_in(by(shop), CUSTOMER, EMAIL, long[:-1] + "x")
    assert len(decomposed) > 128
    await people.doors.sign_in(by(shop), CUSTOMER, EMAIL, long)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "wrong horse battery"),
        (EMAIL, ""),
        (EMAIL, "x" * 1_000_000),
        (EMAIL, PASSWORD + "\x00"),
        ("nobody@example.com", PASSWORD),
        ("no address at all", PASSWORD),
        ("' OR 1=1 --@example.com", PASSWORD),
        ("", ""),
    ],
)
async def test_whatever_is_wrong_is_told_in_the_same_words(
    people: People, shop: Scope, email: str, password: str
) -> None:
    await signed_up(people, shop)
    with pytest.raises(WrongCredentials) as refused:
        await people.doors.sign_in(by(shop), CUSTOMER, email, password)
    assert refused.value.facts() == {}


async def test_customers_are_no_staff_and_staff_no_customers(people: People, shop: Scope) -> None:
    await signed_up(people, shop, "one@example.com")
    await people.hire(shop, "two@example.com", "admin")
    with pytest.raises(WrongCredentials):
        await people.doors.sign_in(by(shop), STAFF, "one@example.com", PASSWORD)
    with pytest.raises(WrongCredentials):
        await people.doors.sign_in(by(shop), CUSTOMER, "two@example.com", PASSWORD)
    staff = await people.staff(shop, "two@example.com")
    person = await people.person(staff, Audience.ADMIN)
    assert "orders.refund" in person.actor.permissions
    assert "tenants.write" not in person.actor.permissions
    with pytest.raises(BadToken):
        await people.doors.authenticator.person(staff.access_token, Audience.PUBLIC)
    with pytest.raises(BadToken):
        await people.doors.authenticator.person(staff.refresh_token, Audience.ADMIN)
    with pytest.raises(BadToken):
        await people.doors.refresh(by(shop), CUSTOMER, staff.refresh_token)


async def test_nothing_that_opens_a_door_is_kept_in_the_clear(people: People, shop: Scope) -> None:
    made = await signed_up(people, shop)
    secret = people.tokens.read(made.refresh_token, Audience.PUBLIC, TokenType.REFRESH).jti

    async def look(db: Reader) -> str:
        kept = await db.all(Statement(SIGN_INS.select))
        return str(kept + await db.all(Statement(scoped(accounts))))

    kept = await people.bus.ask(shop, look)
    for open_sesame in (PASSWORD, secret, made.refresh_token, made.access_token):
        assert open_sesame not in kept
    assert "$argon2id$v=19$" in kept


async def test_signing_out_ends_one_device_at_once(people: People, shop: Scope) -> None:
    phone = await signed_up(people, shop)
    desk = await people.doors.sign_in(by(shop), CUSTOMER, EMAIL, PASSWORD)
    await people.doors.sign_out(by(shop), await people.person(phone))
    with pytest.raises(SignedOut):
        await people.doors.authenticator.person(phone.access_token, Audience.PUBLIC)
    with pytest.raises(SignedOut):
        await people.doors.refresh(by(shop), CUSTOMER, phone.refresh_token)
    assert (await people.person(desk)).actor.id == phone.subject_id
    left = await people.bus.ask(shop, sign_ins_page, CUSTOMER, phone.subject_id)
    assert [(one.device, one.origin) for one in left] == [("a browser", "192.0.2.1")]


async def test_signing_out_everywhere_ends_all(people: People, shop: Scope) -> None:
    phone = await signed_up(people, shop)
    desk = await people.doors.sign_in(by(shop), CUSTOMER, EMAIL, PASSWORD)
    await people.doors.sign_out_everywhere(by(shop), await people.person(desk))
    for device in (phone, desk):
        with pytest.raises(SignedOut):
            await people.doors.authenticator.person(device.access_token, Audience.PUBLIC)
        with pytest.raises(SignedOut):
            await people.doors.refresh(by(shop), CUSTOMER, device.refresh_token)
    anew = await people.doors.sign_in(by(shop), CUSTOMER, EMAIL, PASSWORD)
    assert (await people.person(anew)).actor.id == phone.subject_id


async def test_a_new_password_throws_everybody_out_but_its_owner(
    people: People, shop: Scope
) -> None:
    thief = await signed_up(people, shop)
    owner = await people.doors.sign_in(by(shop), CUSTOMER, EMAIL, PASSWORD)
    person = await people.person(owner)
    with pytest.raises(WrongCredentials):
        await people.doors.change_password(by(shop), person, "not the old one", "new " * 4)
    with pytest.raises(BadPassword):
        await people.doors.change_password(by(shop), person, PASSWORD, "short")
    other = await people.doors.sign_up(by(shop), "other@example.com", PASSWORD)
    fresh = await people.doors.change_password(by(shop), person, PASSWORD, "quite another one")
    for device in (thief, owner):
        with pytest.raises(SignedOut):
            await people.doors.authenticator.person(device.access_token, Audience.PUBLIC)
    assert (await people.person(fresh)).actor.id == owner.subject_id
    assert (await people.person(other)).actor.id == other.subject_id
    with pytest.raises(WrongCredentials):
        await people.doors.sign_in(by(shop), CUSTOMER, EMAIL, PASSWORD)
    await people.doors.sign_in(by(shop), CUSTOMER, EMAIL, "quite another one")


async def test_standing_is_looked_up_again_within_five_seconds(people: People, shop: Scope) -> None:
    """Another process signs out: its sign-out is not told to this one's memory."""
    made = await signed_up(people, shop)
    await people.person(made)
    await people.bus.send(shop, RevokeAccount(CustomerId(made.subject_id)))
    people.hands.wait(seconds=4.9)
    assert (await people.person(made)).actor.id == made.subject_id
    people.hands.wait(seconds=0.2)
    with pytest.raises(SignedOut):
        await people.person(made)


async def test_a_person_has_at_most_twenty_devices(people: People, shop: Scope) -> None:
    first = await signed_up(people, shop)
    for _ in range(20):
        people.hands.wait(seconds=1)
        last = await people.doors.sign_in(by(shop), CUSTOMER, EMAIL, PASSWORD)
    living = await people.bus.ask(shop, sign_ins_page, CUSTOMER, first.subject_id)
    assert len(living) == 20
    with pytest.raises(SignedOut):
        await people.doors.refresh(by(shop), CUSTOMER, first.refresh_token)
    assert (await people.person(last)).actor.id == first.subject_id


async def test_guessing_is_slowed_down_by_account_and_by_address(people: People) -> None:
    shop = await people.shop(
        sign_in_tries_per_account_per_minute=5, sign_in_tries_per_address_per_minute=8
    )
    await signed_up(people, shop)

    async def tries(count: int, origin: str, email: str) -> list[type]:
        told = []
        for n in range(count):
            at = Visitor(shop.tenant_id, origin.format(n=n))
            try:
                await people.doors.sign_in(at, CUSTOMER, email.format(n=n), "a wrong password")
            except Refusal as refusal:
                told.append(type(refusal))
        return told

    one_account = await tries(8, "198.51.100.{n}", EMAIL)
    assert one_account == [WrongCredentials] * 5 + [TooManyTries] * 3
    one_address = await tries(10, "203.0.113.9", "nobody{n}@example.com")
    assert one_address == [WrongCredentials] * 8 + [TooManyTries] * 2
    nobody = await tries(8, "203.0.113.1{n}", "nobody@example.com")
    assert nobody == [WrongCredentials] * 5 + [TooManyTries] * 3
    owner = await people.doors.sign_in(by(shop), CUSTOMER, EMAIL, PASSWORD)
    assert (await people.person(owner)).actor.id == owner.subject_id
    people.hands.wait(seconds=61)
    stranger = Visitor(shop.tenant_id, "198.51.100.99")
    again = await people.doors.sign_in(stranger, CUSTOMER, EMAIL, PASSWORD)
    assert again.subject_id == owner.subject_id
