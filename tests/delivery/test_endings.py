"""Other ways than the straight one: fetched, declined, failed, brought back, raced for."""

from __future__ import annotations

import asyncio
from base64 import b64encode

import httpx

from tests.delivery.grocer import Grocer, key, refused, sound

JOBS = "/api/v1/courier/jobs"
EGGS = [{"sku": "eggs", "quantity": 2}]


async def test_who_fetches_shows_a_code_and_has_paid(grocer: Grocer) -> None:
    pickup = {"delivery": "pickup", "slot_id": None, "ship_to": None}
    order = await grocer.check_out(EGGS, payment_method="bank_transfer", **pickup)
    assert (order["status"], order["shipping"]) == ("pending_payment", 0)
    await grocer.made("payments", method="bank_transfer", orders=[{"order_id": order["id"]}])
    await grocer.picked(order)
    job = await grocer.job_of(order)
    place = f"/api/v1/deliveries/{job['id']}"
    shown = f"/api/v1/orders/{order['id']}/delivery"
    refused(await grocer.guest.get(shown), 404, "kernel.unknown")
    seen = sound(await grocer.guest.get(shown, params={"token": order["token"]}))
    assert (seen["kind"], seen["state"], len(seen["code"])) == ("pickup", "pending", 6)
    async with grocer.courier() as courier:
        await grocer.on_duty(courier)
        assert sound(await courier.get(JOBS)) == []
        theirs = {"courier_id": courier.headers["x-own-id"]}
        answer = await grocer.boss.post(f"{place}/assign", json=theirs)
        refused(answer, 409, "delivery.not_for_couriers")
    wrong = {"code": "000000" if seen["code"] != "000000" else "000001"}
    for more in ({}, {}, {"order_token": "none"}, {"order_token": order["token"][:-1]}):
        refused(
            await grocer.boss.post(f"{place}/hand-over", json=wrong | more),
            409,
            "delivery.wrong_code",
        )
    sound(await grocer.boss.post(f"{place}/hand-over", json={"code": seen["code"]}))
    too_often = await grocer.boss.post(f"{place}/hand-over", json=wrong)
    refused(too_often, 429, "delivery.too_many_codes")
    assert await grocer.status(order) == "completed"
    unpaid = await grocer.check_out(EGGS, payment_method="cod", **pickup)
    await grocer.picked(unpaid)
    job = await grocer.job_of(unpaid)
    place = f"/api/v1/deliveries/{job['id']}/hand-over"
    link = {"order_token": unpaid["token"]}
    refused(await grocer.boss.post(place, json=link), 409, "ordering.not_paid")
    await grocer.made("payments", method="cash", orders=[{"order_id": unpaid["id"]}])
    sound(await grocer.boss.post(place, json=link))
    await grocer.settle()
    await grocer.examine()


async def test_jobs_go_to_whoever_has_fewest_and_pass_on_when_declined(grocer: Grocer) -> None:
    orders = [await grocer.check_out(EGGS) for _ in range(2)]
    async with grocer.courier("Kim") as kim, grocer.courier("Lee") as lee:
        await grocer.on_duty(kim)
        await grocer.on_duty(lee)
        for order in orders:
            await grocer.picked(order)
        await grocer.settle()
        (first,), (second,) = sound(await kim.get(JOBS)), sound(await lee.get(JOBS))
        assert {first["order_id"], second["order_id"]} == {one["id"] for one in orders}
        sound(await kim.post(f"{JOBS}/{first['id']}/decline"))
        await grocer.settle()
        assert sound(await kim.get(JOBS)) == []
        assert len(sound(await lee.get(JOBS))) == 2
        sound(await grocer.boss.post(f"/api/v1/deliveries/{second['id']}/release", json={}))
        await grocer.settle()
        (mine,) = sound(await kim.get(JOBS))
        assert mine["id"] == second["id"], "Lee had it, so Kim is next"
        own = {"name": "Kim", "location_id": grocer.ids["location"], "status": "disabled"}
        path = f"/api/v1/couriers/{kim.headers['x-own-id']}"
        answer = await grocer.boss.put(path, json=own, headers={"if-match": '"2"'})
        refused(answer, 409, "delivery.courier_busy")
        for order in orders:
            seen = await grocer.read(f"orders/{order['id']}")
            tag = {"if-match": f'"{seen["version"]}"'}
            sound(await grocer.boss.post(f"/api/v1/orders/{order['id']}/cancel", headers=tag))
        await grocer.settle()
        assert sound(await kim.get(JOBS)) == [] == sound(await lee.get(JOBS))
        sound(await grocer.boss.put(path, json=own, headers={"if-match": '"2"'}))
        refused(await kim.get(JOBS), 401, "identity.signed_out")
    await grocer.examine()


async def test_what_nobody_takes_is_tried_again_or_comes_back(grocer: Grocer) -> None:
    order = await grocer.check_out([*EGGS, {"sku": "cheese", "quantity": 400}])
    paid = await grocer.check_out(EGGS, payment_method="bank_transfer")
    await grocer.made("payments", method="bank_transfer", orders=[{"order_id": paid["id"]}])
    before = await _on_hand(grocer)
    async with grocer.courier() as courier:
        await grocer.on_duty(courier)
        for one in (order, paid):
            await grocer.picked(one, cheese={"picked": 380})
            await grocer.settle()
            (job,) = sound(await courier.get(JOBS))
            place, desk = f"{JOBS}/{job['id']}", f"/api/v1/deliveries/{job['id']}"
            for _ in range(2):
                sound(await courier.post(f"{place}/pick-up"))
                sound(await courier.post(f"{place}/fail", json={"reason": "nobody at home"}))
                sound(await grocer.boss.post(f"{desk}/try-again", json={}))
                assert await grocer.status(one) == "ready"
                await grocer.settle()
            sound(await courier.post(f"{place}/pick-up"))
            refused(await grocer.boss.post(f"{desk}/bring-back", json={}), 409, _WRONG)
            sound(await courier.post(f"{place}/fail", json={"reason": "moved away"}))
            sound(await grocer.boss.post(f"{desk}/bring-back", json={}))
            refused(await grocer.boss.post(f"{desk}/bring-back", json={}), 409, _WRONG)
            seen = await grocer.read(f"orders/{one['id']}")
            assert (seen["status"], seen["due"]) == ("completed", 0)
            if one is paid:
                assert (seen["refunded"], seen["paid"]) == (600, 950), "the fee stays with the shop"
            else:
                assert (seen["credited"], seen["paid"]) == (seen["total"], 0)
    assert await _on_hand(grocer) == before
    await grocer.settle()
    await grocer.examine()


async def test_a_slot_takes_as_many_orders_as_it_has_places(grocer: Grocer) -> None:
    answers = await asyncio.gather(*(grocer.try_to_check_out(EGGS) for _ in range(12)))
    told = sorted(_code(answer) for answer in answers)
    assert told == ["confirmed"] * 2 + ["delivery.slot_full"] * 10
    where = {"country": "GB", "postcode": "LS1 4AP"}
    slots = sound(await grocer.guest.get("/api/v1/delivery", params=where))["slots"]
    assert [one["free"] for one in slots] == [0, 2]
    await grocer.settle()
    await grocer.examine()


async def test_a_cart_shows_the_fee_and_what_is_missing(grocer: Grocer) -> None:
    guest = grocer.guest
    opened = await guest.post("/api/v1/carts")
    place = opened.headers["location"]
    guest.headers["x-cart-token"] = opened.json()["token"]
    sound(await guest.post(f"{place}/lines", json={"sku": "eggs", "quantity": 2}))
    choices = {"delivery": "local", "payment_method": "cod", "ship_to": _NEAR}
    cart = sound(await guest.put(f"{place}/choices", json=choices))
    assert [one["code"] for one in cart["problems"]] == ["delivery.slot_missing"]
    assert (cart["shipping"], cart["total"]) == (350, 950)
    choices |= {"slot_id": grocer.ids["slot"]}
    cart = sound(await guest.put(f"{place}/choices", json=choices))
    assert (cart["problems"], cart["slot_id"]) == ([], grocer.ids["slot"])
    made = await guest.post(f"{place}/checkout", json={"expected_total": 950}, headers=key())
    assert sound(made)["status"] == "confirmed"
    seen = await grocer.read(f"orders/{made.json()['id']}")
    assert (seen["slot_id"], seen["location_id"]) == (grocer.ids["slot"], grocer.ids["location"])


async def test_a_signature_is_kept_for_staff_until_the_person_is_forgotten(grocer: Grocer) -> None:
    order = await grocer.check_out(EGGS)
    await grocer.picked(order)
    async with grocer.courier() as courier:
        await grocer.on_duty(courier)
        (job,) = sound(await courier.get(JOBS))
        sound(await courier.post(f"{JOBS}/{job['id']}/pick-up"))
        proof = {"kind": "signature", "signature": b64encode(b"a scribble").decode()}
        done = {"proof": proof, "collected": 950}
        sound(await courier.post(f"{JOBS}/{job['id']}/complete", json=done))
        over = sound(await courier.get(f"{JOBS}/{job['id']}"))
        assert over["destination"] is None, "no address once it is over"
    kept = await grocer.boss.get(f"/api/v1/deliveries/{job['id']}/signature")
    assert kept.content == b"a scribble"


_WRONG = "kernel.wrong_state"
_NEAR = {"country": "GB", "line1": "1 High Street", "city": "Leeds", "postcode": "LS2 7AA"}


async def _on_hand(grocer: Grocer) -> list[int]:
    stock = await grocer.read(f"stock?location_id={grocer.ids['location']}")
    return [one["on_hand"] for one in stock["items"]]


def _code(answer: httpx.Response) -> str:
    told = answer.json()
    return str(told.get("code") or told["status"])
