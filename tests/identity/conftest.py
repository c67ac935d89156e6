"""A house with people: a bus, the doors of identity, and a clock that tests can turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.shops import open_shop
from tradepost.identity.commands import CreateStaff
from tradepost.identity.domain import SubjectKind
from tradepost.identity.gateway.passwords import Argon2Hasher, Cost
from tradepost.identity.http.doors import SignInDoors, Visitor
from tradepost.identity.http.issuing import SignedIn
from tradepost.identity.queries import Person
from tradepost.kernel.ids import StaffId
from tradepost.kernel.messages import SYSTEM, Actor, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Store
from tradepost.platform.tokens import Audience, Tokens, TokenSecrets
from tradepost.platform.web.rates import LocalLimiter
from tradepost.wiring.identity import doors_of
from tradepost.wiring.parts import build_bus
from tradepost.wiring.tenancy import directory_of

PASSWORD = "correct horse battery"
SECRETS = {name.value: f"{name}-".ljust(40, name[0]) for name in Audience}


class Hands:
    """A clock whose hands are moved by the test."""

    def __init__(self) -> None:
        self.instant = datetime.now(UTC)

    def now(self) -> datetime:
        return self.instant

    def seconds(self) -> float:
        return self.instant.timestamp()

    def wait(self, **time: float) -> None:
        self.instant += timedelta(**time)


@dataclass
class People:
    """The bus and the doors over one store."""

    bus: Bus
    doors: SignInDoors
    tokens: Tokens
    hands: Hands
    hasher: Argon2Hasher

    async def shop(self, **settings: Any) -> Scope:
        """A shop whose limits on tries do not get into the way, unless they are named."""
        limits = {
            "sign_in_tries_per_account_per_minute": 1000,
            "sign_in_tries_per_address_per_minute": 10_000,
        }
        return await open_shop(self.bus, **(limits | settings))

    async def hire(
        self, scope: Scope, email: str, *roles: str, by: Actor = SYSTEM, name: str = "Sam"
    ) -> StaffId:
        """A member of the staff with the common password."""
        kept = await self.hasher.hash(PASSWORD)
        hirer = Scope(scope.tenant_id, by)
        staff_id: StaffId = await self.bus.send(hirer, CreateStaff(email, name, kept, roles))
        return staff_id

    async def staff(self, scope: Scope, email: str) -> SignedIn:
        """A member of the staff, signed in."""
        by = Visitor(scope.tenant_id, "192.0.2.7")
        return await self.doors.sign_in(by, SubjectKind.STAFF, email, PASSWORD)

    async def person(self, of: SignedIn, audience: Audience = Audience.PUBLIC) -> Person:
        """Whom the access token speaks for."""
        return await self.doors.authenticator.person(of.access_token, audience)


@pytest.fixture(scope="session")
def hasher() -> Iterator[Argon2Hasher]:
    """The product's hasher at a cost nobody would notice; test_passwords pays the whole one."""
    made = Argon2Hasher(cost=Cost(memory_kib=64, passes=1))
    yield made
    made.close()


@pytest.fixture
def people(store: Store, hasher: Argon2Hasher) -> People:
    hands = Hands()
    directory = directory_of(store)
    bus = build_bus(store, clock=hands, directory=directory)
    tokens = Tokens("test", TokenSecrets.of(**SECRETS), hands)
    doors = doors_of(
        bus, tokens, directory, LocalLimiter(hands.seconds), hasher, seconds=hands.seconds
    )
    return People(bus, doors, tokens, hands, hasher)


@pytest.fixture
async def shop(people: People) -> Scope:
    return await people.shop()


@pytest.fixture
async def town(store: Store, hasher: Argon2Hasher) -> Any:
    from tests.identity.town import build_town

    return await build_town(store, hasher)
