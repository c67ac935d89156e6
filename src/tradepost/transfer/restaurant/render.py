"""The report for people and for scripts."""

from __future__ import annotations

import msgspec
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from tradepost.transfer.restaurant.report import MICROS_PER_MINOR, Counts, Figures, Report
from tradepost.transfer.retail.report import decimal_text

CURRENCY = "USD"


def print_report(report: Report, console: Console) -> None:
    """The aligned table; a count of the store that is not the file's stands beside it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("category", no_wrap=True)
    for name in ("lines", "units", "file", "booked", "sold", "paid"):
        table.add_column(name, justify="right", no_wrap=True)
    for category in sorted(report.file.keys() | report.booked.keys()):
        cells = _cells(report.file.get(category), report.booked.get(category))
        table.add_row(category, *cells, "", "")
    table.add_row(Text("no dish named", "dim"), f"{report.nameless:,}", "", "", "", "", "")
    table.add_section()
    money = _minor(report.sold, ","), _minor(report.paid, ",")
    whole = Figures(report.lines, report.file_total.units, report.file_total.micros)
    booked = Figures(report.booked_total.lines + report.nameless, *_rest(report.booked_total))
    table.add_row("total", *_cells(whole, booked), *money, style="bold")
    table.width = Measurement.get(console, console.options.update(max_width=1_000), table).maximum
    console.print(table, soft_wrap=True)
    for name in ("tabs", "closed", "orders", "cooked"):
        file, store = getattr(report.file_counts, name), getattr(report.booked_counts, name)
        console.print(_both(name, f"{file:,}", f"{store:,}"))
    if report.agrees:
        console.print(Text("The table adds up.", "green"))
    for line in report.differences():
        console.print(Text(f"Does not add up: {line}", "red"), soft_wrap=True)


def report_json(report: Report) -> bytes:
    """The report as JSON; amounts are decimal text in dollars."""
    document = {
        "currency": CURRENCY,
        "agrees": report.agrees,
        "lines": report.lines,
        "nameless": report.nameless,
        "file": {name: _figures(one) for name, one in sorted(report.file.items())},
        "booked": {name: _figures(one) for name, one in sorted(report.booked.items())},
        "counts": {"file": _counts(report.file_counts), "booked": _counts(report.booked_counts)},
        "total": {
            "file": _figures(report.file_total),
            "booked": _figures(report.booked_total),
            "sold": _minor(report.sold),
            "paid": _minor(report.paid),
            "owed": _minor(report.owed),
        },
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _rest(one: Figures) -> tuple[int, int]:
    return one.units, one.micros


def _cells(file: Figures | None, booked: Figures | None) -> list[Text]:
    wanted, found = file or Figures(), booked or Figures()
    counts = [
        _beside(f"{wanted.lines:,}", f"{found.lines:,}"),
        _beside(f"{wanted.units:,}", f"{found.units:,}"),
    ]
    money = decimal_text(wanted.micros, ","), decimal_text(found.micros, ",")
    return [*counts, Text(money[0]), Text(money[1], "" if money[0] == money[1] else "red")]


def _both(name: str, wanted: str, found: str) -> Text:
    return Text(f"{name}: ") + _beside(wanted, found)


def _beside(wanted: str, found: str) -> Text:
    return Text(wanted) if wanted == found else Text(f"{wanted} ≠ {found}", "red")


def _minor(minor: int, separator: str = "") -> str:
    return decimal_text(minor * MICROS_PER_MINOR, separator)


def _figures(one: Figures) -> dict[str, object]:
    return {"lines": one.lines, "units": one.units, "money": decimal_text(one.micros)}


def _counts(one: Counts) -> dict[str, int]:
    return {
        "tabs": one.tabs,
        "closed": one.closed,
        "orders": one.orders,
        "cooked": one.cooked,
    }
