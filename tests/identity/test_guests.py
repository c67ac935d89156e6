"""What guests hold: carts, links and keys, each of them one guest's and for so many days."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.identity.town import Town
from tests.journeys.spine import Shop
from tests.shops import open_place

WEAK = {"idempotency-key": "checkout-0000000000000001"}
HOME = {"country": "GB", "name": "A. Shopper", "line1": "1 High Street", "city": "Leeds"}
MAIL = "a@example.com"
CHOICES: dict[str, Any] = {"delivery": "ship", "payment_method": "bank_transfer", "email": MAIL}
BODY: dict[str, Any] = {**CHOICES, "ship_to": HOME, "lines": [{"sku": "mug", "quantity": 1}]}
CHECKOUT = "/api/v1/checkout"
CARTS = "/api/v1/carts"


@pytest.fixture
async def mugs(town: Town) -> None:
    """Mugs to be sold."""
    places = await open_place(town.house.bus, town.shop)
    await Shop(town.house.bus, town.shop, *places).article("mug", stock=50)


def _told(answer: httpx.Response, status: int = 201) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


async def _filled(guest: httpx.AsyncClient) -> str:
    """The path of a cart with a mug in it; the guest shows its token from now on."""
    cart = _told(await guest.post(CARTS))
    guest.headers["x-cart-token"] = cart["token"]
    place = f"{CARTS}/{cart['id']}"
    _told(await guest.post(f"{place}/lines", json=BODY["lines"][0]), 200)
    _told(await guest.put(f"{place}/choices", json={**CHOICES, "ship_to": HOME}), 200)
    return place


@pytest.mark.usefixtures("mugs")
async def test_a_key_that_can_be_guessed_is_nobodys(town: Town) -> None:
    async with town.at(town.public) as guest:
        for key in (
            WEAK["idempotency-key"],
            "x" * 36,
            "00000000-0000-4000-8000-000000000001",
            "c232ab00-9414-11ec-b3c8-9f6bdeced846",  # an instant and an address
        ):
            for path, body in ((CHECKOUT, BODY), (CARTS, None)):
                headers = {"idempotency-key": key}
                refused = await guest.post(path, json=body, headers=headers)
                assert _told(refused, 400)["code"] == "platform.key_guessable", key
        for odd in ("short", "x" * 31 + " ", "x" * 256):
            refused = await guest.post(CHECKOUT, json=BODY, headers=WEAK | {"x-guest-token": odd})
            assert _told(refused, 400)["code"] == "platform.bad_guest_token"
        async with town.staff("admin") as boss:
            assert _told(await boss.get("/api/v1/orders"), 200)["items"] == []


@pytest.mark.usefixtures("mugs")
async def test_a_key_that_nobody_can_guess_is_answered_again(town: Town) -> None:
    headers = {"idempotency-key": str(uuid4())}
    async with town.at(town.public) as guest:
        for path, body in ((CHECKOUT, BODY), (CARTS, None)):
            first = await guest.post(path, json=body, headers=headers)
            again = await guest.post(path, json=body, headers=headers)
            assert again.content == first.content, _told(first)
            assert again.headers["idempotent-replayed"] == "true"


@pytest.mark.usefixtures("mugs")
async def test_the_same_weak_key_and_body_of_another_guest_tells_nothing(town: Town) -> None:
    """Each gets their own cart and their own order, and each is answered again with it."""
    async with town.at(town.public) as ann, town.at(town.public) as bob:
        ann.headers["x-guest-token"] = uuid4().hex
        bob.headers["x-guest-token"] = uuid4().hex
        for path, body in ((CHECKOUT, BODY), (CARTS, None)):
            of_ann = await ann.post(path, json=body, headers=WEAK)
            of_bob = await bob.post(path, json=body, headers=WEAK)
            first, second = _told(of_ann), _told(of_bob)
            assert "idempotent-replayed" not in of_bob.headers
            assert first["id"] != second["id"] and first["token"] != second["token"]
            assert (await ann.post(path, json=body, headers=WEAK)).content == of_ann.content
            assert (await bob.post(path, json=body, headers=WEAK)).content == of_bob.content
        async with town.at(town.public) as carol:  # who holds nothing
            refused = await carol.post(CHECKOUT, json=BODY, headers=WEAK)
            assert _told(refused, 400)["code"] == "platform.key_guessable"


@pytest.mark.usefixtures("mugs")
async def test_many_guests_with_one_key_at_once_are_told_their_own(town: Town) -> None:
    async with town.at(town.public) as crowd:

        async def order(token: str) -> httpx.Response:
            return await crowd.post(CHECKOUT, json=BODY, headers=WEAK | {"x-guest-token": token})

        tokens = [uuid4().hex for _ in range(8)]
        answers = await asyncio.gather(*map(order, tokens))
        assert len({_told(answer)["token"] for answer in answers}) == len(tokens)
        again = await asyncio.gather(*map(order, tokens))
        assert [one.content for one in again] == [one.content for one in answers]


@pytest.mark.usefixtures("mugs")
async def test_the_same_weak_key_for_two_carts_makes_two_orders(town: Town) -> None:
    async with town.at(town.public) as ann, town.at(town.public) as bob:
        of_ann, of_bob = f"{await _filled(ann)}/checkout", f"{await _filled(bob)}/checkout"
        first = await ann.post(of_ann, json={}, headers=WEAK)
        second = await bob.post(of_bob, json={}, headers=WEAK)
        assert _told(first)["id"] != _told(second)["id"]
        assert (await ann.post(of_ann, json={}, headers=WEAK)).content == first.content
        assert (await bob.post(of_bob, json={}, headers=WEAK)).content == second.content
        stolen = await bob.post(of_ann, json={}, headers=WEAK)
        assert _told(stolen, 404)["code"] == "kernel.unknown"


@pytest.mark.usefixtures("mugs")
async def test_a_carts_token_is_good_for_the_shops_days(town: Town) -> None:
    await _set(town, cart_days=3)
    async with town.at(town.public) as guest:
        place = await _filled(guest)
        town.hands.wait(days=2, hours=23)
        _told(await guest.get(place), 200)
        town.hands.wait(hours=2)
        line = BODY["lines"][0]
        for answer in (
            await guest.get(place),
            await guest.post(f"{place}/lines", json=line),
            await guest.put(f"{place}/choices", json=CHOICES),
            await guest.post(f"{place}/checkout", json={}, headers=WEAK),
        ):
            assert _told(answer, 404)["code"] == "kernel.unknown"
        await _set(town, cart_days=4)
        _told(await guest.get(place), 200)


@pytest.mark.usefixtures("mugs")
async def test_an_orders_link_is_good_for_the_shops_days(town: Town) -> None:
    await _set(town, order_link_days=10)
    async with town.at(town.public) as guest:
        key = {"idempotency-key": str(uuid4())}
        order = _told(await guest.post(CHECKOUT, json=BODY, headers=key))
        place, token = f"/api/v1/orders/{order['id']}", {"token": order["token"]}
        town.hands.wait(days=9, hours=23)
        _told(await guest.get(place, params=token), 200)
        town.hands.wait(hours=2)
        paying = {"token": "tok_ok"}
        for answer in (
            await guest.get(place, params=token),
            await guest.post(f"{place}/payments", params=token, json=paying, headers=WEAK),
        ):
            assert _told(answer, 404)["code"] == "kernel.unknown"
        known = {"number": order["number"], "email": CHOICES["email"]}
        _told(await guest.post("/api/v1/orders/look-up", json=known), 200)


async def _set(town: Town, **settings: int) -> None:
    async with town.staff("admin") as boss:
        etag = (await boss.get("/api/v1/settings")).headers["etag"]
        changed = await boss.patch(
            "/api/v1/settings", json={"settings": settings}, headers={"if-match": etag}
        )
        assert changed.status_code == 200, changed.text
