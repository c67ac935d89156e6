"""Edges of a mall: orders called off between a run's day and the run, odd accounts, tills."""

from __future__ import annotations

import pytest

from tests.mall.street import Street

pytestmark = pytest.mark.parametrize("lone_store", ["sqlite"], indirect=True)


async def test_an_order_called_off_after_a_runs_day_is_not_paid_out(street: Street) -> None:
    order = await street.ordered(acme=1)
    day = street.today
    street.town.hands.wait(days=1)
    async with street.town.staff("admin") as boss:
        street.boss = boss
        seen = await boss.get(f"/api/v1/orders/{order['id']}")
        headers = {"if-match": seen.headers["etag"]}
        gone = await boss.post(f"/api/v1/orders/{order['id']}/cancel", json={}, headers=headers)
        assert gone.status_code == 200, gone.text
        run = await street.post("payout-runs", until=str(day))
        assert (run["payout_ids"], run["carried"]) == ([], [])


async def test_an_owner_of_an_account_is_named_as_identifiers_are(street: Street) -> None:
    acme, bolt = street.vendors["acme"], street.vendors["bolt"]
    owner = f"vendor_payable:{acme}"
    for odd in ("vendor_payable:acme", owner.upper(), "vendor_payable:", owner.replace("-", "")):
        refused = await street.tried("ledger/adjustments", amount=1, note="typo", debit=odd)
        assert refused.status_code == 409, refused.text
        assert refused.json()["code"] == "ledger.account_unknown"
    between = {"debit": owner, "credit": f"vendor_payable:{bolt}"}
    refused = await street.tried("ledger/adjustments", amount=1, note="a pays b", **between)
    assert (refused.status_code, refused.json()["code"]) == (409, "ledger.between_vendors")
    await street.post("ledger/adjustments", amount=1, note="a pen", debit=owner)


async def test_the_staff_of_vendors_stand_at_no_till(street: Street) -> None:
    kim = street.staff["acme"]
    somebody = {"staff_id": street.vendors["acme"], "pin": "4071"}
    for answer in (
        await kim.get("/api/v1/till/members"),
        await kim.post("/api/v1/till/sign-in", json=somebody),
        await kim.put("/api/v1/me/pin", json={"password": "a-long-word", "pin": "4071"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "kernel.may_not")
