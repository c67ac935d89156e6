"""What a door lets in and how it says no."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest
from litestar import get

from tests.web.conftest import Town
from tradepost.kernel.messages import Actor
from tradepost.platform.web.app import AppPlan, build_app
from tradepost.platform.web.door import NoDoor, matrix

MEMBERS = {
    "type",
    "title",
    "status",
    "detail",
    "code",
    "remedy",
    "instance",
    "request_id",
    "errors",
}


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, object]:
    """The document of a refusal, after the checks that hold for each."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, object] = answer.json()
    assert told.keys() >= MEMBERS
    assert (told["status"], told["code"]) == (status, code)
    assert told["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["cache-control"] == "private, no-store"
    return told


async def test_a_body_is_read_strictly(client: httpx.AsyncClient) -> None:
    good = await client.post("/things", json={"name": "Cup", "size": 3})
    assert good.json() == {"name": "Cup", "size": 3, "by": "guest"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"name":"Cup","size":3,"price":1}', "price"),
        ('{"name":"Cup"}', "size"),
        ('{"name":"Cup","size":0}', "size"),
        ('{"name":"Cup","size":-1}', "size"),
        ('{"name":"Cup","size":1000000000000000000}', "size"),
        ('{"name":"Cup","size":1e3}', "size"),
        ('{"name":"Cup","size":1.0}', "size"),
        ('{"name":"Cup","size":"1"}', "size"),
        ('{"name":"Cup","size":true}', "size"),
        ('{"name":"","size":1}', "name"),
        ('{"name":"Cup","size":1,"parts":[{"size":1},{"size":1,"x":2}]}', "parts[1].x"),
        ('["Cup"]', "body"),
        ("null", "body"),
        ("[" * 200_000, "body"),
        ('{"name":"Cup","size":1,"parts":' + "[" * 200_000, "parts[0]"),
    ],
)
async def test_a_wrong_body_names_the_field(
    client: httpx.AsyncClient, body: str, field: str
) -> None:
    answer = await client.post(
        "/things", content=body, headers={"content-type": "application/json"}
    )
    told = problem(answer, 422, "platform.bad_body")
    assert [one["field"] for one in told["errors"]] == [field]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body",
    [
        b'{"name":"Cup","size":1',
        b"\xff\xfe",
        b'{"name":"\xff","size":1}',
        b'{"name":"\\ud800","size":1}',
        b'{"name":"a\\u0000b","size":1}',
        b'{"name":"Cup","size":NaN}',
        b"{'name':'Cup'}",
        b"[1,",
        b'{"name":"Cup","size":1} {}',
    ],
)
async def test_what_is_no_json_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post(
        "/things", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code in {400, 422}, answer.text
    assert answer.json()["code"] in {"platform.malformed_json", "platform.bad_body"}


async def test_a_missing_body_is_told(client: httpx.AsyncClient) -> None:
    answer = await client.post("/things", headers={"content-type": "application/json"})
    problem(answer, 422, "platform.bad_body")


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {},
    ],
)
async def test_other_media_types_are_refused(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await client.post("/things", content=b'{"name":"Cup","size":1}', headers=headers)
    problem(answer, 415, "platform.wrong_media_type")


async def test_a_body_over_the_limit_is_refused(client: httpx.AsyncClient) -> None:
    body = b'{"name":"' + b"x" * 1_000_000 + b'","size":1}'
    answer = await client.post(
        "/things", content=body, headers={"content-type": "application/json"}
    )
    problem(answer, 413, "platform.body_too_large")


async def test_unknown_places_methods_and_parameters(client: httpx.AsyncClient) -> None:
    problem(await client.get("/nowhere"), 404, "platform.no_such_place")
    problem(await client.get("/things/not-a-uuid"), 404, "platform.no_such_place")
    wrong = await client.delete("/things")
    problem(wrong, 405, "platform.wrong_method")
    assert wrong.headers["allow"] == "GET, OPTIONS, POST"
    told = problem(await client.get("/things?colour=red"), 422, "platform.unknown_parameters")
    assert told["errors"] == [{"field": "colour", "problem": "unknown"}]
    problem(await client.get("/things?kind=a&kind=b"), 422, "platform.bad_parameters")
    problem(await client.get("/things?kind=%ff"), 400, "platform.bad_request")
    problem(await client.get("/things?kind=%00"), 400, "platform.bad_request")
    problem(await client.get("/thi%ffngs"), 400, "platform.bad_request")


async def test_a_defect_tells_its_number_only(client: httpx.AsyncClient) -> None:
    answer = await client.get("/broken")
    told = problem(answer, 500, "platform.unexpected")
    assert "SELECT" not in answer.text
    assert str(told["request_id"]) in str(told["remedy"])


async def test_the_shop_is_named_once_and_grants_nothing(town: Town) -> None:
    async with town.client() as client:
        for headers, status in (
            ({"x-tenant": "nobody"}, 404),
            ({"x-tenant": town.other_code, "host": f"{town.code}.example"}, 404),
            ({"x-tenant": town.code, "host": f"{town.code}.example"}, 200),
            ({"x-tenant": town.code, "host": f"{town.code.upper()}.EXAMPLE.:80"}, 200),
            ({"x-tenant": town.code, "host": "victim.example"}, 404),
            ({"x-tenant": town.code, "host": "a b"}, 400),
            ({"x-tenant": "\x7f"}, 404),
        ):
            answer = await client.get("/things", headers=headers)
            assert answer.status_code == status, (headers, answer.text)
        two = [("host", f"{town.code}.example"), ("host", f"{town.other_code}.example")]
        problem(await client.get("/things", headers=two), 400, "platform.host_unclear")


async def test_tokens_open_their_own_shop_and_audience_only(town: Town) -> None:
    customer = Actor("customer", uuid4())
    own = town.tokens.give("public", town.shop, customer)
    foreign = town.tokens.give("public", town.other, customer)
    staff = town.tokens.give("admin", town.shop, Actor("staff", uuid4(), frozenset({"*"})))
    async with town.client() as client:
        told = await client.get("/me", headers={"authorization": f"Bearer {own}"})
        assert told.json()["id"] == str(customer.id)
        nobody = await client.get("/me")
        problem(nobody, 401, "platform.sign_in_needed")
        assert nobody.headers["www-authenticate"] == "Bearer"
        for wrong in (f"Bearer {foreign}", f"Bearer {staff}", "Bearer x", f"Basic {own}", "Bearer"):
            answer = await client.get("/me", headers={"authorization": wrong})
            problem(answer, 401, "platform.token_unfit")
        for wrong in ("Bearer x", f"Bearer {'x' * 9000}"):  # on public routes, too
            answer = await client.get("/things", headers={"authorization": wrong})
            problem(answer, 401, "platform.token_unfit")


async def test_a_permission_is_needed_where_it_is_declared(town: Town) -> None:
    app = town.app("admin")
    may = town.tokens.give("admin", town.shop, Actor("staff", uuid4(), frozenset({"things.read"})))
    not_ = town.tokens.give("admin", town.shop, Actor("staff", uuid4(), frozenset({"things.x"})))
    async with town.client(app) as client:
        good = await client.get("/secrets", headers={"authorization": f"Bearer {may}"})
        assert good.json() == ["one"]
        refused = await client.get("/secrets", headers={"authorization": f"Bearer {not_}"})
        problem(refused, 403, "kernel.may_not")
        problem(await client.get("/secrets"), 401, "platform.sign_in_needed")


async def test_an_app_with_an_undeclared_route_does_not_start(town: Town) -> None:
    @get("/open")
    async def forgotten() -> None:
        """A route that says nothing."""

    with pytest.raises(NoDoor, match="GET /open"):
        build_app(town.house.office("public"), AppPlan("", "", [forgotten]))


async def test_the_matrix_lists_every_operation(town: Town) -> None:
    rows = {(place.method, place.path): place.permission for place in matrix(town.app())}
    assert rows["GET", "/things"] == "public"
    assert rows["PUT", "/things/{thing_id}"] == "things.write"
    assert rows["GET", "/health/live"] == "public"


async def test_versions_guard_changes(town: Town) -> None:
    token = town.tokens.give("admin", town.shop, Actor("staff", uuid4(), frozenset({"*"})))
    async with town.client(town.app("admin"), authorization=f"Bearer {token}") as client:
        place = f"/things/{uuid4()}"
        etag = (await client.get(place)).headers["etag"]
        assert etag == '"3"'
        held = await client.get(place, headers={"if-none-match": f'W/"1", {etag}'})
        assert (held.status_code, held.content) == (304, b"")
        body = {"size": 1}
        good = await client.put(place, json=body, headers={"if-match": etag})
        assert good.status_code == 200, good.text
        problem(await client.put(place, json=body), 428, "platform.version_missing")
        stale = await client.put(place, json=body, headers={"if-match": '"2"'})
        told = problem(stale, 412, "platform.version_stale")
        assert (told["version"], told["current"]) == (2, 3)
        for wrong in ("3", 'W/"3"', '"x"', "*", '"1","3"'):
            refused = await client.put(place, json=body, headers={"if-match": wrong})
            problem(refused, 400, "platform.bad_version")


async def test_keys_are_needed_and_checked(client: httpx.AsyncClient) -> None:
    problem(await client.post("/wishes"), 400, "platform.key_missing")
    for wrong in ("short", "x" * 256, "x" * 15 + " y", "x" * 15 + "é"):
        refused = await client.post("/wishes", headers=[(b"idempotency-key", wrong.encode())])
        problem(refused, 400, "platform.bad_key")
    good = await client.post("/wishes", headers={"idempotency-key": "x" * 16})
    assert good.json() == {"key": "x" * 16}


async def test_request_ids_are_taken_if_they_are_harmless(client: httpx.AsyncClient) -> None:
    given = (await client.get("/things", headers={"x-request-id": "abc-123-def"})).headers
    assert given["x-request-id"] == "abc-123-def"
    for wrong in ("x", "a b c d e f g h", "x" * 129, 'quote"quote"'):
        made = (await client.get("/things", headers={"x-request-id": wrong})).headers
        assert made["x-request-id"] != wrong
        assert len(made["x-request-id"]) == 36
