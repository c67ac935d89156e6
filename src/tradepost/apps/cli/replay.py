"""``tradepost replay``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tradepost.apps.cli.calling import at_desk
from tradepost.apps.cli.progress import replay_bar
from tradepost.wiring.opening import Desk

if TYPE_CHECKING:
    from tradepost.transfer.retail.report import Report


@click.command(
    help="""Take a file of retail trade into a shop, by the same commands a request takes.

FILE is a CSV, plain or gzipped, with the columns of UCI's "Online Retail": InvoiceNo, StockCode,
Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country. Each invoice becomes an order
(placed, paid, shipped, completed), a return, or a movement of stock, at its own instant. At the
end a table accounts for every line: as in the file, as booked, as posted in the ledger.

Stopped at any moment and started again, it passes over what is booked and goes on. A file that
is damaged is told by line and column; everything before it is kept, and the mended file goes on.

\b
Examples:
  tradepost replay online_retail.csv.gz
  tradepost replay online_retail.csv.gz --tenant wholesale --json report.json
"""
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--tenant", default="retail", show_default=True, help="The shop; made if there is none."
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the table here as JSON too.",
)
@click.pass_context
def replay(context: click.Context, file: Path, tenant: str, json_file: Path | None) -> None:
    """Replay, account, and fail if it does not add up."""

    async def job(opened: Desk) -> Report:
        return await replayed(opened, tenant, file)

    report = at_desk(context, job)
    show(report)
    if json_file is not None:
        from tradepost.transfer.retail.render import report_json

        json_file.write_bytes(report_json(report))
    context.exit(0 if report.agrees else 1)


async def replayed(opened: Desk, tenant: str, file: Path) -> Report:
    """Replay a file under a progress bar; only the process that writes the store can."""
    from tradepost.wiring.replay_run import ready_tenant, replay_file

    if opened.caller is not None:
        raise opened.caller.in_use
    tenant_id, location_id = await ready_tenant(opened.bus, tenant)
    with replay_bar(_size_bytes(file)) as bar:
        return await replay_file(opened.bus, tenant_id, location_id, file, bar)


def _size_bytes(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def show(report: Report) -> None:
    """The table, in colour on a terminal."""
    from rich.console import Console

    from tradepost.transfer.retail.render import print_report

    print_report(report, Console(file=sys.stdout))
