"""From the cart to the finished order through both APIs."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.web.market import HOME, Market, key, open_market, order_of
from tests.web.test_doors import problem
from tradepost.kernel.messages import Actor
from tradepost.platform.db.work import Store
from tradepost.platform.web.settings import WebSettings

CARTS = "/api/v1/carts"
ORDERS = "/api/v1/orders"
CHOICES = {
    "delivery": "ship",
    "payment_method": "bank_transfer",
    "email": "A.Shopper@Example.com",
    "ship_to": HOME,
}


@pytest.fixture
async def market(store: Store) -> Market:
    """A shop with mugs and lamps."""
    market = await open_market(store, shipping_fee_amount=450)
    await market.shop.article("mug", "4.00", stock=50)
    await market.shop.article("lamp", "12.50", stock=5)
    return market


async def test_a_guest_fills_a_cart_and_orders_it_once(market: Market) -> None:
    async with market.shopper() as guest:
        opened = await guest.post(CARTS)
        assert opened.status_code == 201, opened.text
        place, cart = opened.headers["location"], opened.json()
        guest.headers["x-cart-token"] = cart["token"]
        assert (await guest.get(place)).json()["problems"][0]["code"] == "ordering.nothing_wanted"
        early = await guest.post(f"{place}/checkout", json={}, headers=key())
        problem(early, 422, "ordering.nothing_wanted")
        added = await guest.post(f"{place}/lines", json={"sku": "MUG", "quantity": 2})
        assert added.status_code == 200, added.text
        assert added.json()["subtotal"] == 800
        await guest.post(f"{place}/lines", json={"sku": "lamp", "quantity": 1})
        view = (await guest.get(place)).json()
        assert [line["sku"] for line in view["lines"]] == ["mug", "lamp"]
        assert view["lines"][0]["price"] == "4.00"
        assert view["total"] == 2500
        assert view["problems"][0]["code"] == "ordering.address_missing"
        line = f"{place}/lines/{view['lines'][0]['id']}"
        assert (await guest.put(line, json={"quantity": 3})).json()["subtotal"] == 2450
        stale = await guest.put(line, json={"quantity": 1, "version": 1})
        assert problem(stale, 409, "kernel.stale")["current"] == 3
        chosen = await guest.put(f"{place}/choices", json=CHOICES)
        view = chosen.json()
        assert (view["total"], view["problems"]) == (2900, [])
        assert chosen.headers["etag"] == f'"{view["version"]}"'

        changed = await guest.post(f"{place}/checkout", json={"expected_total": 1}, headers=key())
        assert problem(changed, 409, "ordering.price_changed")["total"] == 2900
        again = key()
        placed = await guest.post(f"{place}/checkout", json={"expected_total": 2900}, headers=again)
        assert placed.status_code == 201, placed.text
        order = placed.json()
        assert (order["status"], order["total"]) == ("pending_payment", 2900)
        assert "idempotent-replayed" not in placed.headers
        repeated = await guest.post(
            f"{place}/checkout", json={"expected_total": 2900}, headers=again
        )
        assert repeated.content == placed.content
        assert repeated.headers["idempotent-replayed"] == "true"
        other_key = await guest.post(f"{place}/checkout", json={}, headers=key())
        assert other_key.json()["id"] == order["id"]
        closed = await guest.post(f"{place}/lines", json={"sku": "mug", "quantity": 1})
        problem(closed, 409, "ordering.cart_closed")


async def test_several_articles_go_into_a_cart_together_or_not_at_all(market: Market) -> None:
    async with market.shopper() as guest:
        opened = await guest.post(CARTS)
        place = opened.headers["location"]
        guest.headers["x-cart-token"] = opened.json()["token"]
        mug, lamp = {"sku": "mug", "quantity": 2}, {"sku": "lamp", "quantity": 1}
        both = await guest.post(f"{place}/lines/batch", json={"lines": [mug, lamp, mug]})
        assert both.status_code == 200, both.text
        found = [(line["sku"], line["quantity"]) for line in both.json()["lines"]]
        assert (found, both.json()["version"]) == ([("mug", 4), ("lamp", 1)], 1)
        unknown = {"lines": [lamp, {"sku": "nothing-of-the-kind", "quantity": 1}]}
        refused = await guest.post(f"{place}/lines/batch", json=unknown)
        problem(refused, 409, "ordering.not_on_sale")
        for wanted in ([], [lamp] * 201, None):
            refused = await guest.post(f"{place}/lines/batch", json={"lines": wanted})
            problem(refused, 422, "platform.bad_body")
        assert (await guest.get(place)).json() == both.json()


async def test_a_cart_is_nobody_elses(market: Market) -> None:
    ann, bob = Actor("customer", uuid4()), Actor("customer", uuid4())
    async with (
        market.shopper() as guest,
        market.shopper(ann) as of_ann,
        market.shopper(bob) as of_bob,
    ):
        opened = (await guest.post(CARTS)).json()
        place = f"{CARTS}/{opened['id']}"
        token = {"x-cart-token": opened["token"]}
        line = {"sku": "mug", "quantity": 1}
        await guest.post(f"{place}/lines", json=line, headers=token)
        other = (await guest.post(CARTS)).json()
        for client, headers in (
            (guest, {}),
            (guest, {"x-cart-token": other["token"]}),
            (guest, {"x-cart-token": opened["token"][:-1]}),
            (of_ann, token),
            (of_bob, {}),
        ):
            for answer in (
                await client.get(place, headers=headers),
                await client.post(f"{place}/lines", json=line, headers=headers),
                await client.put(f"{place}/choices", json=CHOICES, headers=headers),
                await client.post(f"{place}/checkout", json={}, headers=headers | key()),
            ):
                problem(answer, 404, "kernel.unknown")
        problem(await of_ann.post(f"{place}/merge"), 404, "kernel.unknown")
        own = (await of_ann.post(CARTS)).json()
        await of_ann.post(f"{CARTS}/{own['id']}/lines", json={"sku": "mug", "quantity": 2})
        merged = await of_ann.post(f"{place}/merge", headers=token)
        assert merged.json()["id"] == own["id"]
        assert [line["quantity"] for line in merged.json()["lines"]] == [3]
        assert (await of_ann.get(f"{CARTS}/mine")).json()["id"] == own["id"]
        problem(await of_bob.get(f"{CARTS}/{own['id']}"), 404, "kernel.unknown")
        problem(await of_bob.get(f"{CARTS}/mine"), 404, "kernel.unknown")
        problem(await guest.get(f"{CARTS}/mine"), 401, "platform.sign_in_needed")


async def test_a_checkout_without_a_cart_is_made_once(market: Market) -> None:
    async with market.shopper() as guest:
        body, once = order_of("mug", 2), key()
        placed = await guest.post("/api/v1/checkout", json=body, headers=once)
        assert placed.status_code == 201, placed.text
        assert placed.json()["total"] == 1250
        again = await guest.post("/api/v1/checkout", json=body, headers=once)
        assert (again.content, again.headers["idempotent-replayed"]) == (placed.content, "true")
        other = await guest.post("/api/v1/checkout", json=order_of("mug", 3), headers=once)
        problem(other, 422, "platform.key_reused")
        problem(await guest.post("/api/v1/checkout", json=body), 400, "platform.key_missing")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"lines": []}, 422, "platform.bad_body"),
        ({"lines": [{"sku": "mug", "quantity": 0}]}, 422, "platform.bad_body"),
        ({"lines": [{"sku": "mug", "quantity": 1.5}]}, 422, "platform.bad_body"),
        ({"lines": [{"sku": "mug", "quantity": 10**18}]}, 422, "platform.bad_body"),
        ({"lines": [{"sku": "mug", "quantity": 10**12}]}, 422, "ordering.too_much_of_one"),
        ({"lines": [{"sku": "mug", "quantity": 51}]}, 409, "ordering.sold_out"),
        ({"lines": [{"sku": "mug", "quantity": 600}] * 2}, 422, "ordering.too_much_of_one"),
        ({"lines": [{"sku": "mug", "quantity": 1}] * 201}, 422, "ordering.too_many_lines"),
        ({"lines": [{"sku": "none", "quantity": 1}]}, 409, "ordering.not_on_sale"),
        ({"lines": [{"quantity": 1}]}, 422, "kernel.bad_value"),
        (
            {"lines": [{"sku": "mug", "quantity": 1, "agreed_price_micros": 1}]},
            422,
            "platform.bad_body",
        ),
        ({"price": 1}, 422, "platform.bad_body"),
        ({"tenant_id": str(uuid4())}, 422, "platform.bad_body"),
        ({"payment_method": "magic"}, 409, "ordering.payment_method_unknown"),
        ({"delivery": "magic"}, 422, "platform.bad_body"),
        ({"ship_to": None}, 409, "ordering.address_missing"),
        ({"ship_to": HOME | {"country": "XX"}}, 422, "kernel.bad_country"),
        ({"ship_to": HOME | {"phone": "call me"}}, 422, "kernel.bad_phone"),
        ({"ship_to": HOME | {"city": "a\nb"}}, 422, "kernel.bad_text"),
        ({"email": "nobody"}, 422, "kernel.bad_email"),
        ({"expected_total": 1}, 409, "ordering.price_changed"),
        ({"expected_total": 1250.0}, 422, "platform.bad_body"),
    ],
)
async def test_a_bad_checkout_changes_nothing(
    market: Market, change: dict[str, object], status: int, code: str
) -> None:
    async with market.shopper() as guest, market.staff("orders.read") as staff:
        answer = await guest.post("/api/v1/checkout", json=order_of("mug") | change, headers=key())
        problem(answer, status, code)
        assert (await staff.get(ORDERS)).json() == {"items": [], "next_cursor": None}


async def test_a_shop_may_want_customers_and_a_least_amount(store: Store) -> None:
    market = await open_market(store, guest_checkout=False, order_amount_min=1000)
    await market.shop.article("mug", "4.00", stock=9)
    ann = Actor("customer", uuid4())
    async with market.shopper() as guest, market.shopper(ann) as of_ann:
        for client, count, status, code in (
            (guest, 3, 401, "ordering.guests_not_served"),
            (of_ann, 2, 409, "ordering.order_too_small"),
        ):
            cart = await client.post(CARTS)
            place, token = cart.headers["location"], {"x-cart-token": cart.json()["token"]}
            line = {"sku": "mug", "quantity": count}
            await client.post(f"{place}/lines", json=line, headers=token)
            view = (await client.put(f"{place}/choices", json=CHOICES, headers=token)).json()
            assert view["total"] == count * 400
            assert [one["code"] for one in view["problems"]] == [code]
            refused = await client.post(f"{place}/checkout", json={}, headers=token | key())
            problem(refused, status, code)
        good = await of_ann.post("/api/v1/checkout", json=order_of("mug", 3), headers=key())
        assert good.status_code == 201
        assert good.json()["number"] == 1001


async def test_a_guest_who_moves_between_two_tries_orders_once(store: Store) -> None:
    web = WebSettings(signing_secrets=(b"s" * 32,), trusted_proxies=1)
    market = await open_market(store, web)
    await market.shop.article("mug", "4.00", stock=9)
    async with market.shopper() as guest:
        once = key()
        tries = [
            await guest.post(
                "/api/v1/checkout",
                json=order_of("mug"),
                headers=once | {"x-forwarded-for": address},
            )
            for address in ("198.51.100.1", "203.0.113.7")
        ]
        assert tries[0].content == tries[1].content
        assert tries[1].headers["idempotent-replayed"] == "true"


async def test_an_order_is_found_by_its_link_its_number_or_its_customer(market: Market) -> None:
    ann = Actor("customer", uuid4())
    async with market.shopper() as guest, market.shopper(ann) as of_ann:
        order = (await guest.post("/api/v1/checkout", json=order_of("mug"), headers=key())).json()
        place = f"{ORDERS}/{order['id']}"
        problem(await guest.get(place), 404, "kernel.unknown")
        problem(await of_ann.get(place), 404, "kernel.unknown")
        problem(await guest.get(f"{place}?token=x"), 404, "kernel.unknown")
        found = (await guest.get(f"{place}?token={order['token']}")).json()
        assert found["lines"][0]["title"] == "The mug"
        asked = {"number": order["number"], "email": "A.SHOPPER@example.com"}
        by_number = await guest.post(f"{ORDERS}/look-up", json=asked)
        assert by_number.json() == found
        for wrong in ({"email": "b@example.com"}, {"number": 1}):
            problem(
                await guest.post(f"{ORDERS}/look-up", json=asked | wrong), 404, "kernel.unknown"
            )
        own = (await of_ann.post("/api/v1/checkout", json=order_of("lamp"), headers=key())).json()
        assert (await of_ann.get(f"{ORDERS}/{own['id']}")).json()["customer_id"] == str(ann.id)
        listed = (await of_ann.get(ORDERS)).json()
        assert [row["id"] for row in listed["items"]] == [own["id"]]


async def test_looking_up_is_limited(store: Store) -> None:
    market = await open_market(store, WebSettings(signing_secrets=(b"s" * 32,)))
    async with market.shopper() as guest:
        for _ in range(5):
            answer = await guest.post(
                f"{ORDERS}/look-up", json={"number": 1, "email": "a@example.com"}
            )
            problem(answer, 404, "kernel.unknown")
        last = await guest.post(f"{ORDERS}/look-up", json={"number": 1, "email": "a@example.com"})
        problem(last, 429, "platform.too_many_requests")
        assert 1 <= int(last.headers["retry-after"]) <= 12


async def test_staff_lead_an_order_by_its_status(market: Market) -> None:
    permissions = ("orders.read", "orders.change", "orders.cancel", "payments.record")
    async with market.shopper() as guest, market.staff(*permissions) as staff:
        order = (await guest.post("/api/v1/checkout", json=order_of("mug"), headers=key())).json()
        place = f"{ORDERS}/{order['id']}"
        for wanted, paid, sent in (
            ("pending_shipment", "paid", "unfulfilled"),
            ("shipped", "paid", "fulfilled"),
            ("completed", "paid", "fulfilled"),
        ):
            version = (await staff.get(place)).json()["version"]
            body = {"status": wanted, "version": version}
            view = (await staff.put(f"{place}/status", json=body)).json()
            assert (view["status"], view["payment_status"]) == (wanted, paid), view
            assert view["fulfillment_status"] == sent
            stale = await staff.put(f"{place}/status", json=body)
            assert problem(stale, 409, "kernel.stale")["current"] == view["version"]
        wrong = {"status": "partially_shipped", "version": view["version"]}
        refused = await staff.put(f"{place}/status", json=wrong)
        problem(refused, 409, "ordering.status_unreachable")
        late = await staff.post(f"{place}/cancel", headers={"if-match": f'"{view["version"]}"'})
        problem(late, 409, "kernel.wrong_state")


async def test_staff_lead_an_order_by_the_words_of_its_kind_alone(market: Market) -> None:
    permissions = ("orders.read", "orders.change", "payments.record")
    async with market.shopper() as guest, market.staff(*permissions) as staff:
        body = order_of("mug", delivery="pickup")
        order = (await guest.post("/api/v1/checkout", json=body, headers=key())).json()
        place = f"{ORDERS}/{order['id']}"
        for wanted in ("pending_shipment", "shipped", "out_for_delivery", "served"):
            body = {"status": wanted, "version": 1}
            refused = problem(
                await staff.put(f"{place}/status", json=body),
                409,
                "ordering.status_unreachable",
            )
            assert refused["possible"] == "cancelled, completed, confirmed"
        assert (await staff.get(place)).json()["paid"] == 0
        paid = await staff.put(f"{place}/status", json={"status": "confirmed", "version": 1})
        view = paid.json()
        assert (view["status"], view["payment_status"]) == ("confirmed", "paid")
        again = {"status": "confirmed", "version": view["version"]}
        twice = await staff.put(f"{place}/status", json=again)
        assert problem(twice, 409, "ordering.status_unreachable")["now"] == "confirmed"


async def test_staff_cancel_under_a_version(market: Market) -> None:
    async with market.shopper() as guest, market.staff("orders.read", "orders.cancel") as staff:
        order = (await guest.post("/api/v1/checkout", json=order_of("mug"), headers=key())).json()
        place = f"{ORDERS}/{order['id']}"
        etag = (await staff.get(place)).headers["etag"]
        problem(await staff.post(f"{place}/cancel"), 428, "platform.version_missing")
        stale = await staff.post(f"{place}/cancel", headers={"if-match": '"9"'})
        problem(stale, 412, "platform.version_stale")
        gone = await staff.post(f"{place}/cancel", headers={"if-match": etag})
        assert gone.json()["status"] == "cancelled"


async def test_staff_place_orders_at_agreed_prices_if_they_may(market: Market) -> None:
    body = order_of("mug")
    body["lines"] = [{"sku": "mug", "quantity": 3, "agreed_price_micros": 1_000}]
    async with market.staff("orders.place") as staff:
        refused = await staff.post(ORDERS, json=body, headers=key())
        assert problem(refused, 403, "kernel.may_not")["permission"] == "orders.price_override"
    async with market.staff("orders.place", "orders.price_override") as staff:
        placed = await staff.post(ORDERS, json=body, headers=key())
        assert placed.json()["subtotal"] == 0  # 3 × 0.001, rounded once


async def test_staff_list_orders_page_by_page(market: Market) -> None:
    async with market.shopper() as guest, market.staff("orders.read", "orders.cancel") as staff:
        for number in range(5):
            body = order_of("mug", email=f"shopper{number % 2}@example.com")
            await guest.post("/api/v1/checkout", json=body, headers=key())
        seen, cursor = [], ""
        for _ in range(3):
            page = (await staff.get(f"{ORDERS}?limit=2{cursor}")).json()
            seen += [row["number"] for row in page["items"]]
            cursor = f"&cursor={page['next_cursor']}"
        assert seen == [1005, 1004, 1003, 1002, 1001]
        assert page["next_cursor"] is None
        one = (await staff.get(f"{ORDERS}?email=SHOPPER1@example.com")).json()
        assert [row["number"] for row in one["items"]] == [1004, 1002]
        waiting = (await staff.get(f"{ORDERS}?status=pending_payment&limit=1")).json()
        assert [row["number"] for row in waiting["items"]] == [1005]
        assert (await staff.get(f"{ORDERS}?status=shipped")).json()["items"] == []
        for wrong in ("status=x", "status=null", "customer_id=null", "limit=1e1"):
            problem(await staff.get(f"{ORDERS}?{wrong}"), 422, "platform.bad_parameters")
        later = (await staff.get(f"{ORDERS}?placed_from=2999-01-01T00:00:00Z")).json()
        assert later["items"] == []
        for no_instant in ("2999-01-01T00:00:00", "2999-01-01", "0.5", "1e9"):
            refused = await staff.get(f"{ORDERS}?placed_from={no_instant}")
            problem(refused, 422, "platform.bad_parameters")
        by_number = await staff.get(f"{ORDERS}/number/1003")
        assert by_number.json()["number"] == 1003
        huge = await staff.get(f"{ORDERS}/number/{10**30}")
        problem(huge, 422, "platform.bad_parameters")
        first = (await staff.get(f"{ORDERS}?limit=2")).json()["next_cursor"]
        foreign = await staff.get(f"{ORDERS}?limit=2&status=shipped&cursor={first}")
        problem(foreign, 400, "platform.bad_cursor")


async def test_a_fresh_cart_is_repeated_under_its_key_and_changed_from_version_0(
    market: Market,
) -> None:
    async with market.shopper() as guest:
        again = key()
        first, second = (
            await guest.post(CARTS, headers=again),
            await guest.post(CARTS, headers=again),
        )
        assert first.json()["id"] == second.json()["id"]
        assert second.headers["idempotent-replayed"] == "true"
        opened = (await guest.post(CARTS)).json()
        guest.headers["x-cart-token"] = opened["token"]
        place = f"{CARTS}/{opened['id']}"
        assert (opened["version"], (await guest.get(place)).json()["version"]) == (0, 0)
        wish, again = {**CHOICES, "version": 0}, key()
        chosen, repeated = [
            await guest.put(f"{place}/choices", json=wish, headers=again) for _ in range(2)
        ]
        assert (chosen.status_code, chosen.json()["version"]) == (200, 1)
        assert repeated.json() == chosen.json()
        assert repeated.headers["idempotent-replayed"] == "true"
