"""One order from the shopper's choice of a slot to the cash in the safe, over both servers."""

from __future__ import annotations

from tests.delivery.grocer import Grocer, key, sound

JOBS = "/api/v1/courier/jobs"


async def test_an_order_is_picked_brought_paid_at_the_door_and_handed_in(grocer: Grocer) -> None:
    guest, boss = grocer.guest, grocer.boss
    where = {"country": "GB", "postcode": "ls1 4ap"}
    service = sound(await guest.get("/api/v1/delivery", params=where))
    assert (service["fee"], service["minimum"], len(service["slots"])) == (350, 400, 2)
    order = await grocer.check_out(
        [
            {"sku": "eggs", "quantity": 2},
            {
                "sku": "milk",
                "quantity": 2,
                "substitution": {"rule": "same_price_or_less"},
            },
            {"sku": "cheese", "quantity": 500},
        ]
    )
    assert (order["status"], order["total"]) == ("confirmed", 600 + 300 + 600 + 350)

    task = await grocer.picked(
        order,
        milk={
            "picked": 1,
            "replaced": 1,
            "substitute_id": grocer.ids["oat-milk"],
            "substitute_units": 1,
        },
        cheese={"picked": 480},
        eggs={"picked": 1, "short": 1},
    )
    assert task["state"] == "completed"
    seen = await grocer.read(f"orders/{order['id']}")
    assert (seen["status"], seen["total"]) == ("ready", 300 + 150 + 140 + 576 + 350)

    async with grocer.courier() as courier:
        assert (await grocer.job_of(order))["state"] == "pending"
        await grocer.on_duty(courier)
        (job,) = sound(await courier.get(JOBS))
        assert (job["state"], job["collect"]) == ("assigned", 1516)
        assert job["destination"]["line1"] == "1 High Street"
        place = f"{JOBS}/{job['id']}"
        sound(await courier.post(f"{place}/accept"))
        sound(await courier.post(f"{place}/pick-up"))
        assert await grocer.status(order) == "out_for_delivery"
        here = {"latitude_e6": 53_796_000, "longitude_e6": -1_547_000}
        sound(await courier.put(f"{place}/position", json=here))
        done = {"proof": {"kind": "name", "text": "A. Shopper"}, "collected": 1516}
        sound(await courier.post(f"{place}/complete", json=done))
        assert await grocer.status(order) == "completed"
        assert sound(await courier.get("/api/v1/courier/cash"))["owed"] == 1516
        cash = f"/api/v1/couriers/{courier.headers['x-own-id']}"
        owed = sound(await boss.get(f"{cash}/cash"))
        assert [one["order_number"] for one in owed["payments"]] == [order["number"]]
        await grocer.examine()
        counted = {"counted": 1500, "note": "a coin fell down a drain"}
        made = sound(await boss.post(f"{cash}/hand-ins", json=counted, headers=key()))
        assert (made["owed"], made["counted"], made["missing"]) == (1516, 1500, 16)
        assert sound(await courier.get("/api/v1/courier/cash"))["owed"] == 0
        (listed,) = sound(await boss.get(f"{cash}/hand-ins"))
        assert listed["note"] == counted["note"]
    await grocer.settle()
    await grocer.examine()
