"""The report for people and for scripts."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from tradepost.transfer.retail.report import (
    CURRENCY,
    MICROS_PER_MINOR,
    Posted,
    Report,
    ReportRow,
    decimal_text,
)
from tradepost.transfer.retail.tally import Figures

_COUNTS = ("documents", "lines", "units")
_MONEY = ("file", "booked", "posted")


def print_report(report: Report, console: Console) -> None:
    """Print the aligned table; coloured where the console is a terminal that has colours.

    A count of the store that is not the file's is shown as ``file ≠ store``. Lines are never
    folded nor cut, since a cut amount is a wrong amount.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("kind", no_wrap=True)
    for name in (*_COUNTS, *_MONEY):
        table.add_column(name, justify="right", no_wrap=True)
    for row in report.rows:
        counts, money = _both_counts(row.file, row.booked), _both_money(row.file, row.booked)
        table.add_row(row.kind.value, *counts, *money, _posted_cell(row))
    fractions = Text(decimal_text(report.fraction_micros, ","), "dim")
    table.add_row(Text("fractions", "dim"), "", "", "", "", "", fractions)
    table.add_section()
    table.add_row("total", *_total_cells(report), style="bold")
    table.width = Measurement.get(console, console.options.update(max_width=1_000), table).maximum
    console.print(table, soft_wrap=True)
    for line in _notes(report):
        console.print(line, soft_wrap=True)


def report_json(report: Report) -> bytes:
    """The report as JSON; amounts are decimal text in pounds."""
    document = {
        "currency": CURRENCY,
        "agrees": report.agrees,
        "rows": [_row_json(row) for row in report.rows],
        "fractions": decimal_text(report.fraction_micros),
        "total": {
            "file": _figures_json(report.file_total),
            "booked": _figures_json(report.booked_total),
            "posted_and_fractions": decimal_text(report.posted_micros),
        },
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _row_json(row: ReportRow) -> dict[str, object]:
    return {
        "kind": row.kind.value,
        "file": _figures_json(row.file),
        "booked": _figures_json(row.booked),
        "posted": _minor_text(row.posted_minor),
        "fractions": decimal_text(row.fraction_micros),
        "posted_by_code": {code: _minor_text(minor) for code, minor in _by_code(row.posted)},
    }


def _figures_json(figures: Figures) -> dict[str, object]:
    return {
        "documents": figures.documents,
        "lines": figures.lines,
        "units": figures.units,
        "money": decimal_text(figures.micros),
    }


def _minor_text(minor: int, separator: str = "") -> str:
    return decimal_text(minor * MICROS_PER_MINOR, separator)


def _both_counts(file: Figures, booked: Figures) -> list[Text]:
    return [_both(f"{getattr(file, name):,}", f"{getattr(booked, name):,}") for name in _COUNTS]


def _both_money(file: Figures, booked: Figures) -> list[Text]:
    wanted, found = decimal_text(file.micros, ","), decimal_text(booked.micros, ",")
    return [Text(wanted), Text(found, "" if wanted == found else "red")]


def _posted_cell(row: ReportRow) -> str:
    return _minor_text(row.posted_minor, ",") if row.posted else ""


def _both(wanted: str, found: str) -> Text:
    return Text(wanted) if wanted == found else Text(f"{wanted} ≠ {found}", "red")


def _total_cells(report: Report) -> list[Text]:
    file, booked = report.file_total, report.booked_total
    posted = decimal_text(report.posted_micros, ",")
    matches = report.posted_micros == file.micros
    money = [*_both_money(file, booked), Text(posted, "" if matches else "red")]
    return [*_both_counts(file, booked), *money]


def _notes(report: Report) -> list[Text]:
    codes = _by_code(entry for row in report.rows for entry in row.posted)
    told = ", ".join(f"{code} {_minor_text(minor, ',')}" for code, minor in codes)
    notes = [Text(f"posted by transfer code: {told}")] if told else []
    if report.agrees:
        return [*notes, Text("The table adds up.", "green")]
    return notes + [Text(f"Does not add up: {line}", "red") for line in report.differences()]


def _by_code(entries: Iterable[Posted]) -> Iterable[tuple[str, int]]:
    sums: dict[str, int] = {}
    for entry in entries:
        sums[entry.code] = sums.get(entry.code, 0) + entry.minor
    return sums.items()
