"""``tradepost settings``."""

from __future__ import annotations

import click

from tradepost.apps.cli.main import Call
from tradepost.apps.cli.showing import as_json, done, json_option, table
from tradepost.platform.settings import load
from tradepost.platform.settings.showing import shown
from tradepost.platform.settings.showing import template as template_text


@click.group(
    help="""Check the settings, or write a template of them.

Every setting is TRADEPOST_ and its name: in the environment, in tradepost.env, or as
TRADEPOST_NAME_FILE the path of a file that holds it, as for secrets. What one shop decides for
itself is not here but in `tradepost tenant settings`.

\b
Examples:
  tradepost settings template > tradepost.env
  tradepost settings check
"""
)
def settings() -> None:
    """The group of commands about settings."""


@settings.command(
    help="""Show every setting with its value and where it comes from; secrets only as set or not.

Exits with 2 and lists every fault at once if the servers could not start with them.

\b
Examples:
  tradepost settings check
  TRADEPOST_PROFILE=demo tradepost settings check --json
"""
)
@json_option
@click.pass_context
def check(context: click.Context, json_: bool) -> None:
    """Load and show."""
    call = context.find_object(Call) or Call()
    loaded = load(given=call.given, config=call.config)
    rows = shown(loaded)
    if json_:
        as_json([{"name": name, "value": value, "source": src} for name, value, src in rows])
        return
    table(["setting", "value", "source"], rows)
    for name in loaded.unknown:
        click.echo(f"{name} is set and is no setting; it is ignored.", err=True)
    done("The settings can be used.")


@settings.command(
    help="""Print a file with every setting, its meaning and its default.

\b
Examples:
  tradepost settings template > tradepost.env
  tradepost settings template --with-secrets > tradepost.env && chmod 600 tradepost.env
"""
)
@click.option("--with-secrets", is_flag=True, help="Fill in fresh random secrets.")
def template(with_secrets: bool) -> None:
    """Print the template."""
    click.echo(template_text(with_secrets=with_secrets), nl=False)
