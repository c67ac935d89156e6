"""Whether a token's bearer is still who they were, at most five seconds ago."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tradepost.identity.domain import (
    PLATFORM_TENANT_ID,
    Account,
    AccountStatus,
    CourierAccount,
    Staff,
    StaffStatus,
    SubjectKind,
)
from tradepost.identity.domain.pin import at_a_till
from tradepost.identity.domain.roles import held
from tradepost.identity.errors import SignedOut
from tradepost.identity.storage import (
    ACCOUNT_OF_EMAIL,
    ACCOUNTS,
    COURIER_OF_LOGIN,
    COURIERS,
    LIVING,
    ROLES,
    ROLES_CODED,
    SIGN_INS,
    STAFF,
    STAFF_OF_EMAIL,
)
from tradepost.kernel.ids import RefreshId, TenantId, VendorId
from tradepost.kernel.messages import Actor
from tradepost.platform.db.work import Reader, Store
from tradepost.platform.fresh import Fresh, Seconds
from tradepost.platform.tokens import Audience, Claims, Tokens, TokenType

STANDING_AGE_MAX_S = 5.0
Subject = Account | CourierAccount | Staff
Who = tuple[TenantId, SubjectKind, UUID]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against, and from where its owner is known to come."""

    subject_id: UUID
    login: str
    password_hash: str
    epoch: int
    active: bool
    origins: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may do now, for which vendor alone, and which of their sign-ins still live."""

    active: bool
    epoch: int
    permissions: frozenset[str]
    sign_ins: frozenset[RefreshId]
    vendor_id: VendorId | None = None
    by_pin: frozenset[RefreshId] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a token speaks for: the actor, their shop, and the sign-in it belongs to.

    ``everywhere`` marks the platform's own people, who may enter every shop.
    """

    actor: Actor
    tenant_id: TenantId
    sign_in_id: RefreshId
    everywhere: bool


async def credentials(db: Reader, kind: SubjectKind, login: str) -> Credentials | None:
    """The credentials of whoever signs in with a mail address; couriers also by their number."""
    found: Subject | None
    if kind is SubjectKind.CUSTOMER:
        found = await ACCOUNTS.first(db, ACCOUNT_OF_EMAIL, email_key=login)
    elif kind is SubjectKind.COURIER:
        found = await COURIERS.first(db, COURIER_OF_LOGIN, login=login)
    else:
        found = await STAFF.first(db, STAFF_OF_EMAIL, email_key=login)
    return await _credentials(db, kind, found)


async def own_credentials(db: Reader, kind: SubjectKind, id: UUID) -> Credentials | None:
    """The credentials of somebody who is signed in already."""
    if kind is SubjectKind.CUSTOMER:
        return await _credentials(db, kind, await ACCOUNTS.find(db, id))
    if kind is SubjectKind.COURIER:
        return await _credentials(db, kind, await COURIERS.find(db, id))
    return await _credentials(db, kind, await STAFF.find(db, id))


async def _credentials(db: Reader, kind: SubjectKind, of: Subject | None) -> Credentials | None:
    if of is None:
        return None
    living = await SIGN_INS.all(db, LIVING, kind=kind, subject_id=of.id)
    return Credentials(
        of.id,
        of.login,
        of.password_hash,
        of.token_epoch,
        of.status in (AccountStatus.ACTIVE, StaffStatus.ACTIVE),
        frozenset(one.origin for one in living if one.origin),
    )


async def standing(
    db: Reader, kind: SubjectKind, subject_id: UUID, now: datetime
) -> Standing | None:
    """How somebody stands; none if there is no such person."""
    vendor_id: VendorId | None = None
    if kind is not SubjectKind.STAFF:
        keeper = ACCOUNTS if kind is SubjectKind.CUSTOMER else COURIERS
        account: Account | CourierAccount | None = await keeper.find(db, subject_id)
        if account is None:
            return None
        active, epoch = account.status is AccountStatus.ACTIVE, account.token_epoch
        permissions: frozenset[str] = frozenset()
    else:
        member = await STAFF.find(db, subject_id)
        if member is None:
            return None
        active, epoch = member.status is StaffStatus.ACTIVE, member.token_epoch
        own = await ROLES.all(db, ROLES_CODED, codes=list(member.roles))
        vendor_id = member.vendor_id
        permissions = held(member.roles, own, vendor_id)
    living = await SIGN_INS.all(db, LIVING, kind=kind, subject_id=subject_id)
    ids = frozenset(one.id for one in living if one.expires_at > now)
    pins = frozenset(one.id for one in living if one.by_pin)
    return Standing(active, epoch, permissions, ids, vendor_id, pins)


_ACCESS = {
    Audience.PUBLIC: {
        TokenType.CUSTOMER: SubjectKind.CUSTOMER,
        TokenType.COURIER: SubjectKind.COURIER,
    },
    Audience.ADMIN: {TokenType.STAFF: SubjectKind.STAFF},
}


class Authenticator:
    """Reads access tokens and asks the store whether their bearers still stand."""

    def __init__(self, store: Store, tokens: Tokens, *, seconds: Seconds = time.monotonic) -> None:
        self._store = store
        self._tokens = tokens
        self._standings: Fresh[Who, Standing] = Fresh(STANDING_AGE_MAX_S, seconds=seconds)

    async def person(self, token: str, audience: Audience, origin: str = "") -> Person:
        """Whom an access token of an audience speaks for.

        :raises BadToken: if it is none of this audience.
        :raises SignedOut: if its bearer has signed out, or is no longer let in.
        """
        kinds = _ACCESS[audience]
        claims = self._tokens.read(token, audience, *kinds)
        subject_kind = kinds[self._tokens.type_of(token, audience)]
        found = await self._standing(claims, subject_kind)
        if found is None or not found.active or found.epoch != claims.epoch:
            raise SignedOut()
        if claims.sid is None or claims.sid not in found.sign_ins:
            raise SignedOut()
        opened = found.permissions
        if claims.sid in found.by_pin:
            opened = at_a_till(opened)
        return Person(
            Actor(subject_kind, claims.sub, opened, origin, found.vendor_id),
            claims.tenant,
            RefreshId(claims.sid),
            subject_kind is SubjectKind.STAFF and claims.tenant == PLATFORM_TENANT_ID,
        )

    def forget(self, tenant_id: TenantId, kind: SubjectKind, subject_id: UUID) -> None:
        """Somebody's standing has changed: look it up anew."""
        self._standings.expire((tenant_id, kind, subject_id))

    async def _standing(self, claims: Claims, kind: SubjectKind) -> Standing | None:
        now = self._tokens.now()

        async def job(db: Reader) -> Standing | None:
            return await standing(db, kind, claims.sub, now)

        key = (claims.tenant, kind, claims.sub)
        return await self._standings.get(key, lambda: self._store.read(claims.tenant, job))
