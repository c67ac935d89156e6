"""Money through both doors: shoppers pay by the sandbox, staff record, capture, refund, settle."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.web.market import Market, key, open_market, order_of
from tests.web.test_doors import problem
from tradepost.customers.commands import EnsureCustomer
from tradepost.kernel.ids import PaymentId, RefundId
from tradepost.kernel.messages import Actor
from tradepost.payments.domain.call import EventKind, GatewayEvent
from tradepost.payments.gateway.sandbox import SandboxGateway
from tradepost.platform.db.work import Store

METHODS = ("bank_transfer", "cod", "cash", "card_terminal", "gateway")
PAYMENTS = "/api/v1/payments"
CALLBACKS = "/api/v1/gateways/sandbox/callbacks"
STAFF = ("payments.read", "payments.record", "orders.refund", "orders.read", "ledger.read")


@pytest.fixture
async def market(store: Store) -> Market:
    """A shop with mugs."""
    market = await open_market(store, payment_methods=METHODS)
    await market.shop.article("mug", "4.00", stock=50)
    return market


async def _order(guest: httpx.AsyncClient, quantity: int = 2, **more: Any) -> dict[str, Any]:
    placed = await guest.post(
        "/api/v1/checkout", json=order_of("mug", quantity, **more), headers=key()
    )
    assert placed.status_code == 201, placed.text
    answer: dict[str, Any] = placed.json()
    return answer


def _pays(order: dict[str, Any]) -> str:
    return f"/api/v1/orders/{order['id']}/payments?token={order['token']}"


def _matched(version: int) -> dict[str, str]:
    return {"if-match": f'"{version}"'}


async def test_a_guest_pays_once_by_the_orders_link(market: Market) -> None:
    async with market.shopper() as guest, market.staff(*STAFF) as staff:
        order = await _order(guest, payment_method="gateway")
        again = key()
        paid = await guest.post(_pays(order), json={"token": "tok_ok"}, headers=again)
        assert paid.status_code == 201, paid.text
        assert (paid.json()["state"], paid.json()["captured"]) == ("captured", 800)
        twice = await guest.post(_pays(order), json={"token": "tok_ok"}, headers=again)
        assert twice.json() == paid.json()
        more = await guest.post(_pays(order), json={"token": "tok_ok"}, headers=key())
        problem(more, 409, "payments.nothing_due")
        bare = f"/api/v1/orders/{order['id']}/payments"
        for place in (bare, f"{bare}?token=guessed"):
            refused = await guest.post(place, json={"token": "tok_ok"}, headers=key())
            problem(refused, 404, "kernel.unknown")
        money = (await staff.get(f"/api/v1/orders/{order['id']}/payments")).json()
        assert [one["state"] for one in money["payments"]] == ["captured"]
        view = (await staff.get(f"/api/v1/orders/{order['id']}")).json()
        assert view["payment_status"] == "paid"


async def test_a_customer_pays_only_their_own(market: Market) -> None:
    send, scope = market.shop.bus.send, market.shop.scope
    ann = Actor("customer", await send(scope, EnsureCustomer("ann")))
    bob = Actor("customer", await send(scope, EnsureCustomer("bob")))
    async with market.shopper(ann) as hers, market.shopper(bob) as his:
        order = await _order(hers, payment_method="gateway")
        place = f"/api/v1/orders/{order['id']}/payments"
        stolen = await his.post(place, json={"token": "tok_ok"}, headers=key())
        problem(stolen, 404, "kernel.unknown")
        paid = await hers.post(place, json={"token": "tok_ok"}, headers=key())
        assert paid.json()["state"] == "captured"


async def test_callbacks_come_late_doubled_and_forged(market: Market) -> None:
    async with market.shopper() as guest, market.staff(*STAFF) as staff:
        order = await _order(guest, payment_method="gateway")
        paid = await guest.post(_pays(order), json={"token": "tok_later"}, headers=key())
        assert paid.json()["state"] == "pending"
        place = f"{PAYMENTS}/{paid.json()['payment_id']}"
        (owed,) = (await staff.get(f"{place}/sandbox-callbacks")).json()
        body, signature = owed["body"].encode(), {"x-signature": owed["signature"]}
        forged = await guest.post(CALLBACKS, content=body + b" ", headers=signature)
        problem(forged, 401, "payments.bad_signature")
        unsigned = await guest.post(CALLBACKS, content=body)
        assert unsigned.status_code == 422, unsigned.text
        for result, kind in (
            ("applied", "application/json"),
            ("repeated", "application/x-www-form-urlencoded"),
            ("repeated", "text/plain"),
        ):
            sent = signature | {"content-type": kind}
            heard = await guest.post(CALLBACKS, content=body, headers=sent)
            assert heard.status_code == 200, heard.text
            assert heard.json() == {"result": result}
        view = (await staff.get(place)).json()
        assert view["payment"]["state"] == "captured"
        assert [one["amount"] for one in view["orders"]] == [800]
        nowhere = await guest.post(
            "/api/v1/gateways/nowhere/callbacks", content=body, headers=signature
        )
        problem(nowhere, 422, "payments.gateway_unknown")


async def test_another_shop_cannot_hear_of_it(market: Market, store: Store) -> None:
    other = await open_market(store, payment_methods=METHODS)
    async with (
        market.shopper() as guest,
        market.staff(*STAFF) as staff,
        other.shopper() as stranger,
        other.staff(*STAFF) as others,
    ):
        order = await _order(guest, payment_method="gateway")
        paid = await guest.post(_pays(order), json={"token": "tok_later"}, headers=key())
        place = f"{PAYMENTS}/{paid.json()['payment_id']}"
        (owed,) = (await staff.get(f"{place}/sandbox-callbacks")).json()
        heard = await stranger.post(
            CALLBACKS, content=owed["body"].encode(), headers={"x-signature": owed["signature"]}
        )
        problem(heard, 404, "kernel.unknown")
        problem(await others.get(place), 404, "kernel.unknown")
        assert (await others.get(PAYMENTS)).json()["items"] == []
        stolen = await stranger.post(_pays(order), json={"token": "tok_ok"}, headers=key())
        problem(stolen, 404, "kernel.unknown")


async def test_staff_record_list_and_give_credit_away(market: Market) -> None:
    async with market.shopper() as guest, market.staff(*STAFF) as staff:
        first, second = await _order(guest), await _order(guest, 1)
        body = {
            "method": "bank_transfer",
            "orders": [{"order_id": first["id"]}],
            "amount": 1000,
            "reference": "RF18 5390",
        }
        made = await staff.post(PAYMENTS, json=body, headers=key())
        assert made.status_code == 201, made.text
        assert made.json()["credit"] == 200
        place = made.headers["location"]
        given = await staff.post(
            f"{place}/allocations",
            json={"orders": [{"order_id": second["id"]}]},
            headers=_matched(made.json()["version"]),
        )
        assert (given.json()["allocated"], given.headers["etag"]) == (1000, '"2"')
        await staff.post(PAYMENTS, json={"method": "cash", "amount": 5}, headers=key())
        one = (await staff.get(PAYMENTS, params={"limit": 1})).json()
        assert [item["method"] for item in one["items"]] == ["cash"]
        cursor = {"limit": 1, "cursor": one["next_cursor"]}
        rest = (await staff.get(PAYMENTS, params=cursor)).json()
        assert [item["reference"] for item in rest["items"]] == ["RF18 5390"]
        assert rest["next_cursor"] is None
        found = await staff.get(PAYMENTS, params={"reference": "RF18 5390", "status": "captured"})
        assert len(found.json()["items"]) == 1
        assert (await staff.get(PAYMENTS, params={"status": "review"})).json()["items"] == []
        back = await staff.post(f"{place}/refunds", json={}, headers=key())
        problem(back, 409, "payments.nothing_to_refund")


async def test_a_promise_is_captured_or_voided_by_staff(market: Market) -> None:
    async with market.shopper() as guest, market.staff(*STAFF) as staff:
        order = await _order(guest, payment_method="gateway")
        paid = await guest.post(_pays(order), json={"token": "tok_wrong_amount"}, headers=key())
        assert paid.json()["state"] == "review"
        place = f"{PAYMENTS}/{paid.json()['payment_id']}"
        stale = await staff.post(f"{place}/capture", json={}, headers=_matched(1))
        assert stale.status_code in (409, 412), stale.text
        version = (await staff.get(place)).json()["payment"]["version"]
        taken = await staff.post(
            f"{place}/capture", json={"amount": 801}, headers=_matched(version)
        )
        assert taken.status_code == 200, taken.text
        assert (taken.json()["state"], taken.json()["credit"]) == ("captured", 1)
        void = await staff.post(f"{place}/void", json={}, headers=_matched(taken.json()["version"]))
        assert void.status_code == 409, void.text


async def test_refunds_and_their_credit_notes(market: Market) -> None:
    async with market.shopper() as guest, market.staff(*STAFF) as staff:
        order = await _order(guest, payment_method="gateway")
        await guest.post(_pays(order), json={"token": "tok_ok"}, headers=key())
        place = f"/api/v1/orders/{order['id']}/refunds"
        again = key()
        wish = {"amount": 300, "reason": "a chip in the glaze"}
        back = await staff.post(place, json=wish, headers=again)
        assert back.status_code == 201, back.text
        assert [one["state"] for one in back.json()["refunds"]] == ["issued"]
        assert (await staff.post(place, json=wish, headers=again)).json() == back.json()
        view = (await staff.get(f"/api/v1/orders/{order['id']}")).json()
        line = {"order_line_id": view["lines"][0]["id"]}
        rest = await staff.post(place, json={"lines": [line]}, headers=key())
        assert (rest.json()["amount"], rest.json()["credit_note_number"]) == (500, 2)
        problem(await staff.post(place, json={}, headers=key()), 409, "payments.nothing_to_refund")
        note = (await staff.get("/api/v1/credit-notes/1")).json()
        assert (note["total"], note["reason"]) == (300, "a chip in the glaze")
        problem(await staff.get("/api/v1/credit-notes/9"), 404, "kernel.unknown")
        money = (await staff.get(f"/api/v1/orders/{order['id']}/payments")).json()
        assert [one["number"] for one in money["credit_notes"]] == [1, 2]
        assert len(money["refunds"]) == 2
        settled = await staff.post(
            "/api/v1/settlements",
            json={
                "payment_ids": [money["payments"][0]["id"]],
                "refund_ids": [one["id"] for one in money["refunds"]],
            },
            headers=key(),
        )
        assert settled.json()["arrived"] == 0
        day = {"day": money["payments"][0]["business_date"]}
        stands = {
            row["account"]: row["balance"]
            for row in (await staff.get("/api/v1/ledger/balances", params=day)).json()
        }
        assert stands["gateway_clearing"] == stands["receivable"] == 0
        span = {"first": day["day"], "last": day["day"], "limit": 2}
        statement = "/api/v1/ledger/accounts/receivable/transfers"
        seen: list[int] = []
        cursor: dict[str, str] = {}
        while True:
            page = (await staff.get(statement, params=span | cursor)).json()
            seen += [row["amount"] for row in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert (sorted(seen), sum(seen)) == ([-800, -500, -300, 300, 500, 800], 0)


async def test_each_door_wants_its_permission_and_its_form(market: Market) -> None:
    nobody = uuid4()
    async with market.staff("orders.read") as staff:
        for method, place in (
            ("get", PAYMENTS),
            ("get", f"{PAYMENTS}/{nobody}"),
            ("post", PAYMENTS),
            ("post", f"{PAYMENTS}/{nobody}/capture"),
            ("post", f"/api/v1/orders/{nobody}/refunds"),
            ("post", "/api/v1/settlements"),
            ("get", "/api/v1/ledger/balances?day=2026-01-01"),
        ):
            refused = await staff.request(method, place, headers=key() | _matched(1))
            assert refused.status_code == 403, (place, refused.text)
    async with market.staff(*STAFF) as staff:
        for body in (
            {"method": "barter"},
            {"method": "cash", "amount": 1.5},
            {"method": "cash", "amount": "5"},
            {"method": "cash", "amount": 5, "surprise": True},
        ):
            answer = await staff.post(PAYMENTS, json=body, headers=key())
            assert answer.status_code == 422, answer.text
        no_key = await staff.post(PAYMENTS, json={"method": "cash", "amount": 5})
        assert no_key.status_code == 400, no_key.text
        unmatched = await staff.post(f"{PAYMENTS}/{nobody}/void", json={})
        assert unmatched.status_code == 428, unmatched.text


async def test_a_refund_that_its_gateway_muddled_is_closed_by_hand(market: Market) -> None:
    async with market.shopper() as guest, market.staff(*STAFF) as staff:
        order = await _order(guest, payment_method="gateway")
        paid = (await guest.post(_pays(order), json={"token": "tok_ok"}, headers=key())).json()
        place = f"/api/v1/orders/{order['id']}"
        made = await staff.post(f"{place}/refunds", json={"amount": 300}, headers=key())
        refund_id = made.json()["refunds"][0]["refund_id"]
        told = GatewayEvent(
            "sandbox",
            "evt_muddled",
            EventKind.REFUND_FAILED,
            PaymentId(UUID(paid["payment_id"])),
            RefundId(UUID(refund_id)),
            300,
            "GBP",
            "ref",
        )
        muddled = SandboxGateway(b"shared with the sandbox").signed(told)
        signed = {"x-signature": muddled.signature}
        heard = await guest.post(CALLBACKS, content=muddled.body, headers=signed)
        assert heard.json() == {"result": "review"}
        (row,) = (await staff.get(f"{place}/payments")).json()["refunds"]
        assert (row["state"], row["needs_review"]) == ("issued", True)
        close = f"/api/v1/refunds/{refund_id}/close"
        word = {"outcome": "failed", "reason": "their statement of May"}
        async with market.staff("orders.refund") as other:
            refused = await other.post(close, json=word, headers=_matched(row["version"]))
            problem(refused, 403, "kernel.may_not")
        mute = await staff.post(close, json={"outcome": "failed"}, headers=_matched(2))
        assert mute.status_code == 422, mute.text
        stale = await staff.post(close, json=word, headers=_matched(row["version"] - 1))
        problem(stale, 412, "platform.version_stale")
        done = await staff.post(close, json=word, headers=_matched(row["version"]))
        assert (done.status_code, done.json()["refund"]["state"]) == (200, "failed"), done.text
        assert done.headers["etag"] == f'"{row["version"] + 1}"'
        again = await staff.post(close, json=word, headers=_matched(row["version"] + 1))
        problem(again, 409, "payments.refund_closed")
        view = (await staff.get(place)).json()
        assert (view["payment_status"], view["due"]) == ("overpaid", -300), "owed again"
