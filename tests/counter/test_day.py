"""A day at a till, from the float to the Z report, over the admin API on both stores."""

from __future__ import annotations

from uuid import uuid4

from tests.counter.conftest import BARCODE, Counter


async def test_a_sale_is_paid_handed_over_and_posted_at_once(counter: Counter) -> None:
    shift = await counter.open(10_000)
    assert (shift["state"], shift["number"], shift["expected"]) == ("open", 1, 10_000)
    body = counter.sale(cash=5000, expected_total=1902)
    body["lines"] = [{"barcode": BARCODE, "quantity": 2}, {"sku": "cake", "quantity": 1}]
    sold = (await counter.cashier.post("counter/sales", **body))["sale"]
    assert (sold["receipt_number"], sold["total"], sold["change"]) == (1, 1902, 3098)
    order = await counter.boss.get(f"orders/{sold['order_id']}")
    assert (order["status"], order["channel"], order["paid"]) == ("completed", "counter", 1902)
    assert (await counter.free("tea"), await counter.free("cake")) == (8, 4)
    again = (await counter.cashier.post("counter/sales", **body))["sale"]
    assert again == sold
    other = body | {"discount": 1}
    told = await counter.cashier.refused("counter/sales", 409, "counter.sale_taken", **other)
    assert told["sale_id"] == body["id"]
    card = {"method": "card_terminal", "amount": 700, "reference": "slip 7"}
    split = counter.sale(("cake", 1), tenders=[card, {"method": "cash", "amount": 600}])
    both = (await counter.cashier.post("counter/sales", **split))["sale"]
    assert (both["receipt_number"], both["change"]) == (2, 98)
    now = await counter.boss.get(f"shifts/{shift['id']}")
    assert now["expected"] == 10_000 + 1902 + 502
    report = await counter.boss.get(f"shifts/{shift['id']}/report")
    assert (report["sales"], report["sales_total"]) == (2, 1902 + 1202)
    taken = {one["method"]: one["taken"] for one in report["methods"]}
    assert taken == {"cash": 2404, "card_terminal": 700}
    await counter.check()


async def test_a_shift_is_counted_and_closed_and_the_books_agree(counter: Counter) -> None:
    shift = await counter.open(10_000)
    place = f"shifts/{shift['id']}"
    await counter.sell(("tea", 2), cash=700)
    moves = f"{place}/cash-movements"
    await counter.cashier.post(moves, kind="paid_in", amount=500, reason="change from the bank")
    await counter.cashier.post(moves, kind="paid_out", amount=250, reason="window cleaner")
    await counter.cashier.post(moves, kind="drop", amount=5000)
    await counter.cashier.post(moves, kind="no_sale")
    parked = counter.sale(("cake", 1), label="the lady in red")
    await counter.cashier.post("counter/parked-sales", 200, **parked)
    expected = 10_000 + 700 + 500 - 250 - 5000
    counting = await counter.cashier.put(f"{place}/status", status="counting")
    assert (counting["state"], counting["expected"]) == ("counting", expected)
    late = counter.sale(("tea", 1), cash=350)
    await counter.cashier.refused("counter/sales", 409, "counter.shift_not_open", **late)
    closed = await counter.cashier.put(f"{place}/status", status="closed", counted=expected - 30)
    assert (closed["state"], closed["difference"]) == ("closed", -30)
    z, x = await counter.boss.get(f"{place}/z-report"), await counter.boss.get(f"{place}/report")
    assert z | {"at": x["at"]} == x and z["difference"] == -30
    drawer = f"cash:{counter.register_id}"
    async with counter.town.staff("accountant", scope=counter.scope) as books:
        rows = (await books.get("/api/v1/ledger/balances?day=2035-01-01")).json()
    balances = {row["account"]: row["balance"] for row in rows}
    assert (balances[drawer], balances["cash_over_short"], balances["petty_cash"]) == (0, 30, -250)
    assert balances["cash"] == 700 - 30 + 250
    told = await counter.cashier.put(f"{place}/status", 0, 409, status="closed", counted=0)
    assert told["code"] == "kernel.wrong_state"
    await counter.cashier.refused("counter/sales", 409, "counter.no_shift", **late)
    following = await counter.open(2000)
    assert following["number"] == 2
    (kept,) = await counter.cashier.get(f"registers/{counter.register_id}/parked-sales")
    assert (kept["id"], kept["shift_id"]) == (parked["id"], following["id"])
    recalled = await counter.cashier.post(f"counter/sales/{parked['id']}/recall", 200)
    assert recalled["state"] == "open"
    done = parked | {"tenders": [{"method": "cash", "amount": 1202}]}
    done.pop("label")
    sold = (await counter.cashier.post("counter/sales", **done))["sale"]
    assert (sold["receipt_number"], sold["total"]) == (2, 1202)
    await counter.check()


async def test_goods_come_back_with_a_receipt_and_without(counter: Counter) -> None:
    shift = await counter.open()
    sold = await counter.sell(("tea", 2), ("cake", 1), cash=1902)
    order = await counter.boss.get(f"orders/{sold['order_id']}")
    line = order["lines"][0]["id"]
    back = await counter.cashier.post(
        f"registers/{counter.register_id}/returns",
        sale_id=sold["sale_id"],
        lines=[{"order_line_id": line, "quantity": 1}],
        reason="too green",
    )
    assert (back["receipt_number"], back["total"]) == (2, 350)
    assert back["ways"] == [{"method": "cash", "amount": 350}]
    assert await counter.free("tea") == 9
    loose = {"lines": [{"sku": "cake", "quantity": 1, "price_micros": 12_000_000}]}
    place = f"registers/{counter.register_id}/loose-returns"
    await counter.cashier.refused(place, 403, "kernel.may_not", **loose)
    got = await counter.boss.post(place, **loose)
    assert (got["receipt_number"], got["total"]) == (3, 1200)
    now = await counter.boss.get(f"shifts/{shift['id']}")
    assert now["expected"] == 10_000 + 1902 - 350 - 1200
    too_much = {"lines": [{"sku": "cake", "quantity": 9, "price_micros": 12_000_000}]}
    await counter.boss.refused(place, 422, "fulfillment.above_return_limit", **too_much)
    await counter.check()


async def test_a_void_keeps_its_number_and_undoes_the_rest(counter: Counter) -> None:
    shift = await counter.open()
    sold = await counter.sell(("tea", 2), cash=1000)
    void = f"counter/sales/{sold['sale_id']}/void"
    await counter.cashier.refused(void, 403, "kernel.may_not", reason="mistyped")
    done = await counter.boss.post(void, 200, reason="mistyped")
    assert done["state"] == "voided" and done["return_id"]
    slip = await counter.cashier.get(f"registers/{counter.register_id}/receipts/1")
    assert slip["is_void"] and slip["text"]["total"] == 700
    assert (await counter.sell(("tea", 1), cash=350))["receipt_number"] == 2
    assert await counter.free("tea") == 9
    await counter.boss.refused(void, 409, "kernel.wrong_state")
    report = await counter.boss.get(f"shifts/{shift['id']}/report")
    assert (report["sales"], report["voids"], report["expected"]) == (1, 1, 10_350)
    gone = counter.sale(("tea", 1))
    await counter.cashier.post("counter/parked-sales", 200, **gone)
    given_up = await counter.cashier.post(f"counter/sales/{gone['id']}/void", 200)
    assert given_up["return_id"] is None
    paid = gone | {"tenders": [{"method": "cash", "amount": 350}]}
    await counter.cashier.refused("counter/sales", 409, "kernel.wrong_state", **paid)
    await counter.check()


async def test_a_card_is_charged_once_and_undone_with_its_sale(counter: Counter) -> None:
    await counter.open()
    sale_id, place = str(uuid4()), "counter/card-charges"
    ask = {"id": str(uuid4()), "sale_id": sale_id, "register_id": counter.register_id}
    no = await counter.cashier.post(place, 200, **ask, amount=705)
    assert no["state"] == "declined"
    body = counter.sale(("tea", 2), id=sale_id)
    card = {"method": "card_terminal", "amount": 700}
    body["tenders"] = [card | {"charge_id": ask["id"]}]
    await counter.cashier.refused("counter/sales", 409, "counter.charge_unfit", **body)
    ask["id"] = str(uuid4())
    lost = await counter.cashier.post(place, 200, **ask, amount=709)
    assert lost["state"] == "unknown"
    found = await counter.cashier.post(place, 200, **ask, amount=709)
    assert found["state"] == "approved"
    assert await counter.cashier.post(place, 200, **ask, amount=709) == found
    await counter.cashier.refused(place, 409, "counter.charge_taken", **ask, amount=1)
    ask["id"] = str(uuid4())
    await counter.cashier.post(place, 200, **ask, amount=700)
    body["tenders"] = [card | {"charge_id": ask["id"]}]
    sold = (await counter.cashier.post("counter/sales", **body))["sale"]
    assert (sold["total"], sold["change"]) == (700, 0)
    voided = await counter.boss.post(f"counter/sales/{sale_id}/void", 200)
    assert ask["id"] in voided["reversing"]
    undone = await counter.cashier.post(place, 200, **ask, amount=700)
    assert undone["state"] == "reversed"
    await counter.check()


async def test_what_came_back_in_part_is_not_made_void(counter: Counter) -> None:
    await counter.open()
    sold = await counter.sell(("tea", 2), ("cake", 1), cash=1902)
    order = await counter.boss.get(f"orders/{sold['order_id']}")
    back = {"order_line_id": order["lines"][0]["id"], "quantity": 1}
    place = f"registers/{counter.register_id}/returns"
    await counter.cashier.post(place, sale_id=sold["sale_id"], lines=[back], reason="too green")
    void = f"counter/sales/{sold['sale_id']}/void"
    await counter.boss.refused(void, 409, "counter.partly_returned", reason="mistyped")
    rest = await counter.cashier.post(place, sale_id=sold["sale_id"], reason="all of it")
    assert rest["total"] == 1902 - 350
    await counter.check()
