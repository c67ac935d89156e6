"""Questions to the graph of an app."""

from __future__ import annotations

from typing import Any

import httpx

PATH = "/api/v1/graphql"
READS = ("catalog.read", "orders.read", "inventory.read", "customers.read", "ledger.read")


async def asked(client: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    """The answer to a question."""
    answer = await client.post(PATH, json={"query": query, "variables": variables})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def data(client: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    """What a question finds; it has no errors."""
    told = await asked(client, query, **variables)
    assert "errors" not in told, told
    found: dict[str, Any] = told["data"]
    return found


async def code(client: httpx.AsyncClient, query: str, **variables: Any) -> str:
    """The code of the one error of a question that is not asked at all."""
    told = await asked(client, query, **variables)
    assert "data" not in told, told
    assert len({one["extensions"]["code"] for one in told["errors"]}) == 1, told
    found: str = told["errors"][0]["extensions"]["code"]
    return found
