"""Looking at shops."""

from __future__ import annotations

from typing import Any

import click

from tradepost.apps.cli.calling import at_desk, scope_of, shop_named
from tradepost.apps.cli.showing import as_json, json_option, table
from tradepost.tenancy.domain import TenantProfile
from tradepost.tenancy.queries import (
    TenantProfiles,
    hosts_page,
    life_page,
    locations_page,
    stores_page,
)
from tradepost.wiring.opening import Desk


def _facts(shop: TenantProfile) -> dict[str, Any]:
    return {
        "code": shop.code,
        "name": shop.name,
        "state": shop.state,
        "type": shop.type,
        "currency": shop.default_currency.code,
        "locale": shop.locale,
        "time_zone": shop.time_zone,
        "id": shop.id,
    }


@click.command(
    "list",
    help="""List all shops by code.

\b
Examples:
  tradepost tenant list
  tradepost tenant list --json | jq -r '.[].code'
""",
)
@json_option
@click.pass_context
def list_(context: click.Context, json_: bool) -> None:
    """Show every shop in a line."""

    async def job(opened: Desk) -> list[TenantProfile]:
        return await TenantProfiles(opened.store).every()

    shops = [_facts(shop) for shop in at_desk(context, job, reads=True)]
    if json_:
        as_json(shops)
    elif shops:
        table([*shops[0]], [[*shop.values()] for shop in shops])
    else:
        click.echo("There is no shop yet: tradepost tenant create --help", err=True)


@click.command(
    help="""Show one shop: what it is, its hosts, its places, and its life so far.

\b
Example:
  tradepost tenant show tea-house
"""
)
@click.argument("code")
@json_option
@click.pass_context
def show(context: click.Context, code: str, json_: bool) -> None:
    """Show everything but the settings."""

    async def job(opened: Desk) -> dict[str, Any]:
        shop = await shop_named(opened, code)
        scope, ask = scope_of(shop), opened.bus.ask
        return {
            **_facts(shop),
            "hosts": await ask(scope, hosts_page),
            "stores": await ask(scope, stores_page),
            "locations": await ask(scope, locations_page),
            "life": await ask(scope, life_page),
        }

    found = at_desk(context, job, reads=True)
    if json_:
        as_json(found)
        return
    stores, locations, life = (found.pop(part) for part in ("stores", "locations", "life"))
    table(["shop", ""], found.items())
    table(["store", "name", "status"], [(one.code, one.name, one.status) for one in stores])
    rows = [(one.code, one.name, one.kind, one.status) for one in locations]
    table(["location", "name", "kind", "status"], rows)
    steps = [(one.changed_at.isoformat(" ", "seconds"), one.action, one.reason) for one in life]
    table(["at", "step", "reason"], steps)
