"""A record of every kind in a shop, each with a word that stands nowhere else.

Two shops furnished so are twins: the same SKUs, codes, slugs, mail addresses and numbers.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.identity.conftest import PASSWORD
from tests.identity.knocking import WORDS
from tests.identity.town import Town
from tradepost.fulfillment.commands import PutDigitalFile
from tradepost.fulfillment.domain.digital import FileFace, StoredFile
from tradepost.kernel.ids import VariantId
from tradepost.kernel.messages import Scope
from tradepost.platform.consumers.tables import DeadLetter, dead_letters
from tradepost.platform.db.work import Work
from tradepost.platform.feed import object_trail
from tradepost.wiring.worker import build_worker

MARK = "Xanadu"
OTHER_MARK = "Yonder"
MAIL = "twin@example.com"
SKU = "TWIN-1"
ENDED = {"status": "closed", "counted": 1100}
DAY = "2026-01-05T09:00:00Z"


@dataclass
class Furnisher:
    """Furnishes one shop over its doors, as its staff and as a shopper."""

    boss: httpx.AsyncClient
    shopper: httpx.AsyncClient
    mark: str

    @property
    def home(self) -> dict[str, str]:
        """Where everybody lives."""
        return {"country": "GB", "name": self.mark, "line1": "1 High Street", "city": "Leeds"} | {
            "postcode": "LS1 4AP"
        }

    async def made(self, path: str, /, **body: Any) -> Any:
        """What staff have made."""
        return await _sent(self.boss, "POST", path, body)

    async def put(self, path: str, version: int, /, **body: Any) -> Any:
        """What staff have changed."""
        return await _sent(self.boss, "PUT", path, body, {"if-match": f'"{version}"'})

    async def ordered(self, quantity: int, sku: str = SKU) -> Any:
        """An order that staff have placed."""
        return await self.made(
            "orders",
            lines=[{"sku": sku, "quantity": quantity}],
            delivery="ship",
            payment_method="bank_transfer",
            email=MAIL,
            ship_to=self.home,
        )


async def furnished(town: Town, scope: Scope, mark: str) -> dict[str, str]:
    """Furnish a shop; identifiers by the names they have in paths."""
    async with (
        town.staff("admin", scope=scope) as boss,
        town.at(town.public, scope) as door,
    ):
        signed = await door.post("/api/v1/sign-up", json={"email": MAIL, "password": PASSWORD})
        assert signed.status_code == 201, signed.text
        token = signed.json()["access_token"]
        async with town.at(town.public, scope, token) as shopper:
            work = Furnisher(boss, shopper, mark)
            ids = await _goods(work)
            ids |= await _people(work)
            ids |= await _rules(work, ids)
            ids |= await _traded(work)
            ids |= await _counted(work, ids)
            ids |= await _rung_up(work, ids)
            ids |= await _seated(work, ids)
            ids |= await _sold_for(work, ids)
            ids |= await _shopped(work)
            ids |= await _delivered(town, scope, work)
            ids |= await _carried(town, scope, work, ids)
            ids |= await _told(town, scope, work, ids)
    return ids


async def _goods(work: Furnisher) -> dict[str, str]:
    """A place to sell from, and an article on its shelf."""
    mark = work.mark
    store = await work.made("stores", code="twin", name=mark)
    at = {"store_id": store["id"]}
    location = await work.made("locations", code="twin", name=mark, **at)
    spare = await work.made("locations", code="attic", name=mark, **at)
    article = {"sku": SKU, "price": "10.00"}
    product = await work.made(
        "products", title=mark, slug="twin", currency="GBP", status="active", variants=[article]
    )
    variant_id = product["variants"][0]["variant_id"]
    goods = [{"variant_id": variant_id, "quantity": 20}]
    await work.made("stock/receipts", location_id=location["id"], lines=goods, reference=mark)
    category = await work.made("categories", name=mark, slug="twin")
    vendor = await work.made("vendors", code="twin", name=mark)
    rule = await work.made("commission-rules", commission_ppm=100_000, category_id=category["id"])
    return {
        "store_id": store["id"],
        "location_id": location["id"],
        "spare_location_id": spare["id"],
        "product_id": product["id"],
        "variant_id": variant_id,
        "category_id": category["id"],
        "vendor_id": vendor["id"],
        "rule_id": rule["id"],
    }


async def _people(work: Furnisher) -> dict[str, str]:
    """Customers, and people who work there."""
    mark = work.mark
    group = await work.made("customer-groups", code="twin", name=mark)
    customer = await work.made("customers", given_name=mark, external_code="twin")
    spare = await work.made("customers", given_name=mark)
    address = await work.made(f"customers/{customer['id']}/addresses", **work.home)
    hired = {"email": MAIL, "name": mark, "password": PASSWORD, "roles": ["viewer"]}
    staff = await work.made("staff", **hired)
    role = await work.made("roles", code="twin", name=mark, permissions=[])
    return {
        "group_id": group["id"],
        "customer_id": customer["id"],
        "spare_customer_id": spare["id"],
        "address_id": address["id"],
        "staff_id": staff["id"],
        "role_id": role["id"],
    }


async def _rules(work: Furnisher, ids: dict[str, str]) -> dict[str, str]:
    """Taxes and prices."""
    rate = {"country": "GB", "tax_class": "standard", "percent": "0", "name": work.mark}
    exempt = {"reason": work.mark, "customer_id": ids["customer_id"]}
    return {
        "tax_rate_id": (await work.made("tax-rates", **rate))["id"],
        "price_list_id": (await work.made("price-lists", name=work.mark, currency="GBP"))["id"],
        "exemption_id": (await work.made("tax-exemptions", **exempt))["id"],
    }


async def _traded(work: Furnisher) -> dict[str, str]:
    """An order that was placed, paid, sent, and comes back in part."""
    mark, order = work.mark, await work.ordered(2)
    place = f"orders/{order['id']}"
    await work.put(f"{place}/status", 1, status="pending_shipment", version=1)
    shipment = await work.made(f"{place}/shipments", carrier=mark)
    line = (await _sent(work.boss, "GET", place))["lines"][0]["id"]
    lines = [{"order_line_id": line, "quantity": 1}]
    back = await work.made(f"{place}/returns", lines=lines, reason=mark)
    await work.made(f"{place}/refunds", amount=1, reason=mark)
    money = await _sent(work.boss, "GET", f"{place}/payments")
    return {
        "order_id": order["id"],
        "order_line_id": line,
        "document_id": order["id"],
        "number": str(order["number"]),
        "shipment_id": shipment["shipment_id"],
        "return_id": back["return_id"],
        "payment_id": money["payments"][0]["id"],
        "refund_id": money["refunds"][0]["id"],
        "credit_note_number": str(money["credit_notes"][0]["number"]),
    }


async def _sold_for(work: Furnisher, ids: dict[str, str]) -> dict[str, str]:
    """An order of a vendor's, paid by its customer and about to be paid out."""
    mark, vendor = work.mark, f"vendors/{ids['vendor_id']}"
    bank = {"holder": mark, "account": "1234567"}
    await work.put(vendor, 1, name=mark, bank=bank)
    await work.put(f"{vendor}/status", 2, action="activate")
    service = {"sku": "TWIN-2", "price": "5.00", "fulfillment_type": "service"}
    about: dict[str, Any] = {"title": mark, "currency": "GBP", "status": "active"}
    await work.made("products", **about, vendor_id=ids["vendor_id"], variants=[service])
    order = await work.ordered(1, "TWIN-2")
    shares = [{"order_id": order["id"]}]
    await work.made("payments", method="bank_transfer", orders=shares)
    day = (await _sent(work.boss, "GET", f"orders/{order['id']}"))["business_date"]
    run = await work.made("payout-runs", until=day)
    export = await work.made("payouts/exports")
    return {"payout_id": run["payout_ids"][0], "export_id": export["export_id"]}


async def _counted(work: Furnisher, ids: dict[str, str]) -> dict[str, str]:
    """Goods on their way to another location, and a stocktake that finds less than was promised."""
    variant_id, here = ids["variant_id"], ids["location_id"]
    move = {"from_location_id": here, "to_location_id": ids["spare_location_id"]}
    goods = [{"variant_id": variant_id, "quantity": 1}]
    transfer = await work.made("stock/transfers", **move, lines=goods, note=work.mark)
    await work.ordered(3)
    count = await work.made("stock/counts", location_id=here, note=work.mark)
    place = f"stock/counts/{count['id']}"
    figures = {"lines": [{"variant_id": variant_id, "quantity": 0}]}
    counted = await work.made(f"{place}/lines", **figures)
    await work.put(f"{place}/status", counted["version"], status="closed")
    short = (await _sent(work.boss, "GET", "stock/shortfalls"))["items"][0]
    goods = [{"variant_id": variant_id, "quantity": 20}]
    await work.made("stock/receipts", location_id=here, lines=goods)
    open_count = await work.made("stock/counts", location_id=here, note=work.mark)
    return {
        "transfer_order_id": transfer["id"],
        "count_id": open_count["id"],
        "shortfall_id": short["id"],
    }


async def _seated(work: Furnisher, ids: dict[str, str]) -> dict[str, str]:
    """A restaurant with a table, at which guests have ordered and asked for their bill."""
    mark = work.mark
    location = {"location_id": ids["location_id"]}
    floor = await work.made("floor/units", code="twin", name=mark, **location)
    unit = {"unit_id": floor["unit"]["id"]}
    place = f"floor/units/{unit['unit_id']}"
    area = (await work.made(f"{place}/areas", name=mark))["areas"][0]["id"]
    table = (await work.made(f"{place}/tables", area_id=area, name=mark))["tables"][0]["id"]
    tab = await work.made("tabs", **unit, table_id=table)
    at = f"tabs/{tab['tab_id']}"
    dishes = [{"sku": SKU, "quantity": 2, "note": mark}]
    draft = await work.made(f"{at}/rounds", version=1, lines=dishes)
    await work.made(f"{at}/rounds", version=2, lines=dishes, send=True)
    split = await work.made(f"{at}/checks", version=3, amount=1)
    spare = await work.made("tabs", **unit, name=mark)
    line = (await _sent(work.boss, "GET", at))["rounds"][1]["lines"][0]["id"]
    station = floor["stations"][0]["id"]
    tickets = await _sent(work.boss, "GET", f"kitchen/stations/{station}/tickets")
    return {
        **unit,
        "area_id": area,
        "table_id": table,
        "station_id": station,
        "tab_id": tab["tab_id"],
        "spare_tab_id": spare["tab_id"],
        "round_id": draft["round_id"],
        "line_id": line,
        "check_id": split["checks"][0]["check_id"],
        "ticket_id": tickets["items"][0]["id"],
    }


async def _rung_up(work: Furnisher, ids: dict[str, str]) -> dict[str, str]:
    """A till with a shift, a sale that is done, and one that was handed in and set aside."""
    made = await work.made("registers", location_id=ids["location_id"], code="twin", name=work.mark)
    shift = await work.made(f"registers/{made['id']}/shifts", opening=100)
    sale = {"register_id": made["id"], "tenders": [{"method": "cash", "amount": 1000}]}
    sold = sale | {"id": str(uuid4()), "lines": [{"sku": SKU, "quantity": 1}]}
    await work.made("counter/sales", **sold)
    odd = sale | {"id": str(uuid4()), "lines": [{"sku": work.mark, "quantity": 1}]}
    aside = await _sent(work.boss, "POST", "counter/sales", odd | {"sold_at": DAY}, status=202)
    await _sent(work.boss, "PUT", f"shifts/{shift['id']}/status", ENDED)
    await work.made(f"registers/{made['id']}/shifts", opening=100)
    return {
        "register_id": made["id"],
        "shift_id": shift["id"],
        "sale_id": sold["id"],
        "receipt_number": "1",
        "set_aside_id": aside["set_aside"]["sale_id"],
    }


async def _shopped(work: Furnisher) -> dict[str, str]:
    """What a shopper of the shop has of their own: by names that begin with ``own``."""
    shopper = work.shopper
    await _sent(shopper, "PUT", "account", {"given_name": work.mark}, {"if-match": '"1"'})
    address = await _sent(shopper, "POST", "account/addresses", work.home)
    devices = await _sent(shopper, "GET", "account/sign-ins")
    choices = {"delivery": "ship", "payment_method": "bank_transfer", "ship_to": work.home}
    lines = [{"sku": SKU, "quantity": 1}]
    order = await _sent(shopper, "POST", "checkout", {"lines": lines, "email": MAIL, **choices})
    cart = await _sent(shopper, "POST", "carts", {})
    filled = await _sent(shopper, "POST", f"carts/{cart['id']}/lines", lines[0])
    return {
        "own_address_id": address["id"],
        "own_sign_in_id": devices[0]["id"],
        "own_order_id": order["id"],
        "own_number": str(order["number"]),
        "own_cart_id": cart["id"],
        "own_line_id": filled["lines"][0]["id"],
    }


async def _delivered(town: Town, scope: Scope, work: Furnisher) -> dict[str, str]:
    """A digital article with its file, and an order of it that is paid."""
    mark = work.mark
    article = {"sku": "TWIN-FILE", "price": "10.00", "fulfillment_type": "digital"}
    product = await work.made(
        "products", title=mark, slug="file", currency="GBP", status="active", variants=[article]
    )
    variant_id = product["variants"][0]["variant_id"]
    stored = StoredFile("twin.pdf", 1, "0" * 64)
    face = FileFace(f"{mark}.pdf", "application/pdf")
    await town.house.bus.send(scope, PutDigitalFile(VariantId(UUID(variant_id)), face, stored))
    choices = {"delivery": "digital", "payment_method": "bank_transfer", "email": MAIL}
    order = await work.made("orders", lines=[{"sku": "TWIN-FILE", "quantity": 1}], **choices)
    await work.made("payments", method="bank_transfer", orders=[{"order_id": order["id"]}])
    await build_worker(town.house.bus).settle()
    (grant,) = await _sent(work.boss, "GET", f"orders/{order['id']}/downloads")
    return {"digital_variant_id": variant_id, "download_grant_id": grant["id"]}


async def _carried(
    town: Town, scope: Scope, work: Furnisher, ids: dict[str, str]
) -> dict[str, str]:
    """An order that was picked and that a courier brought, with a signature."""
    mark, here = work.mark, {"location_id": ids["location_id"]}
    zone = await work.made("zones", name=mark, country="GB", prefixes=["LS1"], **here)
    day = (town.hands.now() + timedelta(days=1)).date().isoformat()
    days = {"first_day": day, "last_day": day}
    hours = [{"starts": "10:00:00", "ends": "12:00:00"}]
    slots = await work.made(f"zones/{zone['id']}/slots", windows=hours, capacity=5, **days)
    choices = {"delivery": "local", "payment_method": "cod", "slot_id": slots[0]["id"]}
    lines = [{"sku": SKU, "quantity": 1}]
    body = {"lines": lines, "email": MAIL, "ship_to": work.home, **choices}
    order = await _sent(work.shopper, "POST", "checkout", body)
    worker = build_worker(town.house.bus)
    await worker.settle()
    tasks = (await _sent(work.boss, "GET", "pick-tasks"))["items"]
    (task,) = [one for one in tasks if one["order_id"] == order["id"]]
    line = task["lines"][0]["id"]
    await work.made(f"pick-tasks/{task['id']}/start")
    await _sent(work.boss, "PUT", f"pick-tasks/{task['id']}/lines/{line}", {"picked": 1})
    await work.made(f"pick-tasks/{task['id']}/complete")
    hired = await work.made("couriers", name=mark, secret=PASSWORD, email=MAIL, **here)
    async with town.at(town.public, scope) as door:
        signed = await _sent(door, "POST", "courier/sign-in", {"login": MAIL, "password": PASSWORD})
        door.headers["authorization"] = f"Bearer {signed['access_token']}"
        await _sent(door, "PUT", "courier/duty", {"on_duty": True})
        await worker.settle()
        (job,) = await _sent(door, "GET", "courier/jobs")
        await _sent(door, "POST", f"courier/jobs/{job['id']}/pick-up")
        proof = {"kind": "signature", "signature": b64encode(mark.encode()).decode()}
        done = {"proof": proof, "collected": job["collect"]}
        await _sent(door, "POST", f"courier/jobs/{job['id']}/complete", done)
    return {
        "zone_id": zone["id"],
        "slot_id": slots[0]["id"],
        "pick_task_id": task["id"],
        "pick_line_id": line,
        "courier_id": hired["id"],
        "delivery_id": job["id"],
        "own_delivery_id": job["id"],
        "own_order_id": order["id"],
    }


async def _told(town: Town, scope: Scope, work: Furnisher, ids: dict[str, str]) -> dict[str, str]:
    """What happened so far has its numbers, and one fact of it has become a dead letter."""
    bus = town.house.bus
    await build_worker(bus).settle()
    (fact, *_) = await bus.ask(scope, object_trail, UUID(ids["customer_id"]))
    letter = DeadLetter(
        WORDS["consumer"],
        fact.event_id,
        fact.stream_id,
        fact.stream,
        fact.seq,
        fact.name,
        5,
        work.mark,
        fact.logged_at,
    )

    async def bury(tables: Work) -> None:
        tables.add(dead_letters, asdict(letter))

    await bus.within(scope, bury)
    me = await _sent(work.boss, "GET", "me")
    return {"event_id": str(fact.event_id), "object_id": ids["customer_id"], "actor_id": me["id"]}


async def _sent(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    body: Any = None,
    headers: Any = None,
    *,
    status: int = 0,
) -> Any:
    keyed = {"idempotency-key": uuid4().hex, **(headers or {})}
    answer = await client.request(method, f"/api/v1/{path}", json=body, headers=keyed)
    assert answer.status_code in (status or 200, status or 201), (
        f"{path}: {answer.status_code} {answer.text}"
    )
    told = answer.json()
    own = answer.headers.get("location", "").rsplit("/", 1)[-1]
    return {"id": own, **told} if isinstance(told, dict) else told
