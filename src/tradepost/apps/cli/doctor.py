"""``tradepost doctor``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from tradepost.apps.cli.calling import at_desk, shop_named
from tradepost.apps.cli.showing import as_json, json_option, table
from tradepost.wiring.opening import Desk

if TYPE_CHECKING:
    from tradepost.wiring.doctor import Breach, Law, Report, Visit
    from tradepost.wiring.doctor.checking import Watch
    from tradepost.wiring.doctor.report import Figures


@click.command(
    help="""See whether the laws of the house hold: stock, orders, money, books, facts, records.

Each law is a query that finds the rows which break it. All shops are looked at, one after the
other, and then what all have in common. Nothing is written, and whoever serves the store goes on.
Ends with 1 if a law is broken, and tells the rows that break it.

\b
Examples:
  tradepost doctor
  tradepost doctor --tenant tea-house --law stock --law ledger.orders
  tradepost doctor --list
  tradepost doctor --json
"""
)
@click.option("--tenant", metavar="CODE", help="Only this shop, and only laws of a single shop.")
@click.option(
    "--law", "names", multiple=True, metavar="NAME", help="Only this law, or this group of laws."
)
@click.option(
    "--most", default=20, show_default=True, help="How many rows to tell of each broken law."
)
@click.option("--list", "list_", is_flag=True, help="Tell the laws, and look at nothing.")
@json_option
@click.pass_context
def doctor(
    context: click.Context,
    tenant: str | None,
    names: tuple[str, ...],
    most: int,
    list_: bool,
    json_: bool,
) -> None:
    """Look, tell, and fail if a law is broken."""
    chosen = _chosen(names)
    if list_:
        _list(chosen, json_=json_)
        return

    async def job(opened: Desk) -> Report:
        return await _examined(opened, chosen, tenant, most)

    report = at_desk(context, job, reads=True)
    if json_:
        as_json(report.as_document())
    else:
        _show(report)
    context.exit(0 if report.holds else 1)


def _chosen(names: Sequence[str]) -> list[Law]:
    from tradepost.wiring.doctor import LAWS

    for name in names:
        if not any(_is_meant(law, name) for law in LAWS):
            raise click.BadParameter(f"there is no law {name}; see: tradepost doctor --list")
    return [law for law in LAWS if not names or any(_is_meant(law, name) for name in names)]


def _is_meant(law: Law, name: str) -> bool:
    return name in (law.name, law.name.split(".", 1)[0])


def _list(laws: Sequence[Law], *, json_: bool) -> None:
    if json_:
        as_json([{"name": law.name, "sentence": law.sentence} for law in laws])
    else:
        table(["law", "says"], [(law.name, law.sentence) for law in laws])


async def _examined(opened: Desk, laws: Sequence[Law], tenant: str | None, most: int) -> Report:
    from tradepost.wiring.doctor import View, Visit, examine, shops_of

    if tenant is not None:
        shop = await shop_named(opened, tenant)
        shops = [Visit(shop.id, shop.code)]
        laws = [law for law in laws if law.view is View.TENANT]
    else:
        shops = await shops_of(opened.store)
    with _watching() as watch:
        return await examine(opened.store, laws, shops, most=most, watch=watch)


@contextmanager
def _watching() -> Iterator[Watch]:
    """Tell on a terminal what is being looked at."""
    if not sys.stderr.isatty():
        yield lambda law, shop: None
        return
    from rich.console import Console

    with Console(file=sys.stderr).status("") as status:

        def watch(law: Law, shop: Visit | None) -> None:
            status.update(f"{shop.code if shop else 'all shops'}: {law.name}")

        yield watch


def _show(report: Report) -> None:
    table(
        ["law", "rows", "breaches", "seconds", ""],
        [(one.name, *_figures(one.figures), one.sentence) for one in report.laws],
        right=["rows", "breaches", "seconds"],
    )
    if len(report.shops) > 1:
        click.echo()
        table(
            ["shop", "rows", "breaches", "seconds"],
            [(one.code, *_figures(one.figures)) for one in report.shops],
            right=["rows", "breaches", "seconds"],
        )
    if report.breaches:
        click.echo()
        _tell(report.breaches)
    click.echo()
    _conclude(report)


def _figures(figures: Figures) -> tuple[str, str, str]:
    return f"{figures.rows:,}", f"{figures.breaches:,}", f"{figures.seconds:.2f}"


def _tell(breaches: Sequence[Breach]) -> None:
    rows = [
        (
            one.law,
            one.shop or "all",
            ", ".join(f"{name} {value}" for name, value in one.keys.items()),
            one.expected,
            one.found,
        )
        for one in breaches
    ]
    table(["broken law", "shop", "where", "expected", "found"], rows)


def _conclude(report: Report) -> None:
    seconds = sum(one.figures.seconds for one in report.laws)
    laws, shops = (_plural(len(report.laws), "law"), _plural(len(report.shops), "shop"))
    seen = f"{laws} in {shops}, {seconds:.1f} s"
    if report.holds:
        click.echo(f"{click.style('Sound', fg='green', bold=True)}: {seen}.")
    else:
        broken = ", ".join(report.broken)
        click.echo(f"{click.style('Broken', fg='red', bold=True)}: {broken} ({seen}).")


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
