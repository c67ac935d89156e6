"""Cashiers change places at a shared till by a PIN, which opens the till and nothing else."""

from __future__ import annotations

from contextlib import AsyncExitStack

import httpx
import pytest

from tests.counter.conftest import Counter, Desk, open_counter
from tests.identity.conftest import PASSWORD
from tests.identity.town import Town
from tradepost.identity.domain.pin import AT_A_TILL, TILL_LIFE, TRIES_MAX, at_a_till, checked_pin
from tradepost.identity.errors import BadPin
from tradepost.kernel.permissions import ALL

PIN = "4711"


@pytest.mark.parametrize("pin", ["", "123", "1234", "9876", "0000", "12a4", "123456789", "٤٧١١"])
def test_pins_that_anybody_would_try_are_none(pin: str) -> None:
    with pytest.raises(BadPin):
        checked_pin(pin)


def test_a_pin_never_opens_more_than_its_owner_may() -> None:
    assert checked_pin(PIN) == PIN
    assert at_a_till(frozenset({"orders.read", "staff.write"})) == {"orders.read"}
    assert at_a_till(frozenset({ALL})) == AT_A_TILL


async def _member(desk: Desk, pin: str = PIN) -> str:
    me = await desk.get("me")
    await desk.send("PUT", "me/pin", {"password": PASSWORD, "pin": pin}, 204)
    staff_id: str = me["id"]
    return staff_id


def _by(counter: Counter, token: str) -> httpx.AsyncClient:
    return counter.town.at(counter.town.admin, counter.scope, token)


async def test_a_manager_comes_to_the_till_and_goes_again(counter: Counter) -> None:
    boss_id = await _member(counter.boss)
    wrong = {"password": "not mine at all", "pin": PIN}
    told = await counter.cashier.send("PUT", "me/pin", wrong, 401)
    assert told["code"] == "identity.wrong_credentials"
    (only,) = await counter.cashier.get("till/members")
    assert only["id"] == boss_id
    await counter.cashier.refused(
        "till/sign-in", 403, "identity.wrong_pin", staff_id=boss_id, pin="4712"
    )
    nobody = (await counter.cashier.get("me"))["id"]
    await counter.cashier.refused(
        "till/sign-in", 403, "identity.wrong_pin", staff_id=nobody, pin=PIN
    )
    tokens = await counter.cashier.post("till/sign-in", 200, staff_id=boss_id, pin=PIN)
    await counter.open()
    sold = await counter.sell(("tea", 1), cash=350)
    async with _by(counter, tokens["access_token"]) as client:
        manager = Desk(client)
        may = set((await manager.get("me"))["permissions"])
        assert may <= AT_A_TILL and {"counter.void", "orders.discount"} <= may
        off = counter.sale(("tea", 1), cash=300, discount=50)
        assert (await manager.post("counter/sales", **off))["sale"]["total"] == 300
        await counter.cashier.refused(
            "counter/sales", 403, "kernel.may_not", **off | {"id": boss_id}
        )
        await manager.post(f"counter/sales/{sold['sale_id']}/void", 200)
        hire = await client.get("/api/v1/staff")
        assert hire.status_code == 403
        counter.hands.instant += TILL_LIFE
        assert (await client.get("/api/v1/me")).status_code == 401
    await counter.check()


async def test_who_guesses_on_and_on_is_locked_out(town: Town) -> None:
    async with AsyncExitStack() as stack:
        counter = await open_counter(
            town,
            stack,
            sign_in_tries_per_account_per_minute=1000,
            sign_in_tries_per_address_per_minute=10_000,
        )
        boss_id = await _member(counter.boss)
        guess = {"staff_id": boss_id, "pin": "2580"}
        for _ in range(TRIES_MAX):
            await counter.cashier.refused("till/sign-in", 403, "identity.wrong_pin", **guess)
        right = {"staff_id": boss_id, "pin": PIN}
        await counter.cashier.refused("till/sign-in", 403, "identity.pin_locked", **right)
        await _member(counter.boss, "8025")
        await counter.cashier.post("till/sign-in", 200, staff_id=boss_id, pin="8025")


async def test_a_shop_allows_few_tries_a_minute(counter: Counter) -> None:
    boss_id = await _member(counter.boss)
    guess = {"staff_id": boss_id, "pin": "2580"}
    codes = []
    for _ in range(7):
        answer = await counter.cashier.client.post("/api/v1/till/sign-in", json=guess)
        codes.append(answer.status_code)
    assert codes[:5] == [403] * 5 and codes[-1] == 429
