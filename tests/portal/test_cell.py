"""The cell's contract with a portal, over its own app, on both stores."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.web.conftest import WEB
from tradepost.identity.gateway.passwords import Argon2Hasher, Cost
from tradepost.kernel.clock import SystemClock
from tradepost.kernel.ids import RandomIds, TenantId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.db.work import Store
from tradepost.platform.outward.addresses import Reach
from tradepost.platform.tokens import Audience, Tokens, TokenSecrets, TokenType
from tradepost.platform.web.service import token_for
from tradepost.tenancy.gateway.database import DatabaseProbe
from tradepost.tenancy.queries import life_page
from tradepost.wiring.doors import admin_api
from tradepost.wiring.house import ISSUER, House, build_house
from tradepost.wiring.provisioning import provisioning_api

SECRETS = TokenSecrets.of(
    public="p" * 40, admin="a" * 40, service=("s" * 40, "o" * 40), portal="q" * 40
)
LIFE = timedelta(minutes=5)
PORTAL = UUID(int=7)
Json = dict[str, Any]


@dataclass
class Cell:
    """A cell, as a portal sees it, and one tenant that it may ask for."""

    house: House
    tokens: Tokens
    tenant_id: TenantId
    client: httpx.AsyncClient
    admin: httpx.AsyncClient

    @property
    def scope(self) -> Scope:
        """The tenant's own scope."""
        return Scope(self.tenant_id, SYSTEM)

    def said(self, step: int = 1, **more: Any) -> Json:
        """What a portal says to provision it."""
        code = f"cell-{self.tenant_id.hex[-12:]}"
        owner = {"email": "ada@example.com", "name": "Ada"}
        told = {"step": step, "code": code, "name": "Tea House", "type": "single_brand"}
        told |= {"currency": "GBP", "locale": "en-GB", "time_zone": "Europe/London"}
        return told | {"owner": owner, "by": str(PORTAL), "reason": "signed"} | more

    async def ask(
        self, method: str, place: str = "", body: Json | None = None, **headers: str
    ) -> httpx.Response:
        """One request with a good token."""
        token = token_for(self.tokens, PORTAL, "main", self.tenant_id, LIFE)
        return await self.client.request(
            method,
            f"/provisioning/v1/tenants/{self.tenant_id}{place}",
            json=body,
            headers={"authorization": f"Bearer {token}"} | headers,
        )

    async def move(self, step: int, action: str) -> httpx.Response:
        """A step of its life."""
        said = {"step": step, "action": action, "reason": f"because of {action}"}
        return await self.ask("POST", "/moves", said)

    async def state(self) -> tuple[str, int]:
        """Where the cell says that it is."""
        told = (await self.ask("GET")).json()
        return told["state"], told["step"]


@pytest.fixture
async def cell(store: Store) -> AsyncIterator[Cell]:
    hasher = Argon2Hasher(threads=1, cost=Cost(1024, 1))
    house = build_house(store, WEB, secrets=SECRETS, hasher=hasher)
    reach = Reach(frozenset({5432}))
    app = provisioning_api(house, "main", DatabaseProbe(reach, answer_s_min=0.0))
    served = [httpx.ASGITransport(one) for one in (app, admin_api(house))]  # type: ignore[arg-type]
    clients = [httpx.AsyncClient(transport=one, base_url="http://localhost") for one in served]
    tokens = Tokens(ISSUER, SECRETS, SystemClock())
    yield Cell(house, tokens, TenantId(RandomIds().new()), *clients)
    for client in clients:
        await client.aclose()
    hasher.close()


async def test_a_tenant_is_provisioned_and_its_first_admin_chooses_a_password(cell: Cell) -> None:
    assert await cell.state() == ("absent", 0)
    answer = await cell.ask("PUT", "", cell.said())
    assert answer.status_code == 200, answer.text
    checks = [one["name"] for one in answer.json()["checks"]]
    assert (answer.json()["state"], checks) == ("active", ["connectivity", "schema"])
    life = await cell.house.bus.ask(cell.scope, life_page)
    assert [(one.action, one.changed_by, one.reason) for one in life] == [
        ("provision", PORTAL, "signed"),
        ("activate", PORTAL, "signed"),
    ]
    invited = (await cell.ask("POST", "/invitation")).json()
    assert invited["email"] == "ada@example.com"
    shop = {"x-tenant": cell.said()["code"]}
    chosen = {"token": invited["token"], "password": "quite long enough 1"}
    who = {"email": "ada@example.com", "password": "quite long enough 1"}
    assert (await cell.admin.post("/api/v1/sign-in", json=who, headers=shop)).status_code == 401
    for body, status, code in (
        (chosen | {"password": "short"}, 422, "identity.bad_password"),
        (chosen | {"token": "x" + invited["token"]}, 410, "identity.invitation_over"),
        (chosen, 204, ""),
        (chosen, 410, "identity.invitation_over"),
    ):
        told = await cell.admin.post("/api/v1/invitation", json=body, headers=shop)
        assert told.status_code == status, told.text
        assert not code or told.json()["code"] == code
    assert (await cell.admin.post("/api/v1/sign-in", json=who, headers=shop)).status_code == 200
    again = await cell.ask("POST", "/invitation")
    assert (again.status_code, again.json()["code"]) == (404, "kernel.unknown")


async def test_the_same_step_again_is_answered_as_before_and_changes_nothing(cell: Cell) -> None:
    answers = [await cell.ask("PUT", "", cell.said()) for _ in range(3)]
    assert len({one.text for one in answers}) == 1
    assert (await cell.move(2, "suspend")).json() == {"state": "suspended", "checks": []}
    assert (await cell.move(2, "suspend")).json()["state"] == "suspended"
    assert (await cell.move(3, "reactivate")).json()["state"] == "active"
    # late doubles are told what they led to then, and lead to nothing now
    assert (await cell.move(2, "suspend")).json()["state"] == "suspended"
    assert (await cell.ask("PUT", "", cell.said())).json() == answers[0].json()
    assert await cell.state() == ("active", 3)
    assert len(await cell.house.bus.ask(cell.scope, life_page)) == 4


async def test_a_tenant_taken_back_to_draft_is_not_opened_by_what_comes_late(cell: Cell) -> None:
    assert (await cell.move(2, "withdraw")).json()["state"] == "absent"
    late = await cell.ask("PUT", "", cell.said(step=1))
    assert (late.status_code, late.json()["code"]) == (409, "tenancy.step_passed")
    assert (late.json()["step"], late.json()["last"]) == (1, 2)
    assert await cell.state() == ("absent", 2)
    changed = await cell.ask("PUT", "", cell.said(step=3, name="Another", currency="EUR"))
    assert changed.json()["state"] == "active"


@pytest.mark.parametrize(
    ("step", "more", "code"),
    [
        (1, {"name": "Another House"}, "tenancy.step_differs"),
        (1, {"reason": "for another reason"}, "tenancy.step_differs"),
        (2, {"currency": "EUR"}, "tenancy.provisioned_otherwise"),
        (
            2,
            {"owner": {"email": "bob@example.com", "name": "Bob"}},
            "tenancy.provisioned_otherwise",
        ),
    ],
)
async def test_provisioning_twice_with_other_data_is_refused(
    cell: Cell, step: int, more: Json, code: str
) -> None:
    assert (await cell.ask("PUT", "", cell.said())).status_code == 200
    answer = await cell.ask("PUT", "", cell.said(step, **more))
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert await cell.state() == ("active", 1)
    profile = await cell.house.directory.load(cell.tenant_id)
    assert profile is not None
    assert (profile.name, profile.default_currency.code) == ("Tea House", "GBP")


async def test_states_out_of_order_are_refused(cell: Cell) -> None:
    unknown = await cell.move(1, "suspend")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "kernel.unknown")
    await cell.ask("PUT", "", cell.said())
    withdrawn = await cell.move(2, "withdraw")
    assert (withdrawn.status_code, withdrawn.json()["code"]) == (409, "kernel.wrong_state")
    assert (await cell.move(3, "archive")).json()["state"] == "archived"
    for step, action in ((4, "reactivate"), (5, "suspend"), (6, "withdraw")):
        assert (await cell.move(step, action)).status_code == 409
    assert await cell.state() == ("archived", 3)


@pytest.mark.parametrize(
    "more",
    [
        {"step": 0},
        {"type": "bazaar"},
        {"currency": "Euro"},
        {"time_zone": "Mars/Olympus"},
        {"code": "Tea House!"},
        {"owner": {"email": "nobody", "name": "Ada"}},
        {"surprise": 1},
    ],
)
async def test_bad_input_is_one_problem_and_makes_nothing(cell: Cell, more: Json) -> None:
    answer = await cell.ask("PUT", "", cell.said() | more)
    assert answer.status_code == 422, answer.text
    assert await cell.state() == ("absent", 0)


async def test_only_a_token_made_for_this_cell_and_tenant_opens(cell: Cell) -> None:
    place = f"/provisioning/v1/tenants/{cell.tenant_id}"
    other = TenantId(uuid4())
    shopper = cell.tokens.issue(
        Audience.PUBLIC, TokenType.CUSTOMER, PORTAL, cell.tenant_id, LIFE, jti="to:main"
    )
    person = cell.tokens.issue(
        Audience.PORTAL, TokenType.OPERATOR, PORTAL, cell.tenant_id, LIFE, jti="to:main"
    )
    old = Tokens(ISSUER, TokenSecrets.of(service="o" * 40), SystemClock())
    stranger = Tokens(ISSUER, TokenSecrets.of(service="z" * 40), SystemClock())
    over = cell.tokens.issue(
        Audience.SERVICE, TokenType.SERVICE, PORTAL, cell.tenant_id, LIFE, jti="to:main",
        at=SystemClock().now() - 2 * LIFE,
    )  # fmt: skip
    bad = {
        "": None,
        "another cell's": token_for(cell.tokens, PORTAL, "other", cell.tenant_id, LIFE),
        "another tenant's": token_for(cell.tokens, PORTAL, "main", other, LIFE),
        "a stranger's": token_for(stranger, PORTAL, "main", cell.tenant_id, LIFE),
        "a shopper's": shopper,
        "a person's": person,
        "one that is over": over,
        "no token": "abc",
    }
    for name, token in bad.items():
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        answer = await cell.client.put(place, json=cell.said(), headers=headers)
        assert answer.status_code == 401, name
    good = token_for(old, PORTAL, "main", cell.tenant_id, LIFE)
    answer = await cell.client.get(place, headers={"authorization": f"Bearer {good}"})
    assert answer.json()["state"] == "absent"


async def test_the_contract_is_documented(cell: Cell) -> None:
    document = (await cell.client.get("/provisioning/v1/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    place = "/provisioning/v1/tenants/{tenant_id}"
    assert set(document["paths"][place]) == {"get", "put"}
    for path, operations in document["paths"].items():
        if path.startswith("/provisioning"):
            for told in operations.values():
                assert told["security"] == [{"token": []}]
                assert "401" in told["responses"]
