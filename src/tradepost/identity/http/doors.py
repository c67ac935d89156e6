"""Signing up, in and out, from the first try to the tokens; passwords are reckoned in between.

What the store must decide at once is a command; what takes time (Argon2) or counts tries happens
before it, outside every transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tradepost.identity.commands import (
    ChangeAccountPassword,
    ChangeCourierPassword,
    ChangeStaffPassword,
    CreateStaff,
    EndSignIn,
    OpenAccount,
    Renewed,
    RenewSignIn,
    RevokeAccount,
    RevokeCourier,
    RevokeStaff,
    StartSignIn,
    StrengthenPassword,
)
from tradepost.identity.domain import Renewal, SubjectKind, checked_password
from tradepost.identity.domain.passwords import checked_secret, tried_password
from tradepost.identity.errors import SignedOut, SignUpClosed, TooManyTries, WrongCredentials
from tradepost.identity.http.issuing import (
    AUDIENCES,
    Family,
    SignedIn,
    hashed,
    issued,
    refresh_life,
)
from tradepost.identity.ports import Hasher, Policies, SignInPolicy, Tries
from tradepost.identity.queries import (
    Authenticator,
    Credentials,
    Person,
    StaffView,
    credentials,
    own_credentials,
    staff_member,
)
from tradepost.kernel.contact import Email, Phone
from tradepost.kernel.errors import BadEmail, Refusal
from tradepost.kernel.ids import CourierId, CustomerId, RefreshId, StaffId, TenantId, VendorId
from tradepost.kernel.messages import Actor, Command, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.tokens import BadToken, Tokens, TokenType


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who knocks: the shop, the address they come from, and what they call their device."""

    tenant_id: TenantId
    origin: str = ""
    device: str = ""
    request_id: str = ""


class SignInDoors:
    """The flows of one installation."""

    def __init__(
        self,
        bus: Bus,
        tokens: Tokens,
        authenticator: Authenticator,
        hasher: Hasher,
        tries: Tries,
        policies: Policies,
    ) -> None:
        self._bus = bus
        self.tokens = tokens
        self.authenticator = authenticator
        self.hasher = hasher
        self._tries = tries
        self._policies = policies

    async def sign_up(
        self, by: Visitor, email: str, password: str, given_name: str = "", family_name: str = ""
    ) -> SignedIn:
        """Open an account for a shopper and sign them in.

        :raises SignUpClosed: if the shop does not want it.
        :raises BadPassword: or another refusal of what was sent.
        :raises EmailTaken: if somebody has the address; tries are counted as for signing in.
        """
        policy = await self._policies.of(by.tenant_id)
        if not policy.sign_up:
            raise SignUpClosed()
        await self._count(f"{by.tenant_id}:up:{by.origin}", policy.tries_per_address_per_minute)
        known = Email.parse(email)
        taken = checked_password(password, policy.password_length_min, known.value)
        kept = await self.hasher.hash(taken)
        wish = OpenAccount(known.value, kept, given_name, family_name)
        customer_id: CustomerId = await self._bus.send(_scope(by), wish)
        return await self._started(by, SubjectKind.CUSTOMER, customer_id, 0, policy)

    async def sign_in(self, by: Visitor, kind: SubjectKind, email: str, password: str) -> SignedIn:
        """Sign somebody in.

        :raises WrongCredentials: whatever does not fit, in the same words and the same time.
        :raises TooManyTries: by address, or by account unless they come from where they are known.
        """
        policy = await self._policies.of(by.tenant_id)
        found = await self._checked(by, kind, email, password, policy)
        if self.hasher.is_outdated(found.password_hash):
            kept = await self.hasher.hash(tried_password(password))
            wish = StrengthenPassword(kind, found.subject_id, found.password_hash, kept)
            await self._bus.send(_scope(by), wish)
        return await self._started(by, kind, found.subject_id, found.epoch, policy)

    async def refresh(self, by: Visitor, kind: SubjectKind, token: str) -> SignedIn:
        """New tokens for a refresh token, which is used up by it.

        Shown once more within ten seconds it is answered with the same successor; later, the
        whole sign-in ends.

        :raises BadToken: if it is none.
        :raises SignedOut: if the sign-in has ended.
        """
        audience = AUDIENCES[kind]
        claims = self.tokens.read(token, audience, TokenType.REFRESH)
        if claims.tenant != by.tenant_id or claims.sid is None:
            raise BadToken()
        follower = self.tokens.successor(token, audience, claims.jti)
        wish = RenewSignIn(
            RefreshId(claims.sid), kind, claims.sub, hashed(claims.jti), hashed(follower)
        )
        renewed: Renewed = await self._bus.send(_scope(by), wish)
        if renewed.outcome not in (Renewal.RENEWED, Renewal.REPEATED):
            self.authenticator.forget(by.tenant_id, kind, claims.sub)
            raise SignedOut()
        policy = await self._policies.of(by.tenant_id)
        family = Family(
            kind, claims.sub, claims.tenant, RefreshId(claims.sid), renewed.epoch,
            renewed.renewed_at, renewed.expires_at,
        )  # fmt: skip
        return issued(self.tokens, family, follower, policy)

    async def sign_out(self, by: Visitor, person: Person) -> None:
        """End the sign-in that a token belongs to."""
        kind = SubjectKind(person.actor.kind)
        assert person.actor.id is not None
        wish = EndSignIn(person.sign_in_id, kind, person.actor.id)
        await self._bus.send(_scope(_at_home(by, person), person.actor), wish)
        self.authenticator.forget(person.tenant_id, kind, person.actor.id)

    async def sign_out_everywhere(self, by: Visitor, person: Person) -> None:
        """End all sign-ins of somebody, on every device."""
        kind, id = SubjectKind(person.actor.kind), person.actor.id
        assert id is not None
        wish: Command
        if kind is SubjectKind.CUSTOMER:
            wish = RevokeAccount(CustomerId(id))
        elif kind is SubjectKind.COURIER:
            wish = RevokeCourier(CourierId(id))
        else:
            wish = RevokeStaff(StaffId(id))
        await self._bus.send(_scope(_at_home(by, person), person.actor), wish)
        self.authenticator.forget(person.tenant_id, kind, id)

    async def change_password(
        self, by: Visitor, person: Person, password: str, new: str
    ) -> SignedIn:
        """Replace one's own password; every device has to sign in again but this one.

        :raises WrongCredentials: if the old one is wrong.
        :raises BadPassword: if the new one will not do.
        """
        kind, by = SubjectKind(person.actor.kind), _at_home(by, person)
        policy = await self._policies.of(by.tenant_id)
        assert person.actor.id is not None
        found = await self._bus.ask(_scope(by), own_credentials, kind, person.actor.id)
        account = hashed(found.login) if found is not None else ""
        found = await self._fits(found, by, f"{kind}:to:{account}", password, policy)
        check = checked_secret if kind is SubjectKind.COURIER else checked_password
        taken = check(new, policy.password_length_min, found.login)
        kept = await self.hasher.hash(taken)
        wish = _new_password(kind, found, kept)
        epoch: int = await self._bus.send(_scope(by, person.actor), wish)
        self.authenticator.forget(by.tenant_id, kind, found.subject_id)
        return await self._started(by, kind, found.subject_id, epoch, policy)

    async def hire(
        self,
        scope: Scope,
        email: str,
        name: str,
        password: str,
        roles: Sequence[str],
        vendor_id: VendorId | None = None,
    ) -> StaffId:
        """Take somebody on with a first password; no key, since a hash is never the same twice.

        :raises BadPassword: if it will not do, or a refusal of ``CreateStaff``.
        """
        kept = await self._hashed(scope, password, email)
        wish = CreateStaff(email, name, kept, tuple(roles), vendor_id)
        hired: StaffId = await self._bus.send(scope, wish)
        return hired

    async def give_password(self, scope: Scope, staff_id: StaffId, password: str) -> None:
        """Give a member of the staff a new password; they have to sign in again.

        :raises BadPassword: if it will not do, or a refusal of ``ChangeStaffPassword``.
        """
        kept = await self._hashed(scope, password)
        await self._bus.send(scope, ChangeStaffPassword(staff_id, kept))
        self.authenticator.forget(scope.tenant_id, SubjectKind.STAFF, staff_id)

    async def secret_of_courier(self, scope: Scope, secret: str, *known: str) -> str:
        """What is kept of a password or PIN that a courier is given.

        :raises BadPassword: if it will not do.
        """
        policy = await self._policies.of(scope.tenant_id)
        taken = checked_secret(secret, policy.password_length_min, *known)
        return await self.hasher.hash(taken)

    async def give_courier_secret(self, scope: Scope, courier_id: CourierId, secret: str) -> None:
        """Give a courier a new password or PIN; they have to sign in again.

        :raises BadPassword: if it will not do.
        """
        kept = await self.secret_of_courier(scope, secret)
        await self._bus.send(scope, ChangeCourierPassword(courier_id, kept))
        self.authenticator.forget(scope.tenant_id, SubjectKind.COURIER, courier_id)

    def forget_courier(self, tenant_id: TenantId, courier_id: CourierId) -> None:
        """A courier was barred, or is let in again: look them up anew."""
        self.authenticator.forget(tenant_id, SubjectKind.COURIER, courier_id)

    async def member(self, person: Person) -> StaffView:
        """Who is signed in, wherever they are at home."""
        assert person.actor.id is not None
        scope = Scope(person.tenant_id, person.actor)
        return await self._bus.ask(scope, staff_member, StaffId(person.actor.id))

    async def _hashed(self, scope: Scope, password: str, *known: str) -> str:
        policy = await self._policies.of(scope.tenant_id)
        return await self.hasher.hash(
            checked_password(password, policy.password_length_min, *known)
        )

    async def _checked(
        self, by: Visitor, kind: SubjectKind, email: str, password: str, policy: SignInPolicy
    ) -> Credentials:
        where = f"{by.tenant_id}:{kind}:from:{by.origin}"
        await self._count(where, policy.tries_per_address_per_minute)
        key = _login_key(email) if kind is SubjectKind.COURIER else _email_key(email)
        found = await self._bus.ask(_scope(by), credentials, kind, key) if key else None
        return await self._fits(found, by, f"{kind}:to:{hashed(key)}", password, policy)

    async def _fits(
        self,
        found: Credentials | None,
        by: Visitor,
        account: str,
        password: str,
        policy: SignInPolicy,
    ) -> Credentials:
        """The credentials, if they are somebody's and the password is theirs."""
        if found is not None and by.origin in found.origins:
            account += f":{by.origin}"  # whoever else tries does not lock the owner out
        await self._count(f"{by.tenant_id}:{account}", policy.tries_per_account_per_minute)
        kept = found.password_hash if found is not None else None
        fits = await self.hasher.verify(kept, tried_password(password))
        if found is None or not fits or not found.active:
            raise WrongCredentials()
        return found

    async def _count(self, key: str, per_minute: int) -> None:
        wait_s = await self._tries.take(f"sign_in:{key}", per_minute)
        if wait_s:
            raise TooManyTries(wait_s)

    async def _started(
        self, by: Visitor, kind: SubjectKind, subject_id: UUID, epoch: int, policy: SignInPolicy
    ) -> SignedIn:
        now = self.tokens.now()
        until = now + refresh_life(kind, policy)
        sign_in_id, jti = RefreshId(self._bus.ids.new()), secrets.token_hex(32)
        wish = StartSignIn(
            sign_in_id, kind, subject_id, epoch, hashed(jti), until, by.origin, by.device
        )
        await self._bus.send(_scope(by), wish)
        self.authenticator.forget(by.tenant_id, kind, subject_id)
        family = Family(kind, subject_id, by.tenant_id, sign_in_id, epoch, now, until)
        return issued(self.tokens, family, jti, policy)


def _scope(by: Visitor, actor: Actor | None = None) -> Scope:
    return Scope(by.tenant_id, actor or Actor("guest", origin=by.origin), by.request_id)


def _at_home(by: Visitor, person: Person) -> Visitor:
    """The visitor where they are known: the platform's people may stand in any shop."""
    return replace(by, tenant_id=person.tenant_id)


def _new_password(kind: SubjectKind, found: Credentials, kept: str) -> Command:
    if kind is SubjectKind.CUSTOMER:
        return ChangeAccountPassword(CustomerId(found.subject_id), kept, found.epoch)
    if kind is SubjectKind.COURIER:
        return ChangeCourierPassword(CourierId(found.subject_id), kept, found.epoch)
    return ChangeStaffPassword(StaffId(found.subject_id), kept, found.epoch)


def _login_key(login: str) -> str:
    """What a mail address or telephone number is looked up by; empty for what is neither."""
    if "@" in login:
        return _email_key(login)
    try:
        return Phone.parse(login).value
    except Refusal:
        return ""


def _email_key(email: str) -> str:
    """What the address is looked up by; empty for what is none, which is nobody's."""
    try:
        return Email.parse(email).key
    except BadEmail:
        return ""
