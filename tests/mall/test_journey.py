"""From a cart of three vendors to their money: docs/mall.md step by step, over the real APIs."""

from __future__ import annotations

import csv
from typing import Any

from tests.mall.street import Street
from tradepost.wiring.doctor import LAWS, Visit, examine

PARTS = ("subtotal", "discount", "shipping", "cod_fee", "tax", "total", "commission")


async def test_a_cart_of_three_vendors_to_the_payout_and_back(street: Street) -> None:
    order = await street.ordered(acme=1, bolt=2, cord=3)
    order_id = order["id"]
    views = await _views(street, order_id)
    assert {code: [view[name] for name in PARTS] for code, view in views.items()} == {
        "acme": [2000, 0, 222, 0, 370, 2222, 167],
        "bolt": [1498, 0, 167, 0, 278, 1665, 250],
        "cord": [999, 0, 0, 0, 167, 999, 125],
    }
    mall_keeps = order["total"] - sum(view["total"] for view in views.values())
    assert mall_keeps == 500 - 222 - 167  # cord's share of shipping, which the mall earns
    assert [await street.balance(code) for code in views] == [1685, 1415, 707]
    await _nothing_to_pay_yet(street)

    await street.paid(order_id)
    parcel = await street.post(f"vendor/orders/{order_id}/shipments", "acme", carrier="Post")
    own = await street.get(f"vendor/orders/{order_id}", "acme")
    assert own["status"] == "shipped" and own["order_status"] == "partially_shipped"
    assert (await street.get(f"vendor/shipments/{parcel['shipment_id']}", "acme"))["lines"]
    rest = await street.post(f"orders/{order_id}/shipments")
    assert len(rest["further"]) == 1, "a parcel for each vendor"
    parcels = await street.get(f"orders/{order_id}/shipments")
    assert sorted(one["vendor_id"] for one in parcels) == sorted(street.vendors.values())
    assert (await street.get(f"orders/{order_id}"))["status"] == "shipped"

    await street.post(f"orders/{order_id}/refunds", lines=[{"order_line_id": _line(views, "bolt")}])
    assert await street.balance("bolt") == 1415 - 1498 + 250
    run = await street.post("payout-runs", until=str(street.today))
    assert [one["amount"] for one in run["carried"]] == []
    assert len(run["payout_ids"]) == 3
    await _paid_out(street, run["payout_ids"])
    assert [await street.balance(code) for code in views] == [0, 0, 0]

    await street.post(f"orders/{order_id}/refunds", lines=[{"order_line_id": _line(views, "acme")}])
    assert await street.balance("acme") == 167 - 2000 + 333
    street.town.hands.wait(days=1)
    await _carried_and_netted(street)
    await _sound(street)


async def _nothing_to_pay_yet(street: Street) -> None:
    """What customers have not paid is not paid out."""
    run = await street.post("payout-runs", until="2020-01-01")
    assert run["payout_ids"] == [] and run["carried"] == []


async def _paid_out(street: Street, payout_ids: list[str]) -> None:
    """Statement, file for the bank, paid."""
    export = await street.post("payouts/exports")
    file = await street.get(f"payouts/exports/{export['export_id']}/file")
    rows = list(csv.DictReader(file.splitlines()))
    assert {row["vendor"]: row["amount"] for row in rows} == {
        "acme": "16.85",
        "bolt": "1.67",
        "cord": "7.07",
    }
    assert {row["account"] for row in rows} == {"GB33BUKB20201555555555"}
    for payout_id in payout_ids:
        lines = await street.get(f"payouts/{payout_id}/statement.csv")
        *entries, last = csv.DictReader(lines.splitlines())
        amounts = [int(one["amount"].replace(".", "")) for one in (*entries, last)]
        assert sum(amounts[:-1]) == amounts[-1]
        for language, word in (("en", "Payout statement"), ("ja", "支払明細書")):
            page = await street.get(f"payouts/{payout_id}/statement?language={language}")
            assert word in page and last["amount"] in page
            assert "http://" not in page and "https://" not in page, "it needs nothing else"
        paid = await street.post(f"payouts/{payout_id}/pay", reference="BACS 1")
        assert paid["state"] == "paid"
    books = {one["account"]: one["balance"] for one in await _books(street)}
    assert books["commission_income"] == 167 + 125 and books.get("receivable", 0) == 0


async def _carried_and_netted(street: Street) -> None:
    """Below zero nothing is paid out; the next sale makes up for it."""
    async with street.town.staff("admin") as boss:  # the day before has signed everybody out
        street.boss = boss
        run = await street.post("payout-runs", until=str(street.today))
        assert run["payout_ids"] == []
        carried = {one["vendor_id"]: one["amount"] for one in run["carried"]}
        assert carried == {street.vendors["acme"]: -1500}
        await street.paid((await street.ordered(acme=2))["id"])
        early = await street.tried("payout-runs", until=str(street.today))
        assert early.status_code == 409 and early.json()["code"] == "mall.period_paid_out"
        assert await street.balance("acme") == -1500 + 3333 - 333 + 417
        street.town.hands.wait(days=1)
    async with street.town.staff("accountant") as boss:
        street.boss = boss
        run = await street.post("payout-runs", until=str(street.today))
        (payout_id,) = run["payout_ids"]
        assert (await street.get(f"payouts/{payout_id}"))["amount"] == 1917


async def test_paid_at_the_door_by_shares_of_the_fee(street: Street) -> None:
    order = await street.ordered("cod", acme=1, cord=1)
    views = await _views(street, order["id"])
    assert views["acme"]["cod_fee"] == 0, "the mall earns it, as agreed"
    assert views["cord"]["cod_fee"] == 29, "cord's share of 2.00 for 3.33 of 23.33"
    parcels = await street.post(f"orders/{order['id']}/shipments")
    assert len(parcels["further"]) == 1
    await street.post("payments", method="cod", orders=[{"order_id": order["id"]}])
    run = await street.post("payout-runs", until=str(street.today))
    assert len(run["payout_ids"]) == 2
    await _sound(street)


async def test_what_is_agreed_later_does_not_touch_what_was_sold(street: Street) -> None:
    before = await _views(street, (await street.ordered(acme=1))["id"])
    acme, product = street.vendors["acme"], street.products["acme"]
    await street.put(f"vendors/{acme}", 2, name="Acme", commission_ppm=1_000_000, seller="vendor")
    rule = await street.post("commission-rules", commission_ppm=50_000, product_id=product)
    (order,) = (await street.get("orders"))["items"]
    assert await _views(street, order["id"]) == before
    after = await _views(street, (await street.ordered(acme=1))["id"])
    assert after["acme"]["lines"][0]["commission_rate_ppm"] == 50_000, "a rule before the rate"
    ended = await street.boss.post(
        f"/api/v1/commission-rules/{rule['id']}/end", headers={"if-match": '"1"'}
    )
    assert ended.status_code == 200 and ended.json()["ended_at"]
    last = await _views(street, (await street.ordered(acme=1))["id"])
    assert last["acme"]["lines"][0]["commission_rate_ppm"] == 1_000_000
    called_off = await street.boss.post(
        f"/api/v1/orders/{order['id']}/cancel", headers={"if-match": f'"{order["version"]}"'}
    )
    assert called_off.status_code == 200, called_off.text
    await _sound(street)


async def _views(street: Street, order_id: str) -> dict[str, Any]:
    """An order, vendor by vendor."""
    codes = {id: code for code, id in street.vendors.items()}
    found = await street.get(f"orders/{order_id}/vendors")
    return {codes[one["vendor_id"]]: one for one in found}


def _line(views: dict[str, Any], code: str) -> str:
    line_id: str = views[code]["lines"][0]["id"]
    return line_id


async def _books(street: Street) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await street.get(f"ledger/balances?day={street.today}")
    return found


async def _sound(street: Street) -> None:
    """The doctor finds nothing."""
    tenant_id = street.town.shop.tenant_id
    report = await examine(street.town.house.store, LAWS, [Visit(tenant_id, "mall")])
    assert [one for one in report.breaches if one.law != "facts.punctual"] == []
