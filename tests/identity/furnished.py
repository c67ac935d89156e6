"""A record of every kind in a shop, each with a word that stands nowhere else."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx

from tests.identity.town import Town
from tests.journeys.spine import Shop
from tests.shops import open_place
from tradepost.tenancy.commands import CreateLocation

MARK = "Xanadu"
HOME = {"country": "GB", "name": MARK, "line1": "1 High Street", "city": "Leeds"}
MAIL = "Xanadu@example.com"


async def furnished(town: Town, boss: httpx.AsyncClient) -> dict[str, str]:
    """Furnish the first shop; identifiers by the names they have in paths."""

    async def made(path: str, /, **body: Any) -> Any:
        key = {"idempotency-key": uuid4().hex}
        answer = await boss.post(f"/api/v1/{path}", json=body, headers=key)
        assert answer.status_code in (200, 201), f"{path}: {answer.text}"
        body = answer.json()
        own = answer.headers.get("location", "").rsplit("/", 1)[-1]
        return {"id": own, **body}

    store_id, location_id = await open_place(town.house.bus, town.shop, "xanadu")
    shop = Shop(town.house.bus, town.shop, store_id, location_id)
    variant_id = await shop.article(MARK, stock=9)
    product = (await boss.get("/api/v1/products")).json()["items"][0]
    customer = await made("customers", given_name=MARK, external_code=MARK)
    address = await made(f"customers/{customer['id']}/addresses", **HOME)
    hired = {"email": MAIL, "name": MARK, "password": "a long password", "roles": ["viewer"]}
    rate = {"country": "GB", "tax_class": "standard", "percent": "0", "name": MARK}
    prices = {"name": MARK, "currency": "GBP"}
    return {
        "store_id": str(store_id),
        "location_id": str(location_id),
        "variant_id": str(variant_id),
        "product_id": product["id"],
        "category_id": (await made("categories", name=MARK))["id"],
        "customer_id": customer["id"],
        "address_id": address["id"],
        "group_id": (await made("customer-groups", code="xanadu", name=MARK))["id"],
        "staff_id": (await made("staff", **hired))["id"],
        "role_id": (await made("roles", code="xanadu", name=MARK, permissions=[]))["id"],
        "tax_rate_id": (await made("tax-rates", **rate))["id"],
        "price_list_id": (await made("price-lists", **prices))["id"],
        "exemption_id": (await made("tax-exemptions", reason=MARK, customer_id=customer["id"]))[
            "id"
        ],
        **await _traded(boss, made),
        **await _counted(town, boss, made, shop, str(variant_id)),
    }


async def _counted(
    town: Town, boss: httpx.AsyncClient, made: Any, shop: Shop, variant_id: str
) -> dict[str, str]:
    """Goods on their way to another location, and a stocktake that finds less than was promised."""
    here = str(shop.location_id)
    there = await town.house.bus.send(town.shop, CreateLocation(shop.store_id, "attic", MARK))
    lines = [{"variant_id": variant_id, "quantity": 1}]
    move = {"from_location_id": here, "to_location_id": str(there), "lines": lines, "note": MARK}
    transfer = await made("stock/transfers", **move)
    await made(
        "orders",
        lines=[{"sku": MARK, "quantity": 3}],
        delivery="ship",
        payment_method="cod",
        email=MAIL,
        ship_to=HOME,
    )
    count = await made("stock/counts", location_id=here, note=MARK)
    place = f"/api/v1/stock/counts/{count['id']}"
    figures = {"lines": [{"variant_id": variant_id, "quantity": 0}]}
    counted = await boss.post(f"{place}/lines", json=figures)
    assert counted.status_code == 200, counted.text
    close = {"if-match": counted.headers["etag"]}
    closed = await boss.put(f"{place}/status", json={"status": "closed"}, headers=close)
    assert closed.status_code == 200, closed.text
    short = (await boss.get("/api/v1/stock/shortfalls")).json()["items"][0]
    return {
        "transfer_order_id": transfer["id"],
        "count_id": count["id"],
        "shortfall_id": short["id"],
    }


async def _traded(boss: httpx.AsyncClient, made: Any) -> dict[str, str]:
    """An order that was placed, paid, sent, and comes back in part."""
    order = await made(
        "orders",
        lines=[{"sku": MARK, "quantity": 2}],
        delivery="ship",
        payment_method="bank_transfer",
        email=MAIL,
        ship_to=HOME,
    )
    place = f"orders/{order['id']}"
    paid = {"status": "pending_shipment", "version": 1}
    assert (await boss.put(f"/api/v1/{place}/status", json=paid)).status_code == 200
    shipment = await made(f"{place}/shipments", carrier=MARK)
    line = (await boss.get(f"/api/v1/{place}")).json()["lines"][0]["id"]
    lines = [{"order_line_id": line, "quantity": 1}]
    back = await made(f"{place}/returns", lines=lines, reason=MARK)
    await made(f"{place}/refunds", amount=1, reason=MARK)
    money = (await boss.get(f"/api/v1/{place}/payments")).json()
    return {
        "order_id": order["id"],
        "document_id": order["id"],
        "number": str(order["number"]),
        "shipment_id": shipment["shipment_id"],
        "return_id": back["return_id"],
        "payment_id": money["payments"][0]["id"],
        "credit_note_number": str(money["credit_notes"][0]["number"]),
    }
