"""Who stands at a shared till: a PIN is chosen, and takes the place of signing in there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID

from litestar import get, post, put

from tradepost.identity.commands import StartSignIn
from tradepost.identity.commands.pins import ChoosePin, PinFitted, TryPin
from tradepost.identity.domain import SubjectKind
from tradepost.identity.domain.passwords import tried_password
from tradepost.identity.domain.pin import LENGTH_MAX, TILL_LIFE, checked_pin
from tradepost.identity.errors import TooManyTries, WrongCredentials, WrongPin
from tradepost.identity.http.bodies import (
    AnyRequest,
    ChosenPinBody,
    PinBody,
    person,
    tokens_answer,
    visitor,
)
from tradepost.identity.http.desk import Tokens as TokensAnswer
from tradepost.identity.http.doors import Visitor
from tradepost.identity.http.issuing import Family, SignedIn, hashed, issued
from tradepost.identity.ports import Hasher, Policies, Tries
from tradepost.identity.queries import Authenticator, Person, own_credentials
from tradepost.identity.queries.people import TillMember, till_members
from tradepost.kernel.errors import MayNot
from tradepost.kernel.ids import RefreshId, StaffId
from tradepost.kernel.messages import Scope
from tradepost.kernel.permissions import Permission
from tradepost.platform.bus import Bus
from tradepost.platform.tokens import Tokens
from tradepost.platform.web import STAFF, Caller, FromCaller, JSONBody, door

TAGS = ["Signing in"]
KIND = SubjectKind.STAFF


@dataclass(frozen=True, slots=True)
class PinDoors:
    """The flows of PINs in one installation; hashes are reckoned outside every transaction."""

    bus: Bus
    tokens: Tokens
    authenticator: Authenticator
    hasher: Hasher
    tries: Tries
    policies: Policies

    async def choose(self, scope: Scope, who: Person, password: str, pin: str) -> None:
        """Keep one's own new PIN, for whoever knows one's password.

        :raises WrongCredentials: if it is not.
        :raises BadPin: if the PIN will not do.
        """
        taken = checked_pin(pin)
        assert who.actor.id is not None
        await self._count(scope, f"own:{who.actor.id}")
        found = await self.bus.ask(scope, own_credentials, KIND, who.actor.id)
        kept = found.password_hash if found else None
        if not await self.hasher.verify(kept, tried_password(password)):
            raise WrongCredentials
        wish = ChoosePin(StaffId(who.actor.id), await self.hasher.hash(taken))
        await self.bus.send(scope, wish)

    async def sign_in(self, scope: Scope, by: Visitor, staff_id: UUID, pin: str) -> SignedIn:
        """Sign a colleague in at a till that somebody of the shop has signed in at before.

        What they get ends soon, and opens what belongs to a till and nothing else.

        :raises WrongPin: if it is not theirs, or they have none, in the same words.
        :raises TooManyTries: after too many a minute.
        :raises PinLocked: after too many in a row.
        """
        await self._count(scope, str(staff_id))
        try:
            kept = await self.bus.send(scope, TryPin(StaffId(staff_id)))
        except WrongPin:
            kept = None
        fits = await self.hasher.verify(kept, pin[: LENGTH_MAX + 1])
        found = await self.bus.ask(scope, own_credentials, KIND, staff_id)
        if not fits or found is None or not found.active:
            raise WrongPin
        await self.bus.send(scope, PinFitted(StaffId(staff_id)))
        return await self._started(scope, by, staff_id, found.epoch)

    async def _started(self, scope: Scope, by: Visitor, staff_id: UUID, epoch: int) -> SignedIn:
        now, sign_in_id = self.tokens.now(), RefreshId(self.bus.ids.new())
        until, jti = now + TILL_LIFE, secrets.token_hex(32)
        whose = KIND, staff_id, epoch, hashed(jti), until
        wish = StartSignIn(sign_in_id, *whose, by.origin, by.device, by_pin=True)
        await self.bus.send(scope, wish)
        self.authenticator.forget(scope.tenant_id, KIND, staff_id)
        family = Family(KIND, staff_id, scope.tenant_id, sign_in_id, epoch, now, until)
        return issued(self.tokens, family, jti, await self.policies.of(scope.tenant_id))

    async def _count(self, scope: Scope, whose: str) -> None:
        policy = await self.policies.of(scope.tenant_id)
        key = f"pin:{scope.tenant_id}:{whose}"
        wait_s = await self.tries.take(key, policy.tries_per_account_per_minute)
        if wait_s:
            raise TooManyTries(wait_s)


@put("/api/v1/me/pin", opt=door(STAFF, rate="sign_in"), status_code=204, tags=TAGS)
async def choose_pin(data: JSONBody[ChosenPinBody], caller: FromCaller) -> None:
    """Choose one's PIN for shared tills; one's password is needed."""
    _of_the_shop(caller)
    await caller.get(PinDoors).choose(caller.scope, person(caller), data.password, data.pin)


@get("/api/v1/till/members", opt=door(STAFF), tags=TAGS)
async def list_till_members(caller: FromCaller) -> list[TillMember]:
    """Those who can come to a shared till by a PIN, by name."""
    _of_the_shop(caller)
    return await caller.ask(till_members)


@post("/api/v1/till/sign-in", opt=door(STAFF, rate="sign_in"), status_code=200, tags=TAGS)
async def sign_in_by_pin(
    data: JSONBody[PinBody], caller: FromCaller, request: AnyRequest
) -> TokensAnswer:
    """Take over a shared till: tokens for half an hour that open what belongs to a till."""
    _of_the_shop(caller)
    by = visitor(caller, request)
    doors = caller.get(PinDoors)
    return tokens_answer(await doors.sign_in(caller.scope, by, data.staff_id, data.pin))


def _of_the_shop(caller: Caller) -> None:
    """Refuse the staff of vendors: the tills are the shop's own."""
    if caller.actor.vendor_id is not None:
        raise MayNot(permission=Permission.COUNTER_SELL)


ROUTES = (choose_pin, list_till_members, sign_in_by_pin)
