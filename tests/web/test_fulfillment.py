"""From the shelf to the door and back through the staff's API, down to the books."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.web.market import key, open_market, order_of
from tradepost.platform.db.work import Store

ALL = (
    "orders.read",
    "orders.change",
    "orders.refund",
    "payments.record",
    "shipments.read",
    "shipments.write",
    "returns.read",
    "returns.write",
    "returns.without_receipt",
    "ledger.read",
    "ledger.adjust",
)


async def test_an_order_is_changed_shipped_and_comes_back_in_part(store: Store) -> None:
    market = await open_market(store)
    await market.shop.article("mug", "4.00", stock=9)
    await market.shop.article("pot", "9.00", stock=9)
    async with market.shopper() as shopper, market.staff(*ALL) as staff:
        placed = (
            await shopper.post("/api/v1/checkout", json=order_of("mug", 3), headers=key())
        ).json()
        path = f"/api/v1/orders/{placed['id']}"
        line = (await staff.get(path)).json()["lines"][0]
        change = {
            "version": 1,
            "call_off": [{"order_line_id": line["id"], "quantity": 1}],
            "add": [{"sku": "pot", "quantity": 1}],
        }
        seen = await staff.post(f"{path}/change/preview", json=change)
        assert (seen.status_code, seen.json()["total"]) == (200, 1700), seen.text
        done = await staff.post(f"{path}/change", json=change, headers=key())
        assert done.json()["total"] == 1700
        stale = await staff.post(f"{path}/change", json=change, headers=key())
        assert (stale.status_code, stale.json()["code"]) == (409, "kernel.stale")
        unpaid = await staff.post(f"{path}/shipments", json={}, headers=key())
        assert unpaid.status_code == 409
        paid = {"status": "pending_shipment", "version": 2}
        assert (await staff.put(f"{path}/status", json=paid)).status_code == 200
        some = {"lines": [{"order_line_id": line["id"], "quantity": 1}], "carrier": "Post"}
        first = await staff.post(f"{path}/shipments", json=some, headers=key())
        assert first.status_code == 201, first.text
        assert (await staff.get(path)).json()["status"] == "partially_shipped"
        rest = await staff.post(f"{path}/shipments", json={}, headers=key())
        parcel = rest.json()["shipment_id"]
        assert (await staff.post(f"/api/v1/shipments/{parcel}/deliver")).json()[
            "state"
        ] == "delivered"
        assert len((await staff.get(f"{path}/shipments")).json()) == 2
        too_many = {"lines": [{"order_line_id": line["id"], "quantity": 3}]}
        assert (
            await staff.post(f"{path}/returns", json=too_many, headers=key())
        ).status_code == 409
        back = {"lines": [{"order_line_id": line["id"], "quantity": 1}], "reason": "chipped"}
        made = (await staff.post(f"{path}/returns", json=back, headers=key())).json()
        for action in ("approve", "receive", "refund"):
            moved = await staff.post(f"/api/v1/returns/{made['return_id']}/{action}")
            assert moved.status_code == 200, moved.text
        view = (await staff.get(f"/api/v1/returns/{made['return_id']}")).json()
        assert (view["row"]["state"], view["row"]["total"]) == ("refunded", 400)
        assert (await staff.get(path)).json()["payment_status"] == "partially_refunded"
        listed = (await staff.get("/api/v1/returns")).json()["items"]
        assert [one["id"] for one in listed] == [made["return_id"]]


async def test_goods_come_back_without_a_receipt_and_the_books_balance(store: Store) -> None:
    market = await open_market(store)
    await market.shop.article("mug", "4.00")
    now = datetime.now(UTC).date()
    days = {"first": str(now - timedelta(days=1)), "last": str(now + timedelta(days=1))}
    body = {"lines": [{"sku": "MUG", "quantity": 2, "price_micros": 4_000_000}]}
    async with market.staff(*ALL) as staff, market.staff("returns.read") as reader:
        refused = await reader.post("/api/v1/returns", json=body, headers=key())
        assert refused.status_code == 403
        taken = await staff.post("/api/v1/returns", json=body, headers=key())
        assert (taken.status_code, taken.json()["total"]) == (201, 800), taken.text
        note = {"amount": -150, "note": "coins found"}
        adjusted = await staff.post("/api/v1/ledger/adjustments", json=note, headers=key())
        assert adjusted.status_code == 201
        rows = (await staff.get("/api/v1/ledger/trial-balance", params=days)).json()
        assert sum(row["debits"] - row["credits"] for row in rows) == 0
        codes = {
            row["code"] for row in (await staff.get("/api/v1/ledger/totals", params=days)).json()
        }
        assert codes == {"return", "refund", "adjustment"}
        wrong = {"first": days["last"], "last": days["first"]}
        assert (await staff.get("/api/v1/ledger/totals", params=wrong)).status_code == 422
        of = await staff.get(f"/api/v1/ledger/documents/{taken.json()['return_id']}")
        assert [one["code"] for one in of.json()] == ["return"]
