"""The big list of naughty strings at the doors: in every text of an order, in queries, in heads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unicodedata import normalize

import httpx
import pytest
from tests.web.market import HOME, Market, key, open_market, order_of

from tradepost.platform.db.work import Store

pytestmark = pytest.mark.acceptance

ADDRESS_FIELDS = ("name", "line1", "line2", "postcode", "city", "region", "phone", "country")

FILTERS = ("status", "email", "external_code", "cursor", "limit", "placed_from")


@pytest.fixture(scope="module")
def naughty(reference: Path) -> list[str]:
    """The list."""
    strings: list[str] = json.loads((reference / "blns.json").read_text())
    assert len(strings) > 400
    return strings


@pytest.fixture
async def market(store: Store) -> Market:
    """A shop with more mugs than anybody orders."""
    market = await open_market(store)
    await market.shop.article("mug", "4.00", stock=100_000)
    return market


def settled(answer: httpx.Response, told: str) -> bool:
    """Whether it was granted; if not, that it is a problem with a stable code."""
    assert answer.status_code < 500, f"{told}: {answer.text}"
    if answer.status_code < 400:
        return True
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json", told
    assert problem["code"] and problem["detail"] and problem["request_id"], told
    return False


async def test_in_every_text_of_an_order(market: Market, naughty: list[str]) -> None:
    taken = 0
    async with market.shopper() as guest:
        for text in naughty:
            for name in ADDRESS_FIELDS:
                body = order_of("mug", ship_to=HOME | {name: text})
                answer = await guest.post("/api/v1/checkout", json=body, headers=key())
                if settled(answer, f"{name}={text!r}"):
                    taken += 1
                    await _as_written(guest, answer.json(), name, text)
    assert taken > len(naughty)


async def _as_written(
    guest: httpx.AsyncClient, placed: dict[str, Any], name: str, text: str
) -> None:
    order = await guest.get(f"/api/v1/orders/{placed['id']}", params={"token": placed["token"]})
    kept = order.json()["ship_to"][name]
    if name not in {"phone", "country"}:
        assert kept == normalize("NFC", text).strip(), (name, text)


async def test_in_articles_mail_addresses_and_choices(market: Market, naughty: list[str]) -> None:
    async with market.shopper() as guest:
        for text in naughty:
            for body in (
                order_of(text),
                order_of("mug", email=text),
                order_of("mug", payment_method=text),
                order_of("mug", delivery=text),
                order_of("mug") | {text: "x"},
                order_of("mug", lines=text),
                order_of("mug", expected_total=text),
            ):
                answer = await guest.post("/api/v1/checkout", json=body, headers=key())
                granted = settled(answer, f"{body!r}")
                assert not granted or body["email"] == text
            look = {"number": 1001, "email": text}
            assert not settled(await guest.post("/api/v1/orders/look-up", json=look), text)


async def test_in_queries_paths_and_headers(market: Market, naughty: list[str]) -> None:
    opened = await _cart(market)
    async with market.shopper() as guest, market.staff("orders.read") as staff:
        for text in naughty:
            for name in (
                "status",
                "email",
                "external_code",
                "cursor",
                "limit",
                "placed_from",
                text,
            ):
                answer = await staff.get("/api/v1/orders", params={name: text})
                settled(answer, f"{name}={text!r}")
            settled(await guest.get(f"{opened}", params={"token": text}), text)
            settled(await guest.get("/api/v1/products", params={"category": text}), text)
            raw = text.encode("utf-8", "replace").replace(b"\r", b"").replace(b"\n", b"")
            if raw.strip() == raw and b"\x00" not in raw:
                for header in (b"x-cart-token", b"x-tenant", b"x-request-id", b"authorization"):
                    answer = await guest.get(opened, headers=[(header, raw)])
                    settled(answer, f"{header!r}: {raw!r}")
                settled(
                    await guest.post(f"{opened}/checkout", headers=[(b"idempotency-key", raw)]),
                    text,
                )


async def _cart(market: Market) -> str:
    async with market.shopper() as guest:
        opened = await guest.post("/api/v1/carts")
        return opened.headers["location"]
