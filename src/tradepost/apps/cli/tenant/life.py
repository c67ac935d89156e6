"""Opening shops, suspending, reactivating and archiving them."""

from __future__ import annotations

from dataclasses import dataclass

import click

from tradepost.apps.cli.calling import at_desk, operator, scope_of, shop_named
from tradepost.apps.cli.showing import as_json, done, json_option
from tradepost.kernel.ids import LocationId, RandomIds, StoreId, TenantId
from tradepost.kernel.messages import Scope
from tradepost.platform.bus import Bus
from tradepost.tenancy.commands import CreateLocation, CreateStore, CreateTenant, MoveTenant
from tradepost.tenancy.domain import TenantType
from tradepost.wiring.opening import Desk


@dataclass(frozen=True, slots=True)
class Opened:
    """What was made."""

    code: str
    id: TenantId
    store_id: StoreId | None = None
    location_id: LocationId | None = None


@click.command(
    help="""Open a shop.

CODE is short and stays: small letters, digits and hyphens. With --place the shop also gets a store
and a warehouse of that name, so that goods have somewhere to lie. Whatever else it may decide is a
setting with a default: `tradepost tenant settings CODE`.

\b
Examples:
  tradepost tenant create tea-house --name "Tea House" --currency GBP --place Main
  tradepost tenant create kissaten --name 喫茶店 --currency JPY --locale ja-JP \\
      --time-zone Asia/Tokyo --host shop.example.jp
"""
)
@click.argument("code")
@click.option("--name", required=True, help="What people call the shop.")
@click.option("--currency", required=True, help="The currency of its books, such as GBP.")
@click.option(
    "--type",
    "kind",
    type=click.Choice(list(TenantType)),
    default=TenantType.SINGLE_BRAND,
    show_default=True,
    help="One brand's own shop, or a mall of vendors.",
)
@click.option("--locale", default="en-GB", show_default=True, help="A language tag (BCP 47).")
@click.option("--time-zone", default="UTC", show_default=True, help="Where its days begin.")
@click.option("--host", "hosts", multiple=True, help="A host name of its own; may be repeated.")
@click.option("--place", help="Make a store and a warehouse of this name, too.")
@click.option("--draft", is_flag=True, help="Do not open it yet.")
@json_option
@click.pass_context
def create(
    context: click.Context,
    code: str,
    name: str,
    currency: str,
    kind: TenantType,
    locale: str,
    time_zone: str,
    hosts: tuple[str, ...],
    place: str | None,
    draft: bool,
    json_: bool,
) -> None:
    """Make the tenant, and its first place."""
    wish = CreateTenant(
        code,
        name,
        currency,
        type=TenantType(kind),
        locale=locale,
        time_zone=time_zone,
        hosts=hosts,
        opened=not draft,
    )

    async def job(opened: Desk) -> Opened:
        tenant_id = TenantId(RandomIds().new())
        scope = Scope(tenant_id, operator(), reason="opened on the command line")
        await opened.bus.send(scope, wish)
        return await _with_place(opened.bus, scope, Opened(code, tenant_id), place)

    made = at_desk(context, job)
    if json_:
        as_json(made)
    else:
        done(f"The shop {made.code} is {'drafted' if draft else 'open'} ({made.id}).")


async def _with_place(bus: Bus, scope: Scope, made: Opened, place: str | None) -> Opened:
    if place is None:
        return made
    store_id = await bus.send(scope, CreateStore("main", place))
    location_id = await bus.send(scope, CreateLocation(store_id, "main", place))
    return Opened(made.code, made.id, store_id, location_id)


def _step(action: str, about: str, state: str) -> click.Command:
    """A command that takes one step of a shop's life."""

    @click.command(
        action,
        help=f"""{about}

\b
Example:
  tradepost tenant {action} tea-house --reason "as agreed by phone"
""",
    )
    @click.argument("code")
    @click.option("--reason", default="", help="Why; it is kept with the step.")
    @json_option
    @click.pass_context
    def command(context: click.Context, code: str, reason: str, json_: bool) -> None:
        async def job(opened: Desk) -> int:
            shop = await shop_named(opened, code)
            version: int = await opened.bus.send(scope_of(shop), MoveTenant(action, reason))
            return version

        version = at_desk(context, job)
        if json_:
            as_json({"code": code, "state": state, "version": version})
        else:
            done(f"The shop {code} is {state}.")

    return command


suspend = _step(
    "suspend",
    "Close a shop for now: its people can still read, nobody can buy or change anything.",
    "suspended",
)
reactivate = _step("reactivate", "Open a suspended shop again.", "active")
archive = _step("archive", "Close a shop for good; its books stay.", "archived")
