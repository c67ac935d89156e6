"""The shop's settings, hosts and life, for those who may look or decide."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Response, get, patch
from msgspec import Meta

from tradepost.kernel.permissions import Permission
from tradepost.platform.tenancy import TenantDirectory
from tradepost.platform.web import Body, Caller, FromCaller, JSONBody, door, versioned
from tradepost.platform.web.body import Line
from tradepost.tenancy.commands import ChangeHosts, ChangeTenant
from tradepost.tenancy.domain import TenantSettings, TenantState, TenantTransition, TenantType
from tradepost.tenancy.domain.settings import SettingForm, forms
from tradepost.tenancy.queries import hosts_page, life_page, own_profile

TAGS = ["Shop"]
READ, WRITE = Permission.SETTINGS_READ, Permission.SETTINGS_WRITE
Changes = Annotated[dict[str, Any], Meta(max_length=200)]
Hosts = Annotated[tuple[Line, ...], Meta(max_length=100)]


class SettingsBody(Body, frozen=True):
    """What is to change; what is left out stays as it is."""

    name: Line | None = None
    locale: Line | None = None
    time_zone: Line | None = None
    settings: Changes = msgspec.field(default_factory=dict)


class HostsBody(Body, frozen=True):
    """Host names to add and to remove."""

    add: Hosts = ()
    remove: Hosts = ()


class TenantView(msgspec.Struct, frozen=True):
    """A shop as its staff see it."""

    code: str
    name: str
    type: TenantType
    state: TenantState
    default_currency: str
    locale: str
    time_zone: str
    settings: TenantSettings
    version: int


class HostsView(msgspec.Struct, frozen=True):
    """The host names by which the shop is found."""

    hosts: list[str]


@get("/api/v1/settings", opt=door(READ), tags=TAGS)
async def read_settings(caller: FromCaller) -> Response[TenantView]:
    """The shop with all its settings."""
    return await _tenant(caller)


@patch("/api/v1/settings", opt=door(WRITE, if_match=True), tags=TAGS)
async def change_settings(data: JSONBody[SettingsBody], caller: FromCaller) -> Response[TenantView]:
    """Change some settings, all of those named or none; they hold within five seconds."""
    wish = ChangeTenant(caller.matched, data.name, data.locale, data.time_zone, data.settings)
    await caller.send(wish)
    _forget(caller)
    return await _tenant(caller)


@get("/api/v1/settings/forms", opt=door(READ), tags=TAGS)
async def list_settings() -> list[SettingForm]:
    """Every setting there is: its name, its kind, its bounds, its default."""
    return forms()


@get("/api/v1/hosts", opt=door(READ), tags=TAGS)
async def list_hosts(caller: FromCaller) -> HostsView:
    """The host names by which the shop is found."""
    return HostsView(await caller.ask(hosts_page))


@patch("/api/v1/hosts", opt=door(Permission.TENANTS_WRITE, if_match=True), tags=TAGS)
async def change_hosts(data: JSONBody[HostsBody], caller: FromCaller) -> Response[TenantView]:
    """Add and remove host names: for the platform, which sees to whom they belong."""
    await caller.send(ChangeHosts(caller.matched, data.add, data.remove))
    _forget(caller)
    return await _tenant(caller)


@get("/api/v1/settings/life", opt=door(READ), tags=TAGS)
async def read_life(caller: FromCaller) -> list[TenantTransition]:
    """The steps of the shop's life, who took them and why."""
    return await caller.ask(life_page)


async def _tenant(caller: Caller) -> Response[TenantView]:
    profile = await caller.ask(own_profile)
    view = TenantView(
        profile.code,
        profile.name,
        profile.type,
        profile.state,
        profile.default_currency.code,
        profile.locale,
        profile.time_zone,
        profile.settings,
        profile.version,
    )
    return versioned(view, profile.version)


def _forget(caller: Caller) -> None:
    directory: TenantDirectory[Any] = caller.get(TenantDirectory)
    directory.forget(caller.tenant_id)


ROUTES = (
    read_settings,
    change_settings,
    list_settings,
    list_hosts,
    change_hosts,
    read_life,
)
