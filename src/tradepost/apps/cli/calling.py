"""What commands share: the settings of the call, the desk they work at, the shop they mean."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from tradepost.apps.cli.main import Call
from tradepost.kernel.errors import Unknown
from tradepost.kernel.messages import Actor, Scope
from tradepost.platform.settings import Settings, load
from tradepost.platform.settings.checks import OF_PORTAL
from tradepost.platform.telemetry.logs import configure_logs
from tradepost.tenancy.domain import TenantProfile
from tradepost.tenancy.queries import TenantProfiles
from tradepost.wiring.opening import Desk, desk

T = TypeVar("T")


def settings_of(context: click.Context, *, doors: bool = False, **given: str | None) -> Settings:
    """The settings of this call, with those of the command line that were ``given``.

    With ``doors`` everything is asked for that servers need.
    """
    call = context.find_object(Call) or Call()
    texts = call.given | {name: text for name, text in given.items() if text is not None}
    return load(given=texts, config=call.config, doors=doors).settings


def portal_settings(context: click.Context, port: str | None) -> Settings:
    """The settings of a portal, which asks for the secrets that it needs and for no other."""
    call = context.find_object(Call) or Call()
    texts = call.given | ({} if port is None else {"portal_port": port})
    return load(given=texts, config=call.config, secrets=OF_PORTAL).settings


def at_desk(
    context: click.Context, job: Callable[[Desk], Awaitable[T]], *, reads: bool = False
) -> T:
    """Do a job on the store beside whoever serves it; who only ``reads`` is in nobody's way."""
    settings = settings_of(context)
    configure_logs("warning", "text")  # on standard error, away from what scripts read

    async def whole() -> T:
        async with desk(settings, reads=reads) as opened:
            return await job(opened)

    return asyncio.run(whole())


def operator() -> Actor:
    """The person at this machine; whoever reaches the store may do everything."""
    return Actor("system", permissions=frozenset({"*"}), origin=f"command line: {_account()}"[:200])


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


async def shop_named(opened: Desk, code: str) -> TenantProfile:
    """The shop with a code.

    :raises Unknown: if there is none.
    """
    found = await TenantProfiles(opened.store).by_code(code)
    if found is None:
        raise Unknown("shop", code)
    return found


def scope_of(shop: TenantProfile, reason: str = "") -> Scope:
    """Work for a shop from the command line."""
    return Scope(shop.id, operator(), reason=reason)
