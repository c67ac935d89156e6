"""Bad input at a till: one clear problem each, and nothing changed."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

from tests.counter.conftest import Counter, open_counter
from tests.identity.town import Town

SALES = "counter/sales"


async def test_sales_that_cannot_be(counter: Counter) -> None:
    async def no(status: int, code: str, **body: Any) -> None:
        await counter.cashier.refused(SALES, status, code, **body)

    await no(409, "counter.no_shift", **counter.sale(("tea", 1), cash=350))
    shift = await counter.open()
    place = f"shifts/{shift['id']}"
    before = await counter.boss.get(f"{place}/report")
    await no(409, "counter.too_little_tendered", **counter.sale(("tea", 1), cash=349))
    card = [{"method": "card_terminal", "amount": 351}]
    await no(409, "counter.too_much_tendered", **counter.sale(("tea", 1), tenders=card))
    bills = [{"method": "bank_transfer", "amount": 350}]
    await no(409, "counter.tender_unknown", **counter.sale(("tea", 1), tenders=bills))
    free = [card[0] | {"amount": 0}]
    await no(422, "counter.nothing_tendered", **counter.sale(("tea", 1), tenders=free))
    unknown = counter.sale(cash=350, lines=[{"barcode": "5449000000996", "quantity": 1}])
    await no(404, "counter.barcode_unknown", **unknown)
    torn = counter.sale(cash=350, lines=[{"barcode": "4006381333930", "quantity": 1}])
    await no(404, "counter.barcode_unknown", **torn)
    await no(422, "counter.line_unnamed", **counter.sale(cash=350, lines=[{"quantity": 1}]))
    await no(404, "kernel.unknown", **counter.sale(("coal", 1), cash=350))
    await no(409, "ordering.sold_out", **counter.sale(("tea", 11), cash=3850))
    await no(403, "kernel.may_not", **counter.sale(("tea", 1), cash=350, discount=1))
    off = counter.sale(("tea", 1), cash=350)
    off["lines"][0]["discount"] = 351
    await counter.boss.refused(SALES, 409, "ordering.bad_discount", **off)
    await no(409, "ordering.price_changed", **counter.sale(("tea", 1), cash=350, expected_total=1))
    elsewhere = counter.sale(("tea", 1), cash=350, shift_id=str(uuid4()))
    await no(409, "counter.shift_of_another", **elsewhere)
    after = await counter.boss.get(f"{place}/report")
    assert after | {"at": before["at"]} == before and await counter.free("tea") == 10
    await counter.check()


async def test_steps_that_come_too_late_or_from_the_wrong_hands(counter: Counter) -> None:
    shift = await counter.open(500)
    place, mine = f"shifts/{shift['id']}", f"registers/{counter.register_id}"
    await counter.cashier.refused(f"{mine}/shifts", 409, "counter.shift_open_still", opening=0)
    out = {"kind": "paid_out", "amount": 501}
    await counter.cashier.refused(f"{place}/cash-movements", 409, "counter.not_in_drawer", **out)
    zero = {"kind": "paid_in", "amount": 0}
    await counter.cashier.refused(f"{place}/cash-movements", 422, "counter.nothing_moved", **zero)
    async with counter.town.staff("cashier", scope=counter.scope) as other:
        told = await other.put(f"/api/v1/{place}/status", json={"status": "counting"})
        assert told.json()["code"] == "counter.shift_of_somebody_else"
    sold = await counter.sell(("tea", 2), cash=700)
    void = f"counter/sales/{sold['sale_id']}/void"
    spare = await counter.boss.post(
        "registers", location_id=counter.location_id, code="till-2", name="Spare"
    )
    await counter.cashier.get(f"registers/{spare['id']}/receipts/1", 404)
    taken = {"location_id": counter.location_id, "code": "till-2", "name": "Again"}
    await counter.boss.refused("registers", 409, "counter.code_taken", **taken)
    stale = await counter.boss.put(f"registers/{spare['id']}", 9, 412, name="No", status="closed")
    assert stale["code"] == "platform.version_stale"
    await counter.boss.put(f"registers/{spare['id']}", 1, name="Spare", status="closed")
    closed = {"opening": 0}
    await counter.cashier.refused(
        f"registers/{spare['id']}/shifts", 409, "counter.register_closed", **closed
    )
    late = {"status": "closed", "counted": 1, "version": 9}
    told = await counter.cashier.put(f"{place}/status", 0, 409, **late)
    assert told["code"] == "kernel.stale"
    await counter.cashier.put(f"{place}/status", status="closed", counted=1200)
    await counter.open(500)
    await counter.boss.refused(void, 409, "counter.too_late_to_void")
    back = {"sale_id": sold["sale_id"]}
    await counter.cashier.refused(f"{mine}/returns", 409, "counter.not_in_drawer", **back)
    card = await counter.cashier.post(f"{mine}/returns", **back, method="card_terminal")
    assert card["ways"] == [{"method": "card_terminal", "amount": 700}]
    line = (await counter.boss.get(f"orders/{sold['order_id']}"))["lines"][0]["id"]
    twice = back | {"lines": [{"order_line_id": line, "quantity": 1}]}
    await counter.cashier.refused(f"{mine}/returns", 409, "fulfillment.more_than_shipped", **twice)
    await counter.check()


async def test_cash_is_rounded_where_the_country_does(town: Town) -> None:
    async with AsyncExitStack() as stack:
        counter = await open_counter(town, stack, cash_rounding_step_amount=5)
        shift = await counter.open(0)
        down = await counter.sell(("cake", 1), cash=1500)
        assert (down["total"], down["rounding"], down["change"]) == (1200, -2, 300)
        card = [{"method": "card_terminal", "amount": 1202}]
        exact = await counter.sell(("cake", 1), tenders=card)
        assert (exact["total"], exact["rounding"]) == (1202, 0)
        split = [{"method": "card_terminal", "amount": 301}, {"method": "cash", "amount": 1000}]
        rest = await counter.sell(("cake", 1), tenders=split)
        assert (rest["total"], rest["rounding"], rest["change"]) == (1201, -1, 100)
        voided = await counter.boss.post(f"counter/sales/{down['sale_id']}/void", 200)
        assert voided["return_id"]
        now = await counter.boss.get(f"shifts/{shift['id']}")
        assert now["expected"] == 900
        await counter.check()
