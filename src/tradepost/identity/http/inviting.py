"""An invitation lets the first administrator of a new shop choose a password, once.

It is a sealed text that holds nothing secret of its own: who, the epoch of their sign-ins, until
when. Choosing a password raises the epoch, so nothing needs to be kept to make it work only once,
and a portal can ask for a fresh one whenever the old one was lost.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from litestar import post

from tradepost.identity.commands import ChangeStaffPassword
from tradepost.identity.domain import Staff, checked_password
from tradepost.identity.errors import InvitationOver, WrongCredentials
from tradepost.identity.http.bodies import Password, Token
from tradepost.identity.ports import Hasher, Policies
from tradepost.identity.queries.people import invited_staff
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import StaffId, TenantId
from tradepost.kernel.messages import SYSTEM, Actor, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.web import PUBLIC, Body, FromCaller, JSONBody, door
from tradepost.platform.web.signing import Signer

LIFE = timedelta(days=7)
_FORM = struct.Struct(">16sIQ")


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is invited, the text that lets them in, and until when it is good."""

    email: str
    token: str
    expires_at: datetime


class AcceptBody(Body, frozen=True):
    """The invitation as it was given, and the password that is chosen."""

    token: Token
    password: Password


class Invitations:
    """Makes invitations, and lets in who brings one."""

    def __init__(
        self, bus: Bus, hasher: Hasher, policies: Policies, secrets: Sequence[bytes]
    ) -> None:
        self._bus = bus
        self._hasher = hasher
        self._policies = policies
        self._signer = Signer(secrets, "invitation")

    async def fresh(self, tenant_id: TenantId) -> Invitation:
        """An invitation for the first administrator.

        :raises Unknown: once everybody has chosen a password, or where nobody was ever invited.
        """
        waiting: list[Staff] = await self._bus.ask(Scope(tenant_id, SYSTEM), invited_staff)
        if not waiting:
            raise Unknown("open invitation", str(tenant_id))
        expires = (self._bus.clock.now() + LIFE).replace(microsecond=0)
        one = waiting[0]
        whole = _FORM.pack(one.id.bytes, one.token_epoch, int(expires.timestamp()))
        return Invitation(one.email, self._signer.seal(tenant_id, "", whole), expires)

    async def accept(self, tenant_id: TenantId, token: str, password: str) -> None:
        """Give whoever was invited their password.

        :raises InvitationOver: if it was used, is over, or was never made.
        :raises BadPassword: if the password will not do; the invitation stays good.
        """
        opened = self._signer.open(tenant_id, "", token)
        if opened is None or len(opened) != _FORM.size:
            raise InvitationOver
        raw, epoch, expires = _FORM.unpack(opened)
        if self._bus.clock.now() >= datetime.fromtimestamp(expires, UTC):
            raise InvitationOver
        policy = await self._policies.of(tenant_id)
        kept = await self._hasher.hash(checked_password(password, policy.password_length_min))
        staff_id = StaffId(UUID(bytes=raw))
        wish = ChangeStaffPassword(staff_id, kept, epoch)
        try:
            await self._bus.send(Scope(tenant_id, Actor("staff", staff_id)), wish)
        except WrongCredentials as used:
            raise InvitationOver from used


@post(
    "/api/v1/invitation",
    opt=door(PUBLIC, rate="sign_in", work=False),
    status_code=204,
    tags=["Signing in"],
)
async def accept_invitation(data: JSONBody[AcceptBody], caller: FromCaller) -> None:
    """Choose the first password with the invitation that the portal has shown."""
    await caller.get(Invitations).accept(caller.tenant_id, data.token, data.password)


ROUTES = (accept_invitation,)
