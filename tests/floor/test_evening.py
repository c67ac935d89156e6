"""An evening over the admin API, as docs/floor.md tells it: manager, waiter and kitchen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.identity.town import Town, build_town
from tests.web.test_doors import problem
from tradepost.identity.gateway.passwords import Argon2Hasher, Cost
from tradepost.platform.db.work import Store
from tradepost.wiring.worker import build_worker

API = "/api/v1/"
MENU = {"SOUP": "4.50", "STEAK": "21.90", "SAUCE": "1.25", "BEER": "3.80"}


class Crew:
    """Those who work in one restaurant."""

    def __init__(self, **people: httpx.AsyncClient) -> None:
        self.manager = people["manager"]
        self.waiter = people["waiter"]
        self.kitchen = people["kitchen"]
        self.unit = ""
        self.tables: list[str] = []
        self.station = ""
        self.bar = ""
        self.menu: dict[str, str] = {}

    async def tab(self, place: int = 0) -> Any:
        body = {"unit_id": self.unit, "table_id": self.tables[place], "guests": 2}
        return await said(self.waiter, "POST", "tabs", body)

    async def round(self, tab: Any, *lines: dict[str, Any], version: int) -> Any:
        body = {"version": version, "lines": lines, "send": True}
        return await said(self.waiter, "POST", f"tabs/{tab['tab_id']}/rounds", body)

    async def seen(self, tab: Any) -> Any:
        return await said(self.waiter, "GET", f"tabs/{tab['tab_id']}")

    async def tickets(self, station: str) -> list[dict[str, Any]]:
        page = await said(self.kitchen, "GET", f"kitchen/stations/{station}/tickets")
        items: list[dict[str, Any]] = page["items"]
        return items

    async def cook(self, ticket: Any, action: str) -> Any:
        return await said(
            self.kitchen, "POST", f"kitchen/tickets/{ticket['id']}/steps", {"action": action}
        )


async def told(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> Any:
    """What a door answers."""
    headers = {"idempotency-key": uuid4().hex}
    return await client.request(method, API + path, json=body, headers=headers)


async def said(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> Any:
    """What a door answers, if it does what is wished."""
    answer = await told(client, method, path, body)
    assert answer.status_code in (200, 201), f"{path}: {answer.status_code} {answer.text}"
    body = answer.json()
    own = answer.headers.get("location", "").rsplit("/", 1)[-1]
    return {"id": own, **body} if isinstance(body, dict) else body


@pytest.fixture(scope="module")
def hasher() -> Iterator[Argon2Hasher]:
    """The product's hasher at a cost nobody would notice."""
    made = Argon2Hasher(cost=Cost(memory_kib=64, passes=1))
    yield made
    made.close()


@pytest.fixture
async def crew(lone_store: Store, hasher: Argon2Hasher) -> AsyncIterator[Crew]:
    """A restaurant with a menu, three tables, a kitchen and a bar."""
    town = await build_town(lone_store, hasher)
    async with AsyncExitStack() as stack:
        people = {
            name: await stack.enter_async_context(town.staff(name))
            for name in ("manager", "waiter", "kitchen")
        }
        boss = await stack.enter_async_context(town.staff("admin"))
        crew = Crew(**people)
        await opened(crew, boss)
        yield crew
    await sound(town)


async def opened(crew: Crew, boss: httpx.AsyncClient) -> None:
    """What a manager plans before the first guest comes."""
    store = await said(boss, "POST", "stores", {"code": "main", "name": "Main"})
    place = {"store_id": store["id"], "code": "house", "name": "House"}
    location = (await said(boss, "POST", "locations", place))["id"]
    drinks = ""
    for sku, price in MENU.items():
        dish = {"sku": sku, "price": price, "fulfillment_type": "prepared", "stocked": False}
        made = await said(
            boss,
            "POST",
            "products",
            {"title": sku.title(), "currency": "GBP", "status": "active", "variants": [dish]},
        )
        crew.menu[sku] = made["variants"][0]["variant_id"]
        drinks = made["id"] if sku == "BEER" else drinks
    unit = {"location_id": location, "code": "bistro", "name": "Bistro"}
    floor = await said(crew.manager, "POST", "floor/units", unit)
    crew.unit = floor["unit"]["id"]
    plan = f"floor/units/{crew.unit}"
    floor = await said(crew.manager, "POST", f"{plan}/areas", {"name": "Terrace"})
    area = floor["areas"][0]["id"]
    for name in ("1", "2", "3"):
        table = {"area_id": area, "name": name, "seats": 4}
        floor = await said(crew.manager, "POST", f"{plan}/tables", table)
    bar = {"name": "Bar", "product_ids": [drinks]}
    floor = await said(crew.manager, "POST", f"{plan}/stations", bar)
    crew.tables = [one["id"] for one in floor["tables"]]
    crew.station, crew.bar = (one["id"] for one in floor["stations"])


async def sound(town: Town) -> None:
    """The worker takes every fact, and none becomes a dead letter."""
    await build_worker(town.house.bus).settle()


async def test_an_evening_at_a_table(crew: Crew) -> None:
    tab = await crew.tab()
    steak = {"sku": "STEAK", "modifiers": [{"sku": "SAUCE"}], "note": "rare", "course": 2}
    sent = await crew.round(tab, {"sku": "SOUP", "quantity": 2}, steak, {"sku": "BEER"}, version=1)
    assert (sent["state"], sent["total"], sent["tab"]["version"]) == ("sent", 3595, 2)
    (ticket,) = await crew.tickets(crew.station)
    assert [(one["title"], one["quantity"], one["extras"]) for one in ticket["lines"]] == [
        ("Soup", 2, []),
        ("Steak", 1, ["Sauce"]),
    ]
    order = f"orders/{sent['order_id']}"
    assert (await said(crew.waiter, "GET", order))["status"] == "sent"
    await crew.cook(ticket, "start")
    assert (await said(crew.waiter, "GET", order))["status"] == "preparing"
    (beer,) = await crew.tickets(crew.bar)
    await crew.cook(beer, "bump")
    await crew.cook(ticket, "bump")
    assert (await said(crew.waiter, "GET", order))["status"] == "ready"
    await crew.cook(ticket, "recall")
    await crew.cook(ticket, "bump")
    for one in (ticket, beer):
        await crew.cook(one, "serve")
    assert (await said(crew.waiter, "GET", order))["status"] == "served"
    assert await crew.tickets(crew.station) == []
    place = f"tabs/{tab['tab_id']}"
    soup = (await crew.seen(tab))["rounds"][0]["lines"][0]["id"]
    split = await said(
        crew.waiter, "POST", f"{place}/checks", {"version": 2, "items": [{"line_id": soup}]}
    )
    (first,) = split["checks"]
    assert (first["amount"], split["open"]) == (450, 3145)
    cash = {"version": 3, "method": "cash", "tip": 50, "tendered": 1000}
    paid = await said(crew.waiter, "POST", f"{place}/checks/{first['check_id']}/payments", cash)
    assert (paid["change"], paid["tab_due"], paid["tab"]["state"]) == (500, 3145, "open")
    rest = {"version": 4, "method": "card_terminal", "reference": "T-1"}
    paid = await said(crew.waiter, "POST", f"{place}/pay", rest)
    assert (paid["tab_due"], paid["tab"]["state"]) == (0, "closed")
    assert (await said(crew.waiter, "GET", order))["status"] == "completed"
    floor = await said(crew.manager, "GET", f"floor/units/{crew.unit}")
    assert all(one["tab_id"] is None for one in floor["tables"])


async def test_two_devices_at_one_table(crew: Crew) -> None:
    tab = await crew.tab()
    place = f"tabs/{tab['tab_id']}"
    await crew.round(tab, {"sku": "SOUP"}, version=1)
    late = await told(
        crew.waiter, "POST", f"{place}/rounds", {"version": 1, "lines": [{"sku": "BEER"}]}
    )
    problem(late, 409, "kernel.stale")
    assert late.json()["current"] == 2
    assert len((await crew.seen(tab))["rounds"]) == 1
    body = {"unit_id": crew.unit, "table_id": crew.tables[0]}
    problem(await told(crew.waiter, "POST", "tabs", body), 409, "floor.table_taken")


async def test_what_is_sold_out_is_not_sent(crew: Crew) -> None:
    tab = await crew.tab()
    mark = f"floor/units/{crew.unit}/sold-out/{crew.menu['SAUCE']}"
    await said(crew.kitchen, "PUT", mark, {})
    steak = {"sku": "STEAK", "modifiers": [{"sku": "SAUCE"}]}
    drafted = await said(
        crew.waiter,
        "POST",
        f"tabs/{tab['tab_id']}/rounds",
        {"version": 1, "lines": [steak]},
    )
    send = f"tabs/{tab['tab_id']}/rounds/{drafted['round_id']}/send"
    refused = await told(crew.waiter, "POST", send, {"version": 2})
    problem(refused, 409, "floor.sold_out_here")
    assert refused.json()["sku"] == "SAUCE"
    assert (await crew.seen(tab))["rounds"][0]["state"] == "draft"
    await said(crew.kitchen, "DELETE", mark)
    view = await said(crew.waiter, "POST", send, {"version": 2})
    assert view["due"] == 2315


async def test_bad_input_is_one_problem_and_changes_nothing(crew: Crew) -> None:
    tab, other = await crew.tab(), await crew.tab(1)
    place = f"tabs/{tab['tab_id']}"
    await crew.round(tab, {"sku": "SOUP", "quantity": 2}, version=1)
    before = await crew.seen(tab)
    soup = before["rounds"][0]["lines"][0]["id"]
    (ticket,) = await crew.tickets(crew.station)
    itself = {"version": 2, "from_id": tab["tab_id"], "from_version": 2}
    void = {"version": 2, "reason": "cold"}
    tries = [
        (crew.waiter, f"{place}/merge", itself, 409, "floor.merged_with_itself"),
        (crew.waiter, f"{place}/checks", {"version": 2, "amounts": [400, 400]}, 409, None),
        (crew.waiter, f"{place}/checks", {"version": 2, "amount": 901}, 409, "floor.above_due"),
        (
            crew.waiter,
            f"{place}/checks",
            {"version": 2, "items": [{"line_id": soup, "quantity": 3}]},
            409,
            "floor.line_too_small",
        ),
        (crew.waiter, f"{place}/checks", {"version": 2, "amount": 1, "shares": [1]}, 422, None),
        (crew.waiter, f"{place}/close", {"version": 2}, 409, "floor.still_owing"),
        (crew.waiter, f"{place}/move", {"version": 2}, 422, "floor.name_missing"),
        (
            crew.waiter,
            f"{place}/move",
            {"version": 2, "table_id": crew.tables[1]},
            409,
            "floor.table_taken",
        ),
        (crew.waiter, f"{place}/lines/{soup}/void", void, 403, "kernel.may_not"),
        (crew.manager, f"{place}/lines/{soup}/void", {**void, "quantity": 3}, 409, None),
        (
            crew.waiter,
            f"{place}/rounds",
            {"version": 2, "lines": [{"sku": "GHOST"}]},
            409,
            "floor.not_on_the_menu",
        ),
        (
            crew.kitchen,
            f"kitchen/tickets/{ticket['id']}/steps",
            {"action": "serve"},
            409,
            "kernel.wrong_state",
        ),
    ]
    for client, path, body, status, code in tries:
        answer = await told(client, "POST", path, body)
        problem(answer, status, code or answer.json()["code"])
        assert await crew.seen(tab) == before, path
    assert await crew.tickets(crew.station) == [ticket]
    split = await said(crew.waiter, "POST", f"{place}/checks", {"version": 2})
    check = f"{place}/checks/{split['checks'][0]['check_id']}/payments"
    above = {"version": 3, "method": "card_terminal", "amount": 901}
    problem(await told(crew.waiter, "POST", check, above), 409, "floor.above_due")
    little = {"version": 3, "method": "cash", "tendered": 899}
    problem(await told(crew.waiter, "POST", check, little), 409, "floor.too_little_handed")
    await said(crew.waiter, "POST", check, {"version": 3, "method": "card_terminal"})
    again = {"version": 5, "method": "card_terminal"}
    problem(await told(crew.waiter, "POST", check, again), 409, "floor.tab_not_open")
    lines = {"version": 5, "lines": [{"sku": "SOUP"}]}
    problem(await told(crew.waiter, "POST", f"{place}/rounds", lines), 409, "floor.tab_not_open")
    assert (await crew.seen(other))["tab"]["version"] == 1


async def test_a_second_payment_of_a_closed_check(crew: Crew) -> None:
    tab = await crew.tab()
    place = f"tabs/{tab['tab_id']}"
    await crew.round(tab, {"sku": "SOUP", "quantity": 2}, version=1)
    split = await said(crew.waiter, "POST", f"{place}/checks", {"version": 2, "shares": [1, 1]})
    check = f"{place}/checks/{split['checks'][0]['check_id']}"
    await said(crew.waiter, "POST", f"{check}/payments", {"version": 3, "method": "cash"})
    again = await told(crew.waiter, "POST", f"{check}/payments", {"version": 4, "method": "cash"})
    problem(again, 409, "floor.check_closed")
    gone = await told(crew.waiter, "POST", f"{check}/cancel", {"version": 4})
    problem(gone, 409, "kernel.wrong_state")
