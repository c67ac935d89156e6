"""``tradepost portal``."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from tradepost.apps.cli.calling import portal_settings, settings_of
from tradepost.apps.cli.showing import as_json, done, json_option, table
from tradepost.kernel.contact import Email
from tradepost.kernel.errors import Unknown
from tradepost.kernel.ids import PersonId
from tradepost.kernel.messages import SYSTEM, Scope
from tradepost.platform.bus import Bus
from tradepost.platform.db.work import Reader
from tradepost.platform.process import run
from tradepost.platform.settings import Settings
from tradepost.platform.telemetry.logs import configure_logs
from tradepost.platform.web.serving import PortInUse
from tradepost.portal.commands import SetPassword, TakeOn
from tradepost.portal.domain import By, Person, Role, checked_password
from tradepost.portal.gateway.passwords import Hasher
from tradepost.portal.http.desk import PORTAL
from tradepost.portal.queries import people_page, person_of
from tradepost.wiring.portal import Portal, open_portal_store, portal_bus, serve_portal

T = TypeVar("T")
GENERATED_BYTES = 18
ROLES = [one.value for one in Role]
HERE = By(None, "command line", operator=True)


@click.group(
    invoke_without_command=True,
    help="""Serve the portal (3002): register tenants, see them come alive, lead them through life.

The portal is a service of its own, with a store of its own: portal.sqlite in the data folder, or
TRADEPOST_PORTAL_DATABASE_URL. It asks cells to open shops; a cell is an installation whose
settings name it (TRADEPOST_CELL_NAME) and whose `tradepost serve` then answers on port 3003.
TRADEPOST_CELLS tells the portal where they are. Portal and cells share one service secret.

With the SQLite store, take the first operator on before the portal is started.

\b
Examples:
  tradepost portal add ops@example.com --name Ops --role operator
  tradepost portal
  TRADEPOST_CELLS="main=http://127.0.0.1:3003" tradepost portal --port 8082

\b
On one machine, with the demo's secrets:
  export TRADEPOST_PROFILE=demo TRADEPOST_CELL_NAME=main
  tradepost serve &
  tradepost portal add ops@example.com --name Ops --role operator && tradepost portal
""",
)
@click.option("--port", "portal_port", metavar="PORT", help="Instead of the one in the settings.")
@click.pass_context
def portal(context: click.Context, portal_port: str | None) -> None:
    """Serve until told to end, unless there is another command."""
    if context.invoked_subcommand is not None:
        return
    settings = portal_settings(context, portal_port)

    async def started(opened: Portal, port: int) -> None:
        click.echo(f"portal      http://{settings.portal_host}:{port}", err=True)
        for cell in settings.cells:
            name, _, address = cell.partition("=")
            click.echo(f"cell        {name}  {address}", err=True)
        if not await _people(opened.bus):
            told = "nobody can sign in yet; end it and run: tradepost portal add --help"
            click.echo(f"people      {told}", err=True)
        click.echo("Ctrl-C ends it.", err=True)

    try:
        run(serve_portal(settings, started))
    except PortInUse as error:
        raise click.ClickException(str(error)) from error


@portal.command(
    help="""Take somebody on: an operator of the platform, or an owner of tenants.

A password is made up and printed; they change it in the portal.

\b
Examples:
  tradepost portal add ops@example.com --name Ops --role operator
  tradepost portal add ada@example.com --name Ada --role owner
"""
)
@click.argument("email")
@click.option("--name", required=True, help="What others call them.")
@click.option(
    "--role",
    type=click.Choice([one.value for one in Role]),
    required=True,
    help="What they may do.",
)
@json_option
@click.pass_context
def add(context: click.Context, email: str, name: str, role: str, json_: bool) -> None:
    """Hash a password here, and keep the person."""
    password = secrets.token_urlsafe(GENERATED_BYTES)

    async def job(bus: Bus) -> object:
        kept = await _hashed(password, email, name)
        wish = TakeOn(who=HERE, email=email, name=name, role=Role(role), password_hash=kept)
        return await bus.send(Scope(PORTAL, SYSTEM), wish)

    made = _at_store(context, job)
    if json_:
        as_json({"id": made, "email": email, "role": role, "password": password})
        return
    done(f"{name} can sign in to the portal, as {role}.")
    click.echo(password)


@portal.command(
    help="""Give somebody a new password, made up and printed; they are signed out everywhere.

\b
Example:
  tradepost portal password ops@example.com
"""
)
@click.argument("email")
@click.pass_context
def password(context: click.Context, email: str) -> None:
    """Hash it here and keep it."""
    fresh = secrets.token_urlsafe(GENERATED_BYTES)

    async def job(bus: Bus) -> None:
        key = Email.parse(email).key

        async def look(db: Reader) -> Person | None:
            return await person_of(db, key)

        person = await bus.store.platform_read("look somebody up", look)
        if person is None:
            raise Unknown("person", email)
        kept = await _hashed(fresh, email, person.name)
        wish = SetPassword(who=HERE, person_id=PersonId(person.id), password_hash=kept)
        await bus.send(Scope(PORTAL, SYSTEM), wish)

    _at_store(context, job)
    done(f"{email} has a new password.")
    click.echo(fresh)


@portal.command(
    "people",
    help="""List the portal's people.

\b
Example:
  tradepost portal people --json
""",
)
@json_option
@click.pass_context
def list_people(context: click.Context, json_: bool) -> None:
    """Show everybody in a line."""
    people = _at_store(context, _people)
    shown = [(one.email, one.name, one.role.value, one.status.value) for one in people]
    names = ("email", "name", "role", "status")
    if json_:
        as_json([dict(zip(names, one, strict=True)) for one in shown])
        return
    table(list(names), shown)


async def _people(bus: Bus) -> list[Person]:
    return await bus.store.platform_read("list the portal's people", people_page)


async def _hashed(password: str, *known: str) -> str:
    hasher = Hasher()
    try:
        return await hasher.hash(checked_password(password, *known))
    finally:
        hasher.close()


def _at_store(context: click.Context, job: Callable[[Bus], Awaitable[T]]) -> T:
    settings: Settings = settings_of(context)
    configure_logs("warning", "text")

    async def whole() -> T:
        store = await open_portal_store(settings)
        try:
            return await job(portal_bus(store))
        finally:
            await store.close()

    return asyncio.run(whole())
