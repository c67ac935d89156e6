"""Staying signed in: refresh tokens rotate, a lost answer is given again, a thief is found out."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.identity.conftest import People
from tests.identity.test_signing_in import CUSTOMER, by, signed_up
from tests.shops import told
from tradepost.identity.commands import TidySignIns
from tradepost.identity.errors import SignedOut
from tradepost.identity.queries import sign_ins_page
from tradepost.identity.storage import SIGN_INS
from tradepost.kernel.messages import Scope
from tradepost.platform.db.statement import Statement
from tradepost.platform.db.work import Reader
from tradepost.platform.tokens import Audience, BadToken, TokenType


async def _sign_ins(people: People, scope: Scope) -> list[UUID]:
    async def look(db: Reader) -> list[UUID]:
        return [one.id for one in await SIGN_INS.all(db, Statement(SIGN_INS.select))]

    return await people.bus.ask(scope, look)


async def test_a_refresh_token_is_good_once(people: People, shop: Scope) -> None:
    first = await signed_up(people, shop)
    people.hands.wait(minutes=9)
    second = await people.doors.refresh(by(shop), CUSTOMER, first.refresh_token)
    people.hands.wait(minutes=9)
    third = await people.doors.refresh(by(shop), CUSTOMER, second.refresh_token)
    assert len({first.refresh_token, second.refresh_token, third.refresh_token}) == 3
    assert first.refresh_expires_at == third.refresh_expires_at
    assert (await people.person(third)).actor.id == first.subject_id
    people.hands.wait(seconds=11)
    with pytest.raises(SignedOut):
        await people.doors.refresh(by(shop), CUSTOMER, second.refresh_token)
    with pytest.raises(SignedOut):
        await people.doors.refresh(by(shop), CUSTOMER, third.refresh_token)
    with pytest.raises(SignedOut):
        await people.person(third)
    events = await told(people.bus, shop, (await _sign_ins(people, shop))[0])
    assert events == [("sign_in.started", 1), ("sign_in.ended", 2)]


async def test_an_answer_that_was_lost_is_given_again(people: People, shop: Scope) -> None:
    first = await signed_up(people, shop)
    people.hands.wait(minutes=1)
    second = await people.doors.refresh(by(shop), CUSTOMER, first.refresh_token)
    people.hands.wait(seconds=9)
    again = await people.doors.refresh(by(shop), CUSTOMER, first.refresh_token)
    assert again.refresh_token == second.refresh_token
    third = await people.doors.refresh(by(shop), CUSTOMER, second.refresh_token)
    with pytest.raises(SignedOut):
        await people.doors.refresh(by(shop), CUSTOMER, first.refresh_token)
    with pytest.raises(SignedOut):
        await people.doors.refresh(by(shop), CUSTOMER, third.refresh_token)


async def test_many_refresh_at_once_and_get_the_same(people: People, shop: Scope) -> None:
    first = await signed_up(people, shop)
    people.hands.wait(minutes=1)
    many = await asyncio.gather(
        *(people.doors.refresh(by(shop), CUSTOMER, first.refresh_token) for _ in range(8))
    )
    assert len({one.refresh_token for one in many}) == 1
    assert (await people.person(many[0])).actor.id == first.subject_id


async def test_a_refresh_token_is_of_its_shop_and_its_time(people: People, shop: Scope) -> None:
    first = await signed_up(people, shop)
    other = await people.shop()
    with pytest.raises(BadToken):
        await people.doors.refresh(by(other), CUSTOMER, first.refresh_token)
    with pytest.raises(BadToken):
        await people.doors.refresh(by(shop), CUSTOMER, first.access_token)
    forged = people.tokens.issue(
        Audience.PUBLIC,
        TokenType.REFRESH,
        first.subject_id,
        shop.tenant_id,
        timedelta(days=1),
        sid=uuid4(),
        jti="guess",
    )
    with pytest.raises(SignedOut):
        await people.doors.refresh(by(shop), CUSTOMER, forged)
    people.hands.wait(days=31)
    with pytest.raises(BadToken):
        await people.doors.refresh(by(shop), CUSTOMER, first.refresh_token)


async def test_sign_ins_end_with_their_time_and_are_forgotten_a_month_later(
    people: People, shop: Scope
) -> None:
    first = await signed_up(people, shop)
    (sign_in_id,) = await _sign_ins(people, shop)
    assert await people.bus.send(shop, TidySignIns()) == 0
    people.hands.wait(days=30)
    assert await people.bus.send(shop, TidySignIns()) == 1
    assert await people.bus.send(shop, TidySignIns()) == 0
    assert await told(people.bus, shop, sign_in_id) == [
        ("sign_in.started", 1),
        ("sign_in.ended", 2),
    ]
    left = await people.bus.ask(shop, sign_ins_page, CUSTOMER, first.subject_id)
    assert left == []
    people.hands.wait(days=30, seconds=1)
    assert await people.bus.send(shop, TidySignIns()) == 1
    assert await _sign_ins(people, shop) == []
