"""The graph of both apps: reads by permission, inside bounds, without any effect."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.search.builders import open_engine
from tests.web.graph import PATH, READS, asked, code, data
from tests.web.market import Market, key, open_market, order_of
from tradepost.kernel.messages import Actor
from tradepost.platform.db.statement import Statement, scoped
from tradepost.platform.db.work import Reader, Store
from tradepost.platform.outbox import outbox
from tradepost.platform.relay.log import Logged, after
from tradepost.platform.telemetry.traces import NoTraces
from tradepost.platform.worker import Worker
from tradepost.search.queries import Finder
from tradepost.wiring.graphql import PUBLIC_SCHEMA, STAFF_SCHEMA
from tradepost.wiring.search import SearchFeed

DOCS = Path(__file__).resolve().parents[2] / "docs" / "graphql"
_WAITING = Statement(scoped(outbox))


@pytest.fixture
async def market(store: Store) -> AsyncIterator[Market]:
    """A shop with two articles, a customer and the search engine."""
    made = await open_market(store)
    await made.shop.article("mug", "12.50", stock=10)
    await made.shop.article("lamp", "30.00", stock=5)
    engine = await open_engine()
    made.house.services[Finder] = Finder(engine)
    yield made
    await engine.close()


async def test_shoppers_read_the_catalogue_as_they_do_elsewhere(market: Market) -> None:
    async with market.shopper() as guest:
        found = await data(
            guest,
            """query Shelf($first: Int!, $after: String) {
              products(first: $first, after: $after) {
                items { id slug title priceFrom { amount currency decimal text } version }
                nextCursor
              }
            }""",
            first=1,
        )
        listed = (await guest.get("/api/v1/products?limit=1")).json()["items"][0]
        card = found["products"]["items"][0]
        assert card["id"] == listed["id"]
        assert card["priceFrom"] == listed["price_from"]
        follow = "query($after: String) { products(after: $after) { items { title } nextCursor } }"
        rest = await data(guest, follow, after=found["products"]["nextCursor"])
        assert rest["products"] == {"items": [{"title": "The mug"}], "nextCursor": None}
        one = await data(
            guest,
            "query($named: String!) { product(named: $named) { title variants { sku step } } }",
            named=card["slug"],
        )
        assert one["product"]["variants"] == [{"sku": "lamp", "step": 1}]
        assert await data(guest, "{ categories { slug children { slug } } }") == {"categories": []}


async def test_search_answers_in_the_graph(market: Market) -> None:
    finder = market.house.services[Finder]
    await Worker(market.shop.bus, []).settle()
    await SearchFeed(market.house.store, finder.engine).catch_up()
    query = '{ search(q: "mug") { total items { title skus priceMin } } suggestions(q: "la") }'
    async with market.shopper() as guest:
        found = await data(guest, query)
    assert found["search"]["items"] == [{"title": "The mug", "skus": ["mug"], "priceMin": 1250}]
    assert found["suggestions"] == ["The lamp"]


async def test_customers_read_their_own_orders_and_nobody_elses(market: Market) -> None:
    ann, ben = Actor("customer", uuid4()), Actor("customer", uuid4())
    query = "query($id: UUID!) { order(id: $id) { number shipTo { city } lines { sku } } }"
    async with market.shopper() as guest, market.shopper(ann) as a, market.shopper(ben) as b:
        placed = (await a.post("/api/v1/checkout", json=order_of("mug"), headers=key())).json()
        own = await data(a, query, id=placed["id"])
        instant = (await data(a, "{ orders { items { placedAt } } }"))["orders"]["items"][0]
        whole = (await a.get(f"/api/v1/orders/{placed['id']}")).json()
        assert instant["placedAt"] == whole["placed_at"]
        assert own["order"] == {
            "number": placed["number"],
            "shipTo": {"city": "Leeds"},
            "lines": [{"sku": "mug"}],
        }
        listed = "{ orders { items { id lines { sku quantity } } } }"
        assert (await data(a, listed))["orders"]["items"] == [
            {"id": placed["id"], "lines": [{"sku": "mug", "quantity": 1}]}
        ]
        assert (await data(b, listed))["orders"]["items"] == []
        told = await asked(b, query, id=placed["id"])
        assert told["data"] == {"order": None}
        assert told["errors"][0]["path"] == ["order"]
        assert told["errors"][0]["extensions"]["code"] == "kernel.unknown"
        told = await asked(guest, f"{{ products {{ items {{ sku: slug }} }} {listed[2:]}")
        assert len(told["data"]["products"]["items"]) == 2
        assert told["data"]["orders"] is None
        assert told["errors"][0]["extensions"]["code"] == "platform.sign_in_needed"


class Steps(NoTraces):
    """Keeps the names of the steps that a request takes."""

    def __init__(self) -> None:
        self.names: list[str] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Note the step."""
        self.names.append(name)
        yield


async def test_lines_of_a_page_of_orders_are_read_together(market: Market) -> None:
    async with market.shopper() as guest:
        for sku in ("mug", "lamp", "mug"):
            answer = await guest.post("/api/v1/checkout", json=order_of(sku), headers=key())
            assert answer.status_code == 201
    steps = Steps()
    market.house = replace(market.house, traces=steps)
    async with market.staff("orders.read") as staff:
        found = await data(staff, "{ orders { items { number total lines { sku amount } } } }")
    assert [one["lines"][0]["sku"] for one in found["orders"]["items"]] == ["mug", "lamp", "mug"]
    assert steps.names == ["order_rows", "lines_of_orders"]


async def test_staff_read_everything_that_their_permissions_name(market: Market) -> None:
    async with market.shopper() as guest, market.staff("customers.write") as clerk:
        placed = await guest.post("/api/v1/checkout", json=order_of("mug", 2), headers=key())
        body = {"given_name": "Ann", "family_name": "Shopper", "email": "ann@example.com"}
        kept = await clerk.post("/api/v1/customers", json=body, headers=key())
        assert kept.status_code == 201, kept.text
    today = date.today()  # noqa: DTZ011  a window around the business date of any zone
    async with market.staff(*READS) as staff:
        found = await data(
            staff,
            """query($number: BigInt!, $from: Date!, $to: Date!) {
              products(status: "active") { items { id title } }
              order(number: $number) { id status taxes { amount } businessDate }
              customers(q: "shop") { items { givenName addresses { city } consents { purpose } } }
              trialBalance(firstDay: $from, lastDay: $to) { account debits credits }
            }""",
            number=placed.json()["number"],
            **{"from": str(today - timedelta(2)), "to": str(today + timedelta(2))},
        )
        assert found["order"]["id"] == placed.json()["id"]
        ann = {"givenName": "Ann", "addresses": [], "consents": []}
        assert found["customers"]["items"] == [ann]
        rows = found["trialBalance"]
        assert sum(row["debits"] for row in rows) == sum(row["credits"] for row in rows) == 2500
        mug = next(one["id"] for one in found["products"]["items"] if one["title"] == "The mug")
        query = (
            """query($id: UUID!) { product(id: $id) { currency variants { id sku version } } }"""
        )
        whole = (await data(staff, query, id=mug))["product"]
        ids = [one["id"] for one in whole["variants"]]
        query = "query($ids: [UUID!]!) { stock(variantIds: $ids) { variantId available } }"
        free = await data(staff, query, ids=ids)
        assert free["stock"] == [{"variantId": ids[0], "available": 8}]


async def test_each_field_needs_its_own_permission(market: Market) -> None:
    fields = {
        "catalog.read": ["products { items { id } }", "categories { id }"],
        "orders.read": ["orders { items { id } }", "order(number: 1) { id }"],
        "inventory.read": ["stock(variantIds: []) { version }"],
        "customers.read": ["customers { items { id } }"],
        "ledger.read": ['trialBalance(firstDay: "2026-01-01", lastDay: "2026-01-02") { account }'],
    }
    assert set(fields) == set(READS)
    tenant_id = market.shop.scope.tenant_id

    def bearer(*permissions: str) -> str:
        actor = Actor("staff", uuid4(), frozenset(permissions))
        return f"Bearer {market.tokens.give('admin', tenant_id, actor)}"

    async with market.staff() as staff:
        for permission, selections in fields.items():
            for selection in selections:
                staff.headers["authorization"] = bearer(*(set(READS) - {permission}))
                told = await asked(staff, f"{{ {selection} }}")
                assert list(told["data"].values()) == [None]
                why = told["errors"][0]["extensions"]
                assert (why["code"], why["permission"]) == ("kernel.may_not", permission)
                staff.headers["authorization"] = bearer(permission)
                told = await asked(staff, f"{{ {selection} }}")
                codes = {one["extensions"]["code"] for one in told.get("errors", [])}
                assert codes <= {"kernel.unknown"}, told


async def test_another_shop_is_another_world(store: Store, market: Market) -> None:
    other = await open_market(store)
    async with market.shopper() as guest, market.staff(*READS) as staff:
        order = (await guest.post("/api/v1/checkout", json=order_of("mug"), headers=key())).json()
        first = await data(guest, "{ products(first: 1) { items { id slug } nextCursor } }")
        query = "{ products { items { id } } orders { items { id } } customers { items { id } } }"
        mine = await data(staff, query)
        assert len(mine["products"]["items"]) == 2
    page = first["products"]
    async with other.shopper() as guest, other.staff(*READS) as staff:
        found = await data(staff, query)
        assert found == {name: {"items": []} for name in ("products", "orders", "customers")}
        for question, variables in (
            ("query($id: UUID!) { order(id: $id) { id } }", {"id": order["id"]}),
            (
                "query($id: UUID!) { product(id: $id) { id } }",
                {"id": page["items"][0]["id"]},
            ),
        ):
            told = await asked(staff, question, **variables)
            assert told["errors"][0]["extensions"]["code"] == "kernel.unknown"
        question = "query($named: String!) { product(named: $named) { id } }"
        told = await asked(guest, question, named=page["items"][0]["slug"])
        assert told["errors"][0]["extensions"]["code"] == "kernel.unknown"
        question = "query($after: String) { products(after: $after) { items { id } } }"
        told = await asked(guest, question, after=page["nextCursor"])
        assert told["errors"][0]["extensions"]["code"] == "platform.bad_cursor"


async def test_malformed_requests_are_problems(market: Market) -> None:
    headers = {"content-type": "application/json"}
    async with market.shopper() as guest:
        for raw, status, reason in (
            (b'[{"query": "{ __typename }"}]', 422, "platform.bad_body"),
            (b'{"query": "{ __typename }", "extensions": {}}', 422, "platform.bad_body"),
            (b'{"query": 1}', 422, "platform.bad_body"),
            (b'{"query": ""}', 422, "platform.bad_body"),
            (b'{"query": "{ __typename }", "variables": []}', 422, "platform.bad_body"),
            (b"{}", 422, "platform.bad_body"),
            (b'{"query": "' + b" " * 10_001 + b'"}', 422, "platform.bad_body"),
            (b'{"query": ', 400, "platform.malformed_json"),
        ):
            answer = await guest.post(PATH, content=raw, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (status, reason), raw
            assert answer.headers["content-type"] == "application/problem+json"


async def test_staff_have_to_sign_in_and_customers_stay_outside(market: Market) -> None:
    async with market.staff() as staff:
        del staff.headers["authorization"]
        answer = await staff.post(PATH, json={"query": "{ __typename }"})
        assert (answer.status_code, answer.json()["code"]) == (401, "platform.sign_in_needed")
        assert (await staff.get(PATH)).status_code == 405


async def test_clients_that_know_the_media_type_get_a_status(market: Market) -> None:
    modern = {"accept": "application/graphql-response+json"}
    async with market.shopper() as guest:
        good = await guest.post(PATH, json={"query": "{ __typename }"}, headers=modern)
        assert (good.status_code, good.json()) == (200, {"data": {"__typename": "Query"}})
        assert good.headers["content-type"].startswith(modern["accept"])
        bad = await guest.post(PATH, json={"query": "{ nothing }"}, headers=modern)
        assert bad.status_code == 400
        assert bad.json().keys() == {"errors"}
        partly = await guest.post(
            PATH, json={"query": '{ product(named: "none") { id } }'}, headers=modern
        )
        assert (partly.status_code, partly.json()["data"]) == (200, {"product": None})


async def test_a_shop_can_switch_it_off(store: Store) -> None:
    closed = await open_market(store, graphql=False)
    async with closed.shopper() as guest:
        answer = await guest.post(PATH, json={"query": "{ __typename }"})
    assert (answer.status_code, answer.json()["code"]) == (404, "platform.graphql_off")


async def test_asking_has_no_effect(market: Market) -> None:
    async def facts() -> tuple[list[Any], list[Logged]]:
        waiting = await market.house.bus.ask(market.shop.scope, _waiting)
        return waiting, await market.house.store.relay_read(_logged)

    await Worker(market.shop.bus, []).settle()
    await market.shop.article("vase", "9.00", stock=1)
    before = await facts()
    assert all(before)
    async with market.shopper(Actor("customer", uuid4())) as ann, market.staff(*READS) as staff:
        query = "{ products { items { id } } orders { items { lines { id } } } search { total } }"
        assert await data(ann, query)
        query = "{ products { items { id } } orders { items { id } } customers { items { id } } }"
        assert await data(staff, query)
        assert await code(ann, "mutation { placeOrder { id } }") == "platform.queries_only"
    assert await facts() == before


async def _waiting(db: Reader) -> list[Any]:
    return list(await db.all(_WAITING))


async def _logged(db: Reader) -> list[Logged]:
    return await after(db, 0, 100_000)


@pytest.mark.parametrize(
    ("name", "schema"), [("public", PUBLIC_SCHEMA), ("staff", STAFF_SCHEMA)], ids=lambda one: ""
)
def test_the_schemas_only_read_and_are_written_down(name: str, schema: Any) -> None:
    text = schema.as_str() + "\n"
    assert "type Mutation" not in text
    assert "type Subscription" not in text
    kept = (DOCS / f"{name}.graphql").read_text(encoding="utf-8")
    assert kept == text, "the schema has changed: run bin/graphql, and read what it changed"


def test_an_app_that_is_not_asked_does_without_the_library() -> None:
    look = (
        "import sys, tradepost.apps.admin_api.app, tradepost.apps.public_api.app;"
        "print(sorted({'graphql', 'strawberry'} & sys.modules.keys()))"
    )
    command = [sys.executable, "-c", look]
    told = subprocess.run(command, cwd=DOCS.parents[1], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
