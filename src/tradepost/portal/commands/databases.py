"""Submitting a database that a tenant would bring along."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.ids import CallId, DatabaseConfigId, Ids
from tradepost.kernel.messages import Command
from tradepost.portal.commands.tenants import seen
from tradepost.portal.domain import By, Call, CallKind, DatabaseConfig, DatabaseStatus
from tradepost.portal.ports import Calls, Databases, Tenants


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitDatabase(Command):
    """Keep where it is, and have the cell look at it; ``sealed`` for the record ``config_id``."""

    who: By
    config_id: DatabaseConfigId
    host: str
    port: int
    name: str
    user: str
    tls: str
    sealed: str


async def submit_database(
    wish: SubmitDatabase, tenants: Tenants, calls: Calls, databases: Databases, ids: Ids
) -> DatabaseConfigId:
    """Keep it as being checked; a look that is still open is dropped for the new one."""
    tenant = await seen(tenants, wish.who)
    for call in await calls.open_ones():
        if call.kind is CallKind.CHECK_DATABASE:
            await calls.save(call.ended("drop", wish.at), call.version)
    call_id = CallId(ids.new())
    calls.add(Call.wished(call_id, tenant.id, CallKind.CHECK_DATABASE, 0, wish.who, "", wish.at))
    config = DatabaseConfig(
        wish.config_id, tenant.id, wish.host, wish.port, wish.name, wish.user, wish.tls,
        wish.sealed, DatabaseStatus.CHECKING, (), wish.who.email, wish.at, None, call_id, 1,
    )  # fmt: skip
    databases.add(config)
    return config.id


HANDLERS = {SubmitDatabase: submit_database}
