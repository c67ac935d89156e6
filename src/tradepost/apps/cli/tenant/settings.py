"""What one shop decides for itself."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import click
import msgspec

from tradepost.apps.cli.calling import at_desk, scope_of, shop_named
from tradepost.apps.cli.showing import as_json, done, json_option, table
from tradepost.tenancy.commands import ChangeTenant
from tradepost.tenancy.domain import TenantProfile, TenantSettings
from tradepost.wiring.opening import Desk


def _taken(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Settings as typed: a value that reads as JSON is meant as JSON, all else as text."""
    changes: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"{pair!r} is not of the form name=value", param_hint="--set")
        try:
            changes[name.strip()] = msgspec.json.decode(text)
        except msgspec.DecodeError:
            changes[name.strip()] = text
    return changes


@click.command(
    help="""Show what a shop has decided for itself, or change some of it.

Amounts are minor units of the shop's currency. Lists and nothing (null) are written as JSON. All
changes are taken, or none.

\b
Examples:
  tradepost tenant settings tea-house
  tradepost tenant settings tea-house --set lines_per_order_max=500 --set charges_tax=false
  tradepost tenant settings tea-house --set 'cors_origins=["https://tea.example"]'
"""
)
@click.argument("code")
@click.option("--set", "pairs", multiple=True, metavar="NAME=VALUE", help="May be repeated.")
@json_option
@click.pass_context
def settings(context: click.Context, code: str, pairs: tuple[str, ...], json_: bool) -> None:
    """Change, then show."""
    changes = _taken(pairs)

    async def job(opened: Desk) -> TenantProfile:
        shop = await shop_named(opened, code)
        if changes:
            wish = ChangeTenant(shop.version, settings=changes)
            await opened.bus.send(scope_of(shop, "changed on the command line"), wish)
            shop = await shop_named(opened, code)
        return shop

    held = at_desk(context, job, reads=not changes).settings
    defaults = TenantSettings()
    names = [one.name for one in fields(held)]
    if json_:
        as_json({name: getattr(held, name) for name in names})
        return
    rows = [(name, getattr(held, name), getattr(defaults, name)) for name in names]
    table(["setting", "value", "default"], [(n, v, d if d != v else "") for n, v, d in rows])
    if changes:
        done(f"Changed: {', '.join(changes)}.")
