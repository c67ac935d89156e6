"""Bad input: each is one problem with its code, and nothing has changed."""

from __future__ import annotations

from base64 import b64encode

from tests.delivery.grocer import FAR, NEAR, Grocer, key, open_zone, refused, sound

JOBS = "/api/v1/courier/jobs"
EGGS = [{"sku": "eggs", "quantity": 2}]


async def test_addresses_and_slots(grocer: Grocer) -> None:
    guest, boss = grocer.guest, grocer.boss
    outside = await grocer.try_to_check_out(EGGS, ship_to=FAR)
    refused(outside, 409, "delivery.outside_zones")
    nowhere = {"country": "GB", "postcode": "EC1A 1BB"}
    refused(await guest.get("/api/v1/delivery", params=nowhere), 409, "delivery.outside_zones")
    bare = {name: one for name, one in NEAR.items() if name != "postcode"}
    without = await grocer.try_to_check_out(EGGS, ship_to=bare)
    refused(without, 409, "delivery.postcode_missing")
    unchosen = await grocer.try_to_check_out(EGGS, slot_id=None)
    refused(unchosen, 409, "delivery.slot_missing")
    little = await grocer.try_to_check_out([{"sku": "milk", "quantity": 1}])
    refused(little, 409, "ordering.order_too_small")
    ours = dict(grocer.ids)
    await open_zone(grocer, name="Far", prefixes=["LS11"])
    theirs = await grocer.try_to_check_out(EGGS)
    refused(theirs, 409, "delivery.slot_elsewhere")
    taken = {"name": "Twice", "location_id": ours["location"], "country": "GB", "prefixes": ["LS2"]}
    refused(await boss.post("/api/v1/zones", json=taken), 409, "delivery.prefix_taken")
    for _ in range(2):
        order = await grocer.check_out(EGGS, slot_id=ours["slot"])
    full = await grocer.try_to_check_out(EGGS, slot_id=ours["slot"])
    refused(full, 409, "delivery.slot_full")
    fewer = await boss.put(
        f"/api/v1/slots/{ours['slot']}", json={"capacity": 1}, headers={"if-match": '"1"'}
    )
    refused(fewer, 409, "delivery.slot_taken")
    cancel = await boss.post(f"/api/v1/orders/{order['id']}/cancel", headers={"if-match": '"1"'})
    sound(cancel)
    await grocer.check_out(EGGS, slot_id=ours["slot"])
    grocer.town.hands.wait(days=2)
    past = await grocer.try_to_check_out(EGGS, slot_id=ours["late_slot"])
    refused(past, 409, "delivery.slot_over")
    await grocer.settle()


async def test_picking(grocer: Grocer) -> None:
    boss = grocer.boss
    order = await grocer.check_out(
        [
            {"sku": "eggs", "quantity": 2},
            {"sku": "milk", "quantity": 2, "substitution": {"rule": "same_price_or_less"}},
            {
                "sku": "oat-milk",
                "quantity": 1,
                "substitution": {"rule": "list", "variant_ids": [grocer.ids["milk"]]},
            },
            {"sku": "cheese", "quantity": 500},
        ]
    )
    task = await grocer.task_of(order)
    place = f"/api/v1/pick-tasks/{task['id']}"
    lines = {one["sku"]: f"{place}/lines/{one['id']}" for one in task["lines"]}
    early = await boss.put(lines["eggs"], json={"picked": 2})
    refused(early, 409, "kernel.wrong_state")
    refused(await boss.post(f"{place}/complete", json={}), 409, "kernel.wrong_state")
    sound(await boss.post(f"{place}/start", json={"version": 1}))
    refused(await boss.post(f"{place}/start", json={}), 409, "kernel.wrong_state")
    refused(await boss.post(f"{place}/complete", json={"version": 1}), 409, "kernel.stale")
    refused(await boss.post(f"{place}/complete", json={}), 409, "delivery.picking_open")
    wrong = {"picked": 2, "short": 1}
    refused(await boss.put(lines["eggs"], json=wrong), 422, "delivery.picking_wrong")
    far_off = await boss.put(lines["cheese"], json={"picked": 551})
    problem = refused(far_off, 409, "delivery.weight_beyond_tolerance")
    assert (problem["least"], problem["most"]) == (450, 550)
    for sku, other in (("eggs", "milk"), ("milk", "cream"), ("oat-milk", "cream")):
        instead = {"picked": 0, "replaced": 1, "substitute_id": grocer.ids[other]}
        instead |= {"picked": 0 if sku == "oat-milk" else 1, "substitute_units": 1}
        answer = await boss.put(lines[sku], json=instead)
        refused(answer, 409, "delivery.substitute_not_allowed")
    gone = f"{place}/lines/{task['id']}"
    refused(await boss.put(gone, json={"picked": 1}), 404, "kernel.unknown")
    seen = await grocer.read(f"pick-tasks/{task['id']}")
    assert (seen["version"], [one["is_done"] for one in seen["lines"]]) == (2, [False] * 4)
    assert (await grocer.read(f"orders/{order['id']}"))["total"] == order["total"]


async def test_an_order_that_changes_while_it_is_picked_is_picked_anew(grocer: Grocer) -> None:
    order = await grocer.check_out([*EGGS, {"sku": "milk", "quantity": 1}])
    task = await grocer.task_of(order)
    place = f"/api/v1/pick-tasks/{task['id']}"
    sound(await grocer.boss.post(f"{place}/start", json={}))
    for line in task["lines"]:
        figures = {"picked": line["ordered"]}
        sound(await grocer.boss.put(f"{place}/lines/{line['id']}", json=figures))
    seen = await grocer.read(f"orders/{order['id']}")
    off = [{"order_line_id": seen["lines"][0]["id"], "quantity": 1}]
    change = {"version": seen["version"], "call_off": off}
    path = f"/api/v1/orders/{order['id']}/change"
    sound(await grocer.boss.post(path, json=change, headers=key()))
    complete = f"{place}/complete"
    refused(await grocer.boss.post(complete, json={}), 409, "delivery.order_moved")
    await grocer.settle()
    refused(await grocer.boss.post(complete, json={}), 409, "delivery.picking_open")
    line = task["lines"][0]
    sound(await grocer.boss.put(f"{place}/lines/{line['id']}", json={"picked": 1}))
    sound(await grocer.boss.post(complete, json={}))
    assert await grocer.status(order) == "ready"
    await grocer.settle()
    await grocer.examine()


async def test_jobs_and_cash(grocer: Grocer) -> None:
    boss = grocer.boss
    order = await grocer.check_out(EGGS)
    await grocer.picked(order)
    async with grocer.courier("Kim") as kim, grocer.courier("Lee") as lee:
        await grocer.on_duty(kim)
        job = await grocer.job_of(order)
        place = f"{JOBS}/{job['id']}"
        here = {"latitude_e6": 1, "longitude_e6": 2}
        name = {"proof": {"kind": "name", "text": "A"}, "collected": 950}
        for method, path, body in (
            ("GET", place, None),
            ("POST", f"{place}/accept", None),
            ("POST", f"{place}/pick-up", None),
            ("PUT", f"{place}/position", here),
            ("POST", f"{place}/complete", name),
            ("POST", f"{place}/fail", {"reason": "none"}),
        ):
            answer = await lee.request(method, path, json=body)
            refused(answer, 404, "kernel.unknown")
        on_foot = await kim.put(f"{place}/position", json=here)
        refused(on_foot, 409, "delivery.not_on_the_road")
        refused(await kim.post(f"{place}/complete", json=name), 409, "kernel.wrong_state")
        off = {"courier_id": lee.headers["x-own-id"]}
        answer = await boss.post(f"/api/v1/deliveries/{job['id']}/assign", json=off)
        refused(answer, 409, "delivery.courier_off")
        sound(await kim.post(f"{place}/pick-up"))
        refused(await kim.post(f"{place}/pick-up"), 409, "kernel.wrong_state")
        refused(await kim.post(f"{place}/decline"), 409, "kernel.wrong_state")
        for proof, status, code in (
            ({"kind": "code", "text": "no"}, 409, "delivery.wrong_code"),
            ({"kind": "signature"}, 422, "delivery.proof_missing"),
            ({"kind": "signature", "signature": "?"}, 422, "delivery.signature_unreadable"),
            ({"kind": "signature", "signature": _signed(48 * 1024 + 1)}, 422, _LARGE),
            ({"kind": "name", "text": ""}, 422, "kernel.bad_text"),
        ):
            answer = await kim.post(f"{place}/complete", json=name | {"proof": proof})
            refused(answer, status, code)
        less = await kim.post(f"{place}/complete", json=name | {"collected": 949})
        refused(less, 409, "delivery.collect_exactly")
        assert await grocer.status(order) == "out_for_delivery"
        sound(await kim.post(f"{place}/complete", json=name))
        refused(await kim.post(f"{place}/complete", json=name), 409, "kernel.wrong_state")
        refused(await kim.put(f"{place}/position", json=here), 409, "delivery.not_on_the_road")
        cash = f"/api/v1/couriers/{kim.headers['x-own-id']}/hand-ins"
        for body, status, code in (
            ({"counted": 951}, 409, "delivery.above_owed"),
            ({"counted": 949}, 422, "delivery.note_missing"),
            ({"counted": 950, "payment_ids": [job["id"]]}, 404, "kernel.unknown"),
        ):
            refused(await boss.post(cash, json=body, headers=key()), status, code)
        sound(await boss.post(cash, json={"counted": 950}, headers=key()))
        again = await boss.post(cash, json={"counted": 0}, headers=key())
        refused(again, 409, "delivery.nothing_owed")
        own = {"name": "Kim", "location_id": grocer.ids["location"], "status": "disabled"}
        gone = f"/api/v1/couriers/{kim.headers['x-own-id']}"
        version = (await grocer.read(gone.removeprefix("/api/v1/")))["version"]
        sound(await boss.put(gone, json=own, headers={"if-match": f'"{version}"'}))
    await grocer.settle()
    await grocer.examine()


_LARGE = "delivery.signature_too_large"


def _signed(size: int) -> str:
    return b64encode(b"s" * size).decode()
