"""Returns are paid for by whoever may pay money out, and by gateways at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.web.market import Market, key, open_market, order_of
from tests.web.test_doors import problem
from tradepost.payments.gateway.sandbox import Token
from tradepost.platform.db.work import Store

CLERK = ("orders.read", "returns.read", "returns.write", "payments.read")
RETURNS = "/api/v1/returns"


@dataclass
class Desk:
    """Somebody who takes returns in, and a shopper who paid by the sandbox."""

    guest: httpx.AsyncClient
    clerk: httpx.AsyncClient
    cashier: httpx.AsyncClient

    async def returned(self, token: Token) -> tuple[str, str]:
        """An order paid so, and a return of one of its two units that is here."""
        placed = order_of("tip", 2, payment_method="gateway")
        order = (await self.guest.post("/api/v1/checkout", json=placed, headers=key())).json()
        pays = f"/api/v1/orders/{order['id']}/payments"
        paid = f"{pays}?token={order['token']}"
        await self.guest.post(paid, json={"token": token}, headers=key())
        path = f"/api/v1/orders/{order['id']}"
        line = (await self.clerk.get(path)).json()["lines"][0]["id"]
        wish = {"lines": [{"order_line_id": line, "quantity": 1}]}
        made = await self.clerk.post(f"{path}/returns", json=wish, headers=key())
        place = f"{RETURNS}/{made.json()['return_id']}"
        for action in ("approve", "receive"):
            assert (await self.clerk.post(f"{place}/{action}")).status_code == 200
        return pays, place

    async def refunds(self, pays: str) -> list[tuple[str, int]]:
        """Where the refunds of an order stand."""
        money: dict[str, Any] = (await self.clerk.get(pays)).json()
        return [(one["state"], one["amount"]) for one in money["refunds"]]


@pytest.fixture
async def market(store: Store) -> Market:
    """A shop that gives tips for four pounds."""
    market = await open_market(store, payment_methods=("bank_transfer", "gateway"))
    await market.shop.article("tip", "4.00", service=True)
    return market


@pytest.fixture
async def desk(market: Market) -> AsyncIterator[Desk]:
    async with (
        market.shopper() as guest,
        market.staff(*CLERK) as clerk,
        market.staff(*CLERK, "orders.refund") as cashier,
    ):
        yield Desk(guest, clerk, cashier)


async def test_who_takes_returns_in_does_not_pay_for_them(desk: Desk, market: Market) -> None:
    pays, place = await desk.returned(Token.OK)
    refused = problem(await desk.clerk.post(f"{place}/refund"), 403, "kernel.may_not")
    assert refused["permission"] == "orders.refund"
    async with market.staff("orders.refund") as payer:
        refused = problem(await payer.post(f"{place}/refund"), 403, "kernel.may_not")
    assert refused["permission"] == "returns.write"
    assert await desk.refunds(pays) == []
    paid = await desk.cashier.post(f"{place}/refund")
    assert (paid.status_code, paid.json()["state"]) == (200, "refunded"), paid.text


@pytest.mark.parametrize(
    ("token", "state"),
    [
        (Token.OK, "issued"),
        (Token.REFUND_DECLINED, "failed"),
    ],
)
async def test_a_gateway_pays_for_a_return_at_once(desk: Desk, token: Token, state: str) -> None:
    pays, place = await desk.returned(token)
    assert (await desk.cashier.post(f"{place}/refund")).status_code == 200
    assert await desk.refunds(pays) == [(state, 400)]
    again = await desk.cashier.post(f"{place}/refund")
    assert again.status_code == 409
    assert await desk.refunds(pays) == [(state, 400)]
