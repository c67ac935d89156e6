"""One request to a cell, by version 1 of the contract, and what is to be made of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import httpx
import msgspec

from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import TenantId
from tradepost.platform.tokens import Tokens
from tradepost.platform.vault import CannotOpen, Vault
from tradepost.platform.web.service import token_for
from tradepost.portal.domain import Call, CallKind, Check, DatabaseConfig, Tenant
from tradepost.portal.errors import CellSilent

PORTAL_ID: Final = UUID(int=1)
"""Who the portal is to its cells; people are named in what it says."""
TOKEN_LIFE: Final = timedelta(minutes=2)
ANSWER_S_MAX: Final = 15.0
_ANSWER_BYTES_MAX: Final = 100_000
_REFUSED: Final = frozenset({404, 409, 410, 422})
_PASSED: Final = "tenancy.step_passed"


@dataclass(frozen=True, slots=True)
class Answered:
    """The cell has dealt with it: done, or refused with a ``problem``."""

    cell_state: str | None
    checks: tuple[Check, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing that counts was heard: ask again. ``problem`` says what was heard instead."""

    problem: str


@dataclass(frozen=True, slots=True)
class Passed:
    """The cell has taken a later step than this one."""

    last: int


class _Step(msgspec.Struct):
    state: str
    step: int = 0
    checks: tuple[Check, ...] = ()


class _Checked(msgspec.Struct):
    valid: bool
    checks: tuple[Check, ...]


class _Problem(msgspec.Struct):
    code: str = ""
    last: int = 0


class Invitation(msgspec.Struct, frozen=True):
    """The first administrator's way in, as the cell has made it."""

    email: str
    token: str
    expires_at: datetime


class Cells:
    """The cells that the settings name, by name."""

    def __init__(
        self,
        addresses: Mapping[str, str],
        tokens: Tokens,
        vault: Vault,
        client: httpx.AsyncClient | None = None,
    ) -> None:
        self.addresses = dict(addresses)
        self._tokens = tokens
        self._vault = vault
        self._client = client or httpx.AsyncClient(
            timeout=ANSWER_S_MAX, follow_redirects=False, trust_env=False
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def ask(
        self, call: Call, tenant: Tenant, database: DatabaseConfig | None
    ) -> Answered | Silent | Passed:
        """Ask once."""
        if tenant.cell not in self.addresses:
            return Silent("cell_unknown")
        try:
            if call.kind is CallKind.CHECK_DATABASE:
                assert database is not None
                return await self._looked(tenant, database)
            return await self._stepped(call, tenant)
        except CannotOpen:
            return Answered(None, problem="cannot_open")
        except httpx.HTTPError:
            return Silent("unreachable")
        except (msgspec.MsgspecError, ValueError):
            return Silent("not_understood")

    async def invitation(self, tenant: Tenant) -> Invitation:
        """A fresh invitation for the tenant's first administrator.

        :raises Unknown: once it has been used.
        :raises CellSilent: if the cell does not answer.
        """
        try:
            answer = await self._send(tenant, "POST", "/invitation")
            if answer.status_code == 404:
                raise Unknown("open invitation", tenant.code)
            if answer.status_code == 200:
                return msgspec.json.decode(answer.content, type=Invitation)
        except (httpx.HTTPError, msgspec.MsgspecError):
            pass
        raise CellSilent(tenant.cell, 5)

    async def _stepped(self, call: Call, tenant: Tenant) -> Answered | Silent | Passed:
        if call.kind is CallKind.PROVISION:
            answer = await self._send(tenant, "PUT", "", _provisioning(call, tenant))
        else:
            said = _step(call) | {"action": call.kind.value}
            answer = await self._send(tenant, "POST", "/moves", said)
        if answer.status_code == 200:
            step = msgspec.json.decode(answer.content, type=_Step)
            return Answered(step.state, step.checks)
        if answer.status_code not in _REFUSED:
            return Silent(_heard(answer))
        problem = msgspec.json.decode(answer.content, type=_Problem)
        if problem.code == _PASSED:
            return Passed(problem.last)
        status = await self._send(tenant, "GET", "")
        if status.status_code != 200:
            return Silent(_heard(status))
        state = msgspec.json.decode(status.content, type=_Step).state
        return Answered(state, problem=problem.code or "refused")

    async def _looked(self, tenant: Tenant, database: DatabaseConfig) -> Answered | Silent:
        password = self._vault.open(database.sealed, str(database.id))
        said = {
            "host": database.host,
            "port": database.port,
            "name": database.name,
            "user": database.user,
            "password": password.reveal(),
            "tls": database.tls,
        }
        answer = await self._send(tenant, "POST", "/database-checks", said)
        if answer.status_code == 200:
            found = msgspec.json.decode(answer.content, type=_Checked)
            return Answered(None, found.checks)
        if answer.status_code in _REFUSED:
            problem = msgspec.json.decode(answer.content, type=_Problem)
            return Answered(None, problem=problem.code or "refused")
        return Silent(_heard(answer))

    async def _send(
        self, tenant: Tenant, method: str, place: str, said: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        token = token_for(self._tokens, PORTAL_ID, tenant.cell, TenantId(tenant.id), TOKEN_LIFE)
        url = f"{self.addresses[tenant.cell]}/provisioning/v1/tenants/{tenant.id}{place}"
        content = None if said is None else msgspec.json.encode(said)
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        answer = await self._client.request(method, url, content=content, headers=headers)
        if len(answer.content) > _ANSWER_BYTES_MAX:
            raise ValueError("an answer that is no cell's")
        return answer


def _step(call: Call) -> dict[str, Any]:
    by = None if call.wished_by is None else str(call.wished_by)
    return {"step": call.number, "by": by, "reason": call.reason}


def _provisioning(call: Call, tenant: Tenant) -> dict[str, Any]:
    return _step(call) | {
        "code": tenant.code,
        "name": tenant.name,
        "type": tenant.type.value,
        "currency": tenant.default_currency,
        "locale": tenant.locale,
        "time_zone": tenant.time_zone,
        "owner": {"email": tenant.owner_email, "name": tenant.owner_name},
    }


def _heard(answer: httpx.Response) -> str:
    """A word for an answer that does not count."""
    return "not_trusted" if answer.status_code in (401, 403) else "busy"
