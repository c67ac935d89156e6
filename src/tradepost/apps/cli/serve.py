"""``tradepost serve`` and ``tradepost worker``."""

from __future__ import annotations

import click

from tradepost.apps.cli.calling import settings_of
from tradepost.platform.process import run
from tradepost.platform.settings import Settings
from tradepost.platform.web.serving import PortInUse
from tradepost.wiring.running import Serving
from tradepost.wiring.running import serve as serve_house
from tradepost.wiring.running import work as work_house

SERVED = ("public", "admin", "provisioning")


@click.command(
    help="""Serve the public API (3000) and the admin API (3001) until Ctrl-C or SIGTERM.

Where the settings give this installation a cell's name (TRADEPOST_CELL_NAME), so that a portal can
open shops here, the provisioning API (3003) is served too.

With the SQLite store the worker runs in the same process, because one process writes; with
PostgreSQL it is a process of its own, or --worker. Whoever asks while it ends is still answered.
Each port tells what it can at /api/v1/openapi.json.

\b
Examples:
  TRADEPOST_PROFILE=demo tradepost serve
  tradepost serve --only public --public-port 8080
"""
)
@click.option("--only", type=click.Choice(SERVED), help="Serve one API of them.")
@click.option("--worker/--no-worker", default=None, help="Whether the worker runs in this process.")
@click.option("--public-port", metavar="PORT", help="Instead of the one in the settings.")
@click.option("--admin-port", metavar="PORT", help="Instead of the one in the settings.")
@click.pass_context
def serve(
    context: click.Context,
    only: str | None,
    worker: bool | None,
    public_port: str | None,
    admin_port: str | None,
) -> None:
    """Serve until told to end."""
    given = {"public_port": public_port, "admin_port": admin_port}
    settings = settings_of(context, doors=True, **given)
    if only == "provisioning" and settings.cell_name is None:
        raise click.UsageError("set TRADEPOST_CELL_NAME to the name that the portal calls this by")
    what = Serving(**{name: only in (None, name) for name in SERVED}, worker=worker)

    async def started(ports: dict[str, int]) -> None:
        for name, port in ports.items():
            host = getattr(settings, f"{name.partition(' ')[0]}_host")
            click.echo(f"{name}  http://{_shown(host)}:{port}", err=True)
        if not _works(settings, what):
            click.echo("worker      none here; run: tradepost worker", err=True)
        click.echo("Ctrl-C ends it.", err=True)

    try:
        run(serve_house(settings, what, started))
    except PortInUse as error:
        raise click.ClickException(str(error)) from error


def _works(settings: Settings, what: Serving) -> bool:
    return settings.store_path is not None if what.worker is None else what.worker


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@click.command(
    help="""Be the worker until Ctrl-C or SIGTERM: number the facts, have their effects, sweep.

Run as many as you like: one numbers the facts, all share the rest, and any of them takes over
from one that dies. With the SQLite store `tradepost serve` does this itself.

\b
Example:
  tradepost worker
"""
)
@click.pass_context
def worker(context: click.Context) -> None:
    """Work until told to end."""
    settings = settings_of(context, doors=True)

    async def started() -> None:
        click.echo("The worker runs. Ctrl-C ends it.", err=True)

    run(work_house(settings, started))
