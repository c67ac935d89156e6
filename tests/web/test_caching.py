"""Answers that caches may keep, pages that may call, lists that go on where they ended."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

import httpx

from tests.web.conftest import Town
from tests.web.test_doors import problem
from tradepost.kernel.messages import Actor
from tradepost.platform.web.answer import SECURITY_HEADERS


async def test_a_shared_answer_is_kept_by_shop_and_told_once(client: httpx.AsyncClient) -> None:
    first = await client.get("/things")
    assert first.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=300"
    assert {"Host", "X-Tenant", "Authorization", "Origin"} <= set(first.headers["vary"].split(", "))
    etag = first.headers["etag"]
    held = await client.get("/things", headers={"if-none-match": etag})
    assert (held.status_code, held.content, held.headers["etag"]) == (304, b"", etag)
    assert held.headers["cache-control"] == first.headers["cache-control"]
    other = await client.get("/things?limit=3", headers={"if-none-match": etag})
    assert other.status_code == 200
    assert (await client.get("/things", headers={"if-none-match": "*"})).status_code == 304


async def test_an_answer_for_one_person_is_kept_by_nobody(town: Town) -> None:
    token = town.tokens.give("public", town.shop, Actor("customer", town.shop))
    async with town.client(authorization=f"Bearer {token}") as client:
        for place in ("/things", "/me"):
            assert (await client.get(place)).headers["cache-control"] == "private, no-store"


async def test_head_is_get_without_a_body(client: httpx.AsyncClient) -> None:
    head = await client.head("/things")
    get = await client.get("/things")
    assert head.status_code == 200
    assert head.headers["etag"] == get.headers["etag"]
    assert head.headers["content-length"] == get.headers["content-length"]


async def test_every_answer_has_the_headers_of_safety(client: httpx.AsyncClient) -> None:
    for place in ("/things", "/nowhere", "/broken", "/health/live"):
        headers = (await client.get(place)).headers
        assert SECURITY_HEADERS.items() <= dict(headers).items()
        assert "server" not in headers


async def test_only_listed_pages_may_call(town: Town) -> None:
    good = f"https://{town.code}.example"
    asks = {"access-control-request-method": "POST"}
    async with town.client() as client:
        called = await client.get("/things", headers={"origin": good})
        assert called.headers["access-control-allow-origin"] == good
        assert "access-control-allow-credentials" not in called.headers
        allowed = await client.options("/things", headers={"origin": good, **asks})
        assert allowed.status_code == 204
        assert "POST" in allowed.headers["access-control-allow-methods"]
        assert "Idempotency-Key" in allowed.headers["access-control-allow-headers"]
        for origin in (
            "null",
            f"{good}.evil.example",
            f"http://{town.code}.example",
            good.upper(),
            f"https://{town.other_code}.example",
            "*",
        ):
            answer = await client.get("/things", headers={"origin": origin})
            assert "access-control-allow-origin" not in answer.headers
            assert "Origin" in answer.headers["vary"]
            refused = await client.options("/things", headers={"origin": origin, **asks})
            problem(refused, 403, "platform.origin_refused")
        broken = await client.post("/things", headers={"origin": good})
        assert broken.headers["access-control-allow-origin"] == good
        plain = await client.options("/things")
        assert (plain.status_code, plain.headers["allow"]) == (204, "GET, OPTIONS, POST")


async def test_a_list_goes_on_where_it_ended(client: httpx.AsyncClient) -> None:
    seen: list[int] = []
    place = "/things?limit=90&kind=a"
    while True:
        page = (await client.get(place)).json()
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        place = f"/things?limit=90&kind=a&cursor={page['next_cursor']}"
    assert seen == list(range(1, 251))


async def test_a_limit_is_clamped_or_refused(client: httpx.AsyncClient) -> None:
    assert len((await client.get("/things?limit=1000000")).json()["items"]) == 100
    assert len((await client.get("/things")).json()["items"]) == 20
    for wrong in ("0", "-1", "x", "1.5", "1.0", "1e1", "", "null", "٣"):
        problem(
            await client.get("/things", params={"limit": wrong}), 422, "platform.bad_parameters"
        )


async def test_a_cursor_fits_its_own_list_only(town: Town) -> None:
    async with town.client() as client:
        cursor = (await client.get("/things?kind=a")).json()["next_cursor"]
        raw = urlsafe_b64decode(cursor + "==")
        forged = urlsafe_b64encode(raw[:-2] + bytes([raw[-2] ^ 1]) + raw[-1:]).decode().rstrip("=")
        wrong = {
            "cut off": {"cursor": cursor[:-3], "kind": "a"},
            "lengthened": {"cursor": cursor + "A", "kind": "a"},
            "padded": {"cursor": cursor + "==", "kind": "a"},
            "another filter": {"cursor": cursor, "kind": "b"},
            "no filter": {"cursor": cursor},
            "forged": {"cursor": forged, "kind": "a"},
            "no base64": {"cursor": "%%%", "kind": "a"},
            "no ascii": {"cursor": "日本", "kind": "a"},
            "empty": {"cursor": "", "kind": "a"},
            "long": {"cursor": "A" * 3000, "kind": "a"},
        }
        for name, params in wrong.items():
            answer = await client.get("/things", params=params)
            assert problem(answer, 400, "platform.bad_cursor"), name
        foreign = {"x-tenant": town.other_code}
        answer = await client.get(f"/things?kind=a&cursor={cursor}", headers=foreign)
        problem(answer, 400, "platform.bad_cursor")
        good = await client.get(f"/things?kind=a&limit=5&cursor={cursor}")
        assert good.json()["items"] == [21, 22, 23, 24, 25]
