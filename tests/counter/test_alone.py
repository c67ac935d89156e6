"""A till that was on its own hands its sales in: any order, any repetition, each exactly once."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tests.counter.conftest import Counter


def _alone(counter: Counter, *lines: tuple[str, int], cash: int, **more: Any) -> dict[str, Any]:
    at = counter.hands.now().astimezone(UTC).isoformat()
    return counter.sale(*lines, cash=cash, sold_at=at, **more)


async def test_sales_are_taken_once_in_any_order(counter: Counter) -> None:
    shift = await counter.open()
    made = [_alone(counter, ("tea", 1), cash=350 + place) for place in range(4)]
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")  # noqa: T201  tells how to run it again
    rushed = made + made + made[:2]
    random.Random(seed).shuffle(rushed)
    for start in range(0, len(rushed), 3):
        batch = {"sales": rushed[start : start + 3]}
        answers = await counter.cashier.post("counter/sales/batch", 200, **batch)
        assert [one["set_aside"] for one in answers] == [None] * len(answers)
    assert await counter.free("tea") == 6
    report = await counter.boss.get(f"shifts/{shift['id']}/report")
    assert (report["sales"], report["last_receipt"], report["expected"]) == (4, 4, 11_400)
    await counter.check()


async def test_what_is_short_is_booked_and_shown_to_a_person(counter: Counter) -> None:
    await counter.open()
    web = await counter.boss.post(
        "orders",
        lines=[{"sku": "cake", "quantity": 5}],
        delivery="pickup",
        payment_method="bank_transfer",
    )
    taken = await counter.cashier.post("counter/sales", **_alone(counter, ("cake", 1), cash=1202))
    assert taken["sale"]["flags"] == ["sold_short"]
    (short,) = (await counter.boss.get("stock/shortfalls"))["items"]
    assert short["order_ids"] == [web["order_id"]] and short["missing"] == 1
    more = await counter.cashier.post("counter/sales", **_alone(counter, ("tea", 12), cash=4200))
    assert more["sale"]["flags"] == ["sold_short"] and await counter.free("tea") == 0
    listed = (await counter.boss.get("counter/flagged-sales"))["items"]
    assert {one["id"] for one in listed} == {taken["sale"]["sale_id"], more["sale"]["sale_id"]}
    place = f"counter/sales/{taken['sale']['sale_id']}/review"
    await counter.cashier.put(place, 1, 403, note="baked another")
    seen = await counter.boss.put(place, 1, note="baked another")
    assert seen["review"] == "settled"
    assert len((await counter.boss.get("counter/flagged-sales"))["items"]) == 1
    live = counter.sale(("tea", 1), cash=350)
    await counter.cashier.refused("counter/sales", 409, "ordering.sold_out", **live)
    await counter.check()


async def test_prices_and_discounts_that_nobody_may_give_are_shown(counter: Counter) -> None:
    await counter.open()
    odd = _alone(counter, cash=250, discount=50)
    odd["lines"] = [{"sku": "tea", "quantity": 1, "price_micros": 3_000_000}]
    taken = await counter.cashier.post("counter/sales", **odd)
    assert taken["sale"]["total"] == 250
    assert taken["sale"]["flags"] == ["price_differs", "discounted"]
    live = {key: value for key, value in odd.items() if key != "sold_at"} | {"id": str(uuid4())}
    await counter.cashier.refused("counter/sales", 403, "kernel.may_not", **live)
    await counter.check()


async def test_a_closed_shift_takes_a_late_sale_and_keeps_its_count(counter: Counter) -> None:
    shift = await counter.open(1000)
    late = _alone(counter, ("tea", 1), cash=400)
    counter.hands.wait(minutes=1)
    place = f"shifts/{shift['id']}"
    closed = await counter.cashier.put(f"{place}/status", status="closed", counted=1350)
    assert closed["difference"] == 350
    taken = await counter.cashier.post("counter/sales", **late)
    assert taken["sale"]["flags"] == ["late"] and taken["sale"]["shift_id"] == shift["id"]
    now = await counter.boss.get(place)
    assert (now["expected"], now["counted"], now["difference"]) == (1350, 1350, 0)
    kept = await counter.boss.get(f"{place}/z-report")
    assert (kept["sales"], kept["difference"]) == (0, 350)
    assert (await counter.boss.get(f"{place}/report"))["sales"] == 1
    await counter.check()


async def test_what_cannot_be_booked_is_set_aside_and_booked_later(counter: Counter) -> None:
    early = _alone(counter, ("tea", 1), cash=350)
    first = await counter.cashier.post("counter/sales", 202, **early)
    assert first["sale"] is None and first["set_aside"]["code"] == "counter.no_shift"
    assert await counter.cashier.post("counter/sales", 202, **early) == first
    other = early | {"discount": 1}
    await counter.cashier.refused("counter/sales", 409, "counter.sale_taken", **other)
    for long_ago in ("0001-01-01T00:00:00+14:00", "1999-12-31T23:59:59Z"):
        odd_clock = early | {"id": str(uuid4()), "sold_at": long_ago}
        await counter.cashier.refused("counter/sales", 422, "kernel.bad_value", **odd_clock)
    odd = _alone(counter, ("coal", 1), cash=350)
    await counter.cashier.post("counter/sales", 202, **odd)
    rows = (await counter.boss.get("counter/set-aside-sales"))["items"]
    assert {one["id"] for one in rows} == {early["id"], odd["id"]}
    await counter.open()
    booked = await counter.cashier.post("counter/sales", **early)
    assert booked["sale"]["receipt_number"] == 1
    (row,) = (await counter.boss.get("counter/set-aside-sales"))["items"]
    place = f"counter/set-aside-sales/{row['id']}/settlement"
    settled = await counter.boss.put(place, row["version"], note="it was a toy")
    assert settled["state"] == "settled"
    told = await counter.boss.put(place, row["version"] + 1, 409, note="again")
    assert told["code"] == "kernel.wrong_state"
    nowhere = early | {"id": str(uuid4()), "register_id": str(uuid4())}
    await counter.cashier.refused("counter/sales", 404, "kernel.unknown", **nowhere)
    await counter.check()


async def test_a_till_with_a_fast_clock_sells_no_later_than_now(counter: Counter) -> None:
    await counter.open()
    ahead = datetime(2090, 1, 1, tzinfo=UTC).isoformat()
    done = await counter.cashier.post(
        "counter/sales", **counter.sale(("tea", 1), cash=350, sold_at=ahead)
    )
    order = await counter.boss.get(f"orders/{done['sale']['order_id']}")
    assert order["placed_at"] < "2090"
    await counter.check()
