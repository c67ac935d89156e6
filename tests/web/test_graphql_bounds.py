"""The bounds of the graph: what is too deep, too much or no question is not asked at all."""

from __future__ import annotations

import time

import pytest
from graphql import get_introspection_query

from tests.web.graph import PATH, asked, code, data
from tests.web.market import Market, open_market
from tradepost.platform.db.work import Store


@pytest.fixture
async def market(store: Store) -> Market:
    """A shop with two articles."""
    made = await open_market(store)
    await made.shop.article("mug", "12.50", stock=10)
    await made.shop.article("lamp", "30.00", stock=5)
    return made


def nested(depth: int) -> str:
    """A question for so many fields within fields."""
    inner = "slug"
    for _ in range(depth - 2):
        inner = f"children {{ {inner} }}"
    return f"{{ categories {{ {inner} }} }}"


BOUNDS = [
    (nested(9), "platform.document_too_deep"),
    ("{" * 300, "platform.document_unreadable"),
    ("{ ...on Query " * 40 + "{ __typename }" + "}" * 40, "platform.document_too_deep"),
    (
        "{" + " ".join(f"a{n}: __typename" for n in range(16)) + "}",
        "platform.too_many_aliases",
    ),
    (
        "{ ...A ...B } fragment A on Query { p: products { ...I } } "
        "fragment B on Query { q: products { ...I } } fragment I on ProductCardPage { items {"
        + " ".join(f"a{n}: id" for n in range(8))
        + "} }",
        "platform.too_many_aliases",
    ),
    ("{ orders(first: 100) { items { lines { id } } } }", "platform.document_too_costly"),
    ("{ orders(first: 100000) { items { lines { id } } } }", "platform.document_too_costly"),
    (nested(6), "platform.document_too_costly"),
    ("query A { __typename } query B { __typename }", "platform.one_operation_only"),
    ("fragment A on Query { __typename }", "platform.one_operation_only"),
    ("mutation { placeOrder { id } }", "platform.queries_only"),
    ("subscription { orders { id } }", "platform.queries_only"),
    (
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "platform.fragment_cycle",
    ),
    (
        "{ products { items { ...A } } } fragment A on ProductCard { image { ...A } }",
        "platform.fragment_cycle",
    ),
    ("{ products { item { id } } }", "platform.document_unfit"),
    ('{ product(named: "\\u0000") { id } }', "platform.document_unfit"),
    ("{ search(priceFrom: 1.5) { total } }", "platform.document_unfit"),
    ("{ search(priceFrom: 1000000000000000000) { total } }", "platform.document_unfit"),
    ("{ products(first: 99999999999) { nextCursor } }", "platform.document_unfit"),
    ("{ products", "platform.document_unreadable"),
    ("{" + " a" * 1_100 + "}", "platform.document_unreadable"),
    ("no graph at all", "platform.document_unreadable"),
]


async def test_every_bound_is_told_by_its_code(market: Market) -> None:
    async with market.shopper() as guest:
        for query, reason in BOUNDS:
            assert await code(guest, query) == reason, query[:100]


async def test_a_chain_of_doubling_fragments_is_counted_and_not_walked(market: Market) -> None:
    links = 25
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(links))
    query = f"{{ ...F0 }} {chain} fragment F{links} on Query {{ a: __typename }}"
    async with market.shopper() as guest:
        told = await asked(guest, query)
    assert told["errors"][0]["extensions"]["aliases"] == 2**links


async def test_what_is_just_inside_the_bounds_is_answered(market: Market) -> None:
    async with market.shopper() as guest, market.staff("orders.read") as staff:
        aliases = " ".join(f"a{n}: __typename" for n in range(15))
        assert len(await data(guest, f"{{ {aliases} }}")) == 15
        found = await data(guest, "{ products(first: 100) { items { priceTo { amount } } } }")
        assert len(found["products"]["items"]) == 2
        assert await data(staff, "{ orders(first: 90) { items { lines { id } } } }")


async def test_many_fields_of_one_name_are_not_compared_for_ever(market: Market) -> None:
    async with market.shopper() as guest:
        same = "products { nextCursor } " * 30
        assert await data(guest, f"{{ {same} }}")
        began = time.perf_counter()
        assert await code(guest, f"{{ {same * 8} }}") == "platform.document_unfit"
        assert time.perf_counter() - began < 5


async def test_an_operation_is_the_one_that_is_named(market: Market) -> None:
    async with market.shopper() as guest:
        for name, fits in (("A", True), ("", True), (None, True), ("B", False)):
            body = {"query": "query A { __typename }", "operationName": name}
            told = (await guest.post(PATH, json=body)).json()
            assert ("data" in told) is fits, told
        body = {"query": "{ __typename }", "operationName": "A"}
        told = (await guest.post(PATH, json=body)).json()
        assert told["errors"][0]["extensions"]["code"] == "platform.document_unfit"


async def test_instants_that_are_none_are_refused(market: Market) -> None:
    query = "query($at: DateTime) { orders(placedFrom: $at) { nextCursor } }"
    async with market.staff("orders.read") as staff:
        for wrong in (
            "9999-12-31T23:59:59-23:59",
            "0001-01-01T00:00:00+23:59",
            "9999-12-31T24:00:00Z",
            "2026-01-01T00:00:00",
            "x" * 500,
            "",
            1,
        ):
            assert await code(staff, query, at=wrong) == "platform.document_unfit", wrong
        assert await data(staff, query, at="9999-12-31T23:59:59Z")


async def test_variables_are_measured_and_checked(market: Market) -> None:
    query = "query($n: Int! = 5) { orders(first: $n) { items { lines { id } } } }"
    async with market.staff("orders.read") as staff:
        assert await data(staff, query)
        assert await code(staff, query, n=100) == "platform.document_too_costly"
        assert await code(staff, query, n="many") == "platform.document_too_costly"
        simple = "query($n: Int!) { orders(first: $n) { items { id } } }"
        for wrong in ("many", None, 1.5, 10**12):
            assert await code(staff, simple, n=wrong) == "platform.document_unfit"
        told = await asked(staff, simple, n=0)
        assert told["errors"][0]["extensions"]["code"] == "kernel.bad_value"
        told = await asked(staff, '{ orders(status: "odd") { items { id } } }')
        assert "pending_payment" in told["errors"][0]["message"]


async def test_the_schema_can_be_looked_at_once_and_not_a_lot(market: Market) -> None:
    async with market.shopper() as guest:
        query = get_introspection_query(input_value_deprecation=False)
        found = await data(guest, query)
        names = {one["name"] for one in found["__schema"]["types"]}
        assert {"Query", "Product", "BigInt"} <= names
        assert found["__schema"]["mutationType"] is None
        bomb = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
        assert await code(guest, bomb) == "platform.document_unfit"
        many = "{ __schema { a: types { name } b: types { name } c: types { name } } }"
        assert await code(guest, many) == "platform.document_too_costly"


async def test_nothing_that_exists_is_hinted_at(market: Market) -> None:
    async with market.shopper() as guest:
        for query in (
            "{ product { title } }",
            '{ products(categorie: "x") { nextCursor } }',
            "{ produkt { title } }",
            "{ ...on Produkt { id } }",
        ):
            told = await asked(guest, query)
            assert "data" not in told
            assert "Did you mean" not in str(told), told
