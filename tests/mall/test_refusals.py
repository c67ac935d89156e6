"""What a mall refuses: each one clear problem, and nothing changed."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from tests.mall.street import PRICES, Street

pytestmark = pytest.mark.parametrize("lone_store", ["sqlite"], indirect=True)
"""The journey goes through both stores; what is refused is refused before any of them."""


def _says(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_commissions_above_all_of_it_and_below_nothing(street: Street) -> None:
    vendor = f"vendors/{street.vendors['acme']}"
    before = await street.get(vendor)
    for ppm in (1_000_001, -1, 10**12):
        terms = {"name": "Acme", "commission_ppm": ppm}
        _says(await street.tried("vendors", code="other", **terms), 422, "mall.bad_commission")
        _says(await street.changed(vendor, 2, **terms), 422, "mall.bad_commission")
        rule = {"vendor_id": street.vendors["acme"], "commission_ppm": ppm}
        _says(await street.tried("commission-rules", **rule), 422, "mall.bad_commission")
    bad = {"holder": "Acme", "account": "GB34BUKB20201555555555"}
    _says(await street.changed(vendor, 2, name="Acme", bank=bad), 422, "mall.bad_iban")
    assert await street.get(vendor) == before and await street.get("commission-rules") == []


async def test_rules_of_nothing_twice_and_of_anothers_product(street: Street) -> None:
    acme = {"vendor_id": street.vendors["acme"], "commission_ppm": 1}
    _says(await street.tried("commission-rules", commission_ppm=1), 422, "mall.rule_of_nothing")
    await street.post("commission-rules", **acme)
    _says(await street.tried("commission-rules", **acme), 409, "mall.rule_there")
    theirs = acme | {"product_id": street.products["bolt"]}
    _says(await street.tried("commission-rules", **theirs), 409, "mall.not_of_vendor")
    nowhere = acme | {"vendor_id": str(uuid4())}
    _says(await street.tried("commission-rules", **nowhere), 404, "kernel.unknown")
    assert len(await street.get("commission-rules")) == 1


async def test_vendors_out_of_order_stale_and_twice(street: Street) -> None:
    status = f"vendors/{street.vendors['acme']}/status"
    stale = await street.changed(status, 1, action="suspend")
    _says(stale, 412, "platform.version_stale")
    _says(await street.changed(status, 2, action="activate"), 409, "kernel.wrong_state")
    _says(await street.tried("vendors", code="acme", name="Acme"), 409, "mall.code_taken")
    await street.put(status, 2, action="close")
    _says(await street.changed(status, 3, action="activate"), 409, "kernel.wrong_state")


async def test_products_go_to_no_unknown_and_no_closed_vendor(street: Street) -> None:
    acme, product = street.vendors["acme"], f"products/{street.products['bolt']}"
    await street.put(f"vendors/{acme}/status", 2, action="close")
    details = {"title": "Article of bolt"}
    for vendor_id, refusal in (
        (str(uuid4()), (404, "kernel.unknown")),
        (acme, (409, "mall.vendor_closed")),
    ):
        moved = await street.changed(product, 1, vendor_id=vendor_id, **details)
        _says(moved, *refusal)
        made = await street.tried("products", currency="GBP", vendor_id=vendor_id, **details)
        _says(made, *refusal)
    assert (await street.get(product))["vendor_id"] == street.vendors["bolt"]
    buyer = {"email": "b@example.com", "password": "a long password", "name": "B", "roles": []}
    _says(await street.tried("staff", vendor_id=acme, **buyer), 409, "mall.vendor_closed")


async def test_who_does_not_sell_is_not_bought_from(street: Street) -> None:
    await street.put(f"vendors/{street.vendors['acme']}/status", 2, action="suspend")
    order = {
        "lines": [{"sku": "acme", "quantity": 1}],
        "delivery": "pickup",
        "payment_method": "bank_transfer",
        "email": "me@example.com",
    }
    key = {"idempotency-key": uuid4().hex}
    refused = await street.shopper.post("/api/v1/checkout", json=order, headers=key)
    _says(refused, 409, "ordering.not_on_sale")


async def test_payouts_twice_and_out_of_order(street: Street) -> None:
    order = await street.ordered(acme=1)
    day = str(street.today)
    _says(await street.tried("payout-runs", until="2100-01-01"), 409, "mall.period_open")
    _says(await street.tried("payouts/exports"), 409, "mall.nothing_to_export")
    unpaid = await street.post("payout-runs", until="2020-01-01")
    assert unpaid["payout_ids"] == []
    await street.paid(order["id"])
    (payout_id,) = (await street.post("payout-runs", until=day))["payout_ids"]
    _says(await street.tried("payout-runs", until=day), 409, "mall.period_paid_out")
    payout = f"payouts/{payout_id}"
    _says(await street.tried(f"{payout}/pay"), 409, "kernel.wrong_state")
    export = await street.post("payouts/exports", payout_ids=[payout_id])
    again = await street.tried("payouts/exports", payout_ids=[payout_id])
    _says(again, 409, "kernel.wrong_state")
    _says(await street.tried(f"{payout}/pay", version=1), 409, "kernel.stale")
    before = await street.balance("acme")
    await street.post(f"{payout}/pay")
    assert await street.balance("acme") == 0 < before
    _says(await street.tried(f"{payout}/pay"), 409, "kernel.wrong_state")
    _says(await street.tried(f"{payout}/cancel"), 409, "kernel.wrong_state")
    assert await street.balance("acme") == 0
    assert export["payout_ids"] == [payout_id]


async def test_what_is_given_up_is_owed_again(street: Street) -> None:
    await street.paid((await street.ordered(acme=1))["id"])
    (first,) = (await street.post("payout-runs", until=str(street.today)))["payout_ids"]
    await street.post(f"payouts/{first}/cancel")
    acme = await street.get(f"vendors/{street.vendors['acme']}")
    (balance,) = acme["balances"]
    assert balance["balance"] > 0 and balance["in_payouts"] == 0
    nothing = await street.get(f"payouts/{first}/statement.csv")
    assert len(nothing.splitlines()) == 2, "its head and its amount; the entries are let go"


async def test_bank_details_are_wanted_before_a_file_is_made(street: Street) -> None:
    acme = f"vendors/{street.vendors['acme']}"
    await street.put(acme, 2, name="Acme")
    await street.paid((await street.ordered(acme=1))["id"])
    await street.post("payout-runs", until=str(street.today))
    refused = await street.tried("payouts/exports")
    _says(refused, 409, "mall.bank_missing")
    assert "acme" in refused.json()["detail"]


async def test_no_more_goes_back_than_came_in(street: Street) -> None:
    order = await street.ordered(acme=1, bolt=1)
    place = f"orders/{order['id']}"
    before = await street.balance("acme")
    refused = await street.tried(f"{place}/refunds", amount=1)
    _says(refused, 409, "payments.refund_above_captured")
    await street.paid(order["id"])
    (acme, bolt) = await street.get(f"{place}/vendors")
    line = {"order_line_id": acme["lines"][0]["id"], "amount": 2001}
    _says(await street.tried(f"{place}/refunds", lines=[line]), 409, "payments.credit_above_sale")
    refused = await street.tried(f"{place}/refunds", amount=order["total"] + 1)
    _says(refused, 409, "payments.refund_above_captured")
    assert await street.balance("acme") == before and bolt["commission"] > 0


async def test_another_vendors_is_not_there(street: Street) -> None:
    order = await street.ordered(acme=1, bolt=1)
    await street.paid(order["id"])
    place = f"orders/{order['id']}"
    (acme, bolt) = await street.get(f"{place}/vendors")
    parcel = await street.post(f"vendor/{place}/shipments", "bolt")
    payouts = (await street.post("payout-runs", until=str(street.today)))["payout_ids"]
    owners = {one: (await street.get(f"payouts/{one}"))["vendor_id"] for one in payouts}
    theirs = next(one for one in payouts if owners[one] == street.vendors["bolt"])
    unseen = (
        f"vendor/products/{street.products['bolt']}",
        f"vendor/shipments/{parcel['shipment_id']}",
        f"vendor/payouts/{theirs}",
        f"vendor/payouts/{theirs}/statement",
        f"vendor/payouts/{theirs}/statement.csv",
    )
    for path in unseen:
        assert (await street.staff["bolt"].get(f"/api/v1/{path}")).status_code == 200, path
        _says(await street.staff["acme"].get(f"/api/v1/{path}"), 404, "kernel.unknown")
    for client in ("acme", "bolt", "cord"):
        seen = [one["vendor_id"] for one in (await street.get("vendor/orders", client))["items"]]
        assert seen == [street.vendors[client]] * (client != "cord")
        products = (await street.get("vendor/products", client))["items"]
        assert [one["id"] for one in products] == [street.products[client]]
        own = (await street.get("vendor/payouts", client))["items"]
        assert {one["vendor_id"] for one in own} <= {street.vendors[client]}
        assert (await street.get("vendor", client))["code"] == client
    _says(await street.staff["cord"].get(f"/api/v1/vendor/{place}"), 404, "kernel.unknown")
    lines = [{"order_line_id": bolt["lines"][0]["id"], "quantity": 1}]
    for by in ("acme", "cord"):
        refused = await street.tried(f"vendor/{place}/shipments", by, lines=lines)
        _says(refused, 404, "kernel.unknown")
    foreign = f"vendor/shipments/{parcel['shipment_id']}/deliver"
    _says(await street.tried(foreign, "acme"), 404, "kernel.unknown")
    assert acme["status"] == "pending_shipment"
    left = await street.get(f"vendor/{place}", "acme")
    assert left["lines"][0]["shipped"] == 0


async def test_a_vendors_staff_pass_no_door_of_the_mall(street: Street) -> None:
    order = await street.ordered(acme=1)
    for path in (
        f"orders/{order['id']}",
        f"orders/{order['id']}/vendors",
        "orders",
        "vendors",
        "payouts",
        "products",
        "customers",
        "ledger/balances?day=2030-01-01",
        f"orders/{order['id']}/shipments",
    ):
        refused = await street.staff["acme"].get(f"/api/v1/{path}")
        _says(refused, 403, "kernel.may_not")
    asked = {"query": "{ orders { items { id } } }"}
    graph = await street.staff["acme"].post("/api/v1/graphql", json=asked)
    assert graph.json()["data"] in (None, {"orders": None}), graph.text
    _says(await street.boss.get("/api/v1/vendor"), 404, "mall.no_vendors_staff")
    assert set(PRICES) == set(street.staff)
