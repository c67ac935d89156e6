"""``tradepost staff``."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from tradepost.apps.cli.calling import at_desk, operator, scope_of, shop_named
from tradepost.apps.cli.showing import as_json, done, json_option, table
from tradepost.identity.commands import ChangeStaff, ChangeStaffPassword, CreateStaff, RevokeStaff
from tradepost.identity.domain import BUILT_IN, PLATFORM_TENANT_ID, SUPER_ADMIN, StaffStatus
from tradepost.identity.domain.passwords import checked_password
from tradepost.identity.gateway.passwords import Argon2Hasher
from tradepost.identity.ports import SignInPolicy
from tradepost.identity.queries import StaffView, staff_page
from tradepost.kernel.contact import Email
from tradepost.kernel.errors import Unknown
from tradepost.kernel.messages import Scope
from tradepost.wiring.opening import Desk

T = TypeVar("T")
PLATFORM = "@platform"
"""Stands for a shop's code where the platform's own people are meant; no shop can have it."""
GENERATED_BYTES = 18
_PLATFORM_LENGTH_MIN = SignInPolicy().password_length_min
_ROLES = ", ".join(sorted(BUILT_IN.keys() - {SUPER_ADMIN}))


@click.group(
    help=f"""Take people on, let them go, set their passwords.

SHOP is the code of a shop, or `{PLATFORM}` for the people who run the platform and may enter every
shop ({SUPER_ADMIN}). Roles of the product: {_ROLES}; a shop can have more of its own.

\b
Examples:
  tradepost staff create tea-house ada@example.com --name Ada --role admin
  tradepost staff list tea-house
  tradepost staff password tea-house ada@example.com --generate
"""
)
def staff() -> None:
    """The group of commands about staff."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where people work: a shop, or the platform itself."""

    opened: Desk
    scope: Scope
    password_length_min: int

    async def member(self, email: str) -> StaffView:
        """The member of the staff with a mail address.

        :raises Unknown: if there is none.
        """
        wanted = Email.parse(email).key
        for one in await self.opened.bus.ask(self.scope, staff_page):
            if Email.parse(one.email).key == wanted:
                return one
        raise Unknown("member of the staff", email)


def _at(
    context: click.Context,
    shop: str,
    job: Callable[[Place], Awaitable[T]],
    *,
    reads: bool = False,
) -> T:
    async def whole(opened: Desk) -> T:
        if shop == PLATFORM:
            return await job(
                Place(opened, Scope(PLATFORM_TENANT_ID, operator()), _PLATFORM_LENGTH_MIN)
            )
        profile = await shop_named(opened, shop)
        length = profile.settings.password_length_min
        return await job(Place(opened, scope_of(profile), length))

    return at_desk(context, whole, reads=reads)


def _password(generate: bool, file: Path | None) -> str:
    """The password that was typed, is in a file (``-``: standard input), or is made up."""
    if generate:
        return secrets.token_urlsafe(GENERATED_BYTES)
    if file is not None:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
        return text.rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


async def _hashed(password: str, length_min: int, *known: str) -> str:
    hasher = Argon2Hasher(threads=1)
    try:
        return await hasher.hash(checked_password(password, length_min, *known))
    finally:
        hasher.close()


def _password_options(command: Callable[..., None]) -> Callable[..., None]:
    file = click.option(
        "--password-file",
        "file",
        type=click.Path(path_type=Path),
        help="A file that holds the password, - for standard input; otherwise it is asked for.",
    )
    generate = click.option("--generate", is_flag=True, help="Make a password up and print it.")
    return file(generate(command))


@staff.command(
    help="""Take somebody on.

The password is asked for, unless --generate makes one up or --password-file holds it.

\b
Examples:
  tradepost staff create tea-house ada@example.com --name Ada --role admin --generate
  tradepost staff create @platform root@example.com --name Operator --role super_admin
"""
)
@click.argument("shop")
@click.argument("email")
@click.option("--name", required=True, help="What colleagues call them.")
@click.option("--role", "roles", multiple=True, required=True, help="May be repeated.")
@_password_options
@json_option
@click.pass_context
def create(
    context: click.Context,
    shop: str,
    email: str,
    name: str,
    roles: tuple[str, ...],
    generate: bool,
    file: Path | None,
    json_: bool,
) -> None:
    """Hash the password here and keep the person."""
    password = _password(generate, file)

    async def job(place: Place) -> object:
        kept = await _hashed(password, place.password_length_min, email, name)
        return await place.opened.bus.send(place.scope, CreateStaff(email, name, kept, roles))

    staff_id = _at(context, shop, job)
    made = {"shop": shop, "email": email, "id": staff_id, "roles": roles}
    if json_:
        as_json(made | ({"password": password} if generate else {}))
        return
    done(f"{name} works for {shop} now, as {', '.join(roles)}.")
    if generate:
        click.echo(password)


@staff.command(
    "list",
    help="""List the people of a shop.

\b
Example:
  tradepost staff list tea-house --json
""",
)
@click.argument("shop")
@json_option
@click.pass_context
def list_(context: click.Context, shop: str, json_: bool) -> None:
    """Show everybody in a line."""

    async def job(place: Place) -> list[StaffView]:
        return await place.opened.bus.ask(place.scope, staff_page)

    people = _at(context, shop, job, reads=True)
    if json_:
        as_json(people)
        return
    rows = [(one.email, one.name, one.roles, one.status, one.id) for one in people]
    table(["email", "name", "roles", "status", "id"], rows)


def _change(action: str, about: str, status: StaffStatus, told: str) -> None:
    """Add a command that lets somebody go or takes them back."""

    @staff.command(
        action,
        help=f"""{about}

\b
Example:
  tradepost staff {action} tea-house ada@example.com
""",
    )
    @click.argument("shop")
    @click.argument("email")
    @click.pass_context
    def command(context: click.Context, shop: str, email: str) -> None:
        async def job(place: Place) -> None:
            one = await place.member(email)
            wish = ChangeStaff(one.id, one.name, one.roles, status, one.version)
            await place.opened.bus.send(place.scope, wish)

        _at(context, shop, job)
        done(f"{email} {told}.")


_change(
    "disable",
    "Let somebody go: they are signed out everywhere and cannot sign in again.",
    StaffStatus.DISABLED,
    "cannot sign in any more",
)
_change("enable", "Take somebody back.", StaffStatus.ACTIVE, "can sign in again")


@staff.command(
    help="""Give somebody a new password; whoever came in by the old one is signed out.

\b
Examples:
  tradepost staff password tea-house ada@example.com
  tradepost staff password tea-house ada@example.com --generate
"""
)
@click.argument("shop")
@click.argument("email")
@_password_options
@click.pass_context
def password(
    context: click.Context, shop: str, email: str, generate: bool, file: Path | None
) -> None:
    """Hash it here and keep it."""
    fresh = _password(generate, file)

    async def job(place: Place) -> None:
        one = await place.member(email)
        kept = await _hashed(fresh, place.password_length_min, one.email, one.name)
        await place.opened.bus.send(place.scope, ChangeStaffPassword(one.id, kept))

    _at(context, shop, job)
    done(f"{email} has a new password.")
    if generate:
        click.echo(fresh)


@staff.command(
    "sign-out",
    help="""Sign somebody out everywhere; they can sign in again at once.

\b
Example:
  tradepost staff sign-out tea-house ada@example.com
""",
)
@click.argument("shop")
@click.argument("email")
@click.pass_context
def sign_out(context: click.Context, shop: str, email: str) -> None:
    """Throw out every sign-in."""

    async def job(place: Place) -> None:
        await place.opened.bus.send(place.scope, RevokeStaff((await place.member(email)).id))

    _at(context, shop, job)
    done(f"{email} is signed out everywhere.")
