"""``tradepost migrate``."""

from __future__ import annotations

import asyncio

import click

from tradepost.apps.cli.calling import settings_of
from tradepost.apps.cli.showing import as_json, done, json_option
from tradepost.migrations import history
from tradepost.wiring.opening import WAIT_MAX_S, migrate_store, store_version


@click.command(
    help="""Make the store, or bring it up to date.

Without a database the store is a file in the data folder. With PostgreSQL this makes the roles
(owner, app, relay) and puts schema, row-level security and rights in place; it needs
TRADEPOST_ADMIN_DATABASE_URL, which may stay unset everywhere else.

Safe to repeat, and to run on many machines at once: one migrates, the others wait for it.

\b
Examples:
  tradepost migrate
  tradepost migrate --check || echo "the store is behind"
  tradepost migrate --sql > upgrade.sql
"""
)
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if the store is behind.")
@click.option("--sql", is_flag=True, help="Print the SQL for PostgreSQL; change nothing.")
@click.option(
    "--wait", default=WAIT_MAX_S, show_default=True, metavar="SECONDS", help="How long to wait."
)
@json_option
@click.pass_context
def migrate(context: click.Context, check: bool, sql: bool, wait: float, json_: bool) -> None:
    """Run what the store lacks."""
    settings = settings_of(context)
    if check or sql:
        found = asyncio.run(store_version(settings))
        if sql:
            _print_sql(found)
        elif json_:
            as_json({"found": found, "needed": history.head()})
        else:
            click.echo(f"The store is at {found}, this version needs {history.head()}.")
        context.exit(0 if sql or history.reached(found) else 1)
    migrated = asyncio.run(migrate_store(settings, wait_max_s=wait))
    if json_:
        as_json(migrated)
    elif migrated.by_us:
        done(f"The store went from {migrated.before} to {migrated.after}.")
    else:
        done(f"The store is up to date ({migrated.after}).")


def _print_sql(found: str) -> None:
    from tradepost.migrations.postgres import statements_since

    for statement in statements_since(found) if not history.reached(found) else []:
        click.echo(statement if statement.endswith(";") else f"{statement};")
