"""``tradepost replay``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tradepost.apps.cli.calling import at_desk
from tradepost.apps.cli.progress import replay_bar
from tradepost.wiring.opening import Desk


@dataclass(frozen=True, slots=True)
class Outcome:
    """A report of either kind, and what shows it."""

    report: Any
    show: Callable[[Any], None]
    as_json: Callable[[Any], bytes]


@click.command(
    help="""Take a file of trade into a shop, by the same commands a request takes.

With --kind retail FILE is a CSV, plain or gzipped, with the columns of UCI's "Online Retail":
InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country. Each
invoice becomes an order (placed, paid, shipped, completed), a return, or a movement of stock, at
its own instant.

With --kind restaurant it is a folder, or its file of orders, of the form of Maven's "Restaurant
Orders": restaurant_menu_items.csv and restaurant_order_details.csv. Each order becomes a tab:
opened, sent to the kitchen, served, paid, closed.

At the end a table accounts for every line: as in the file, as booked, as posted in the ledger.
Stopped at any moment and started again, it passes over what is booked and goes on. A file that
is damaged is told by line and column; everything before it is kept, and the mended file goes on.

\b
Examples:
  tradepost replay online_retail.csv.gz
  tradepost replay online_retail.csv.gz --tenant wholesale --json report.json
  tradepost replay --kind restaurant restaurant/
"""
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--kind",
    type=click.Choice(["retail", "restaurant"]),
    default="retail",
    show_default=True,
    help="What the file holds.",
)
@click.option(
    "--tenant", help="The shop, made if there is none; without it, one named as the kind."
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the table here as JSON too.",
)
@click.pass_context
def replay(
    context: click.Context, file: Path, kind: str, tenant: str | None, json_file: Path | None
) -> None:
    """Replay, account, and fail if it does not add up."""
    replays = _served if kind == "restaurant" else _traded

    async def job(opened: Desk) -> Outcome:
        if opened.caller is not None:
            raise opened.caller.in_use
        return await replays(opened, tenant or kind, file)

    outcome = at_desk(context, job)
    outcome.show(outcome.report)
    if json_file is not None:
        json_file.write_bytes(outcome.as_json(outcome.report))
    context.exit(0 if outcome.report.agrees else 1)


async def _traded(opened: Desk, tenant: str, file: Path) -> Outcome:
    """Replay retail trade; only the process that writes the store can."""
    from tradepost.transfer.retail.render import report_json
    from tradepost.wiring.replay_run import ready_tenant, replay_file

    tenant_id, location_id = await ready_tenant(opened.bus, tenant)
    with replay_bar(_size_bytes(file)) as bar:
        report = await replay_file(opened.bus, tenant_id, location_id, file, bar)
    return Outcome(report, show, report_json)


async def _served(opened: Desk, tenant: str, file: Path) -> Outcome:
    """Replay a restaurant."""
    from tradepost.transfer.restaurant.render import report_json
    from tradepost.wiring.replay_restaurant import files_of, ready_restaurant, replay_folder

    orders_path, _ = files_of(file)
    tenant_id, unit_id = await ready_restaurant(opened.bus, tenant)
    with replay_bar(_size_bytes(orders_path)) as bar:
        report = await replay_folder(opened.bus, tenant_id, unit_id, file, bar)
    return Outcome(report, _show_restaurant, report_json)


def _size_bytes(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def show(report: Any) -> None:
    """The table, in colour on a terminal."""
    from rich.console import Console

    from tradepost.transfer.retail.render import print_report

    print_report(report, Console(file=sys.stdout))


def _show_restaurant(report: Any) -> None:
    from rich.console import Console

    from tradepost.transfer.restaurant.render import print_report

    print_report(report, Console(file=sys.stdout))
