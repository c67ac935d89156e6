"""The file's figures, and the table that compares them with the store's."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tests.transfer.retail_samples import assemble, row, whole
from tradepost.transfer.retail.kinds import LineKind
from tradepost.transfer.retail.render import print_report, report_json
from tradepost.transfer.retail.report import Posted, Report, ReportRow, decimal_text
from tradepost.transfer.retail.tally import Figures, FileTally


def tally() -> FileTally:
    counted = FileTally()
    rows = [
        row("700001", quantity="4000", price="2.50"),
        row("700001", "PADS", quantity="1", price="0.001"),
        row("C700002", quantity="-2", price="2.50"),
        row("700003", "PADS", quantity="3", price="1"),
    ]
    for document in whole(assemble(*rows)):
        counted.add(document)
    return counted


def report() -> Report:
    """What a store tells that booked everything."""
    counted = tally()
    posted = {
        LineKind.SALE: (Posted("sale", 1_000_000),),
        LineKind.SERVICE: (Posted("sale", 200), Posted("fee", 100)),
        LineKind.RETURN: (Posted("refund", -500),),
    }
    rows = tuple(
        ReportRow(
            kind=kind,
            file=counted.figures(kind),
            booked=counted.figures(kind),
            posted=posted.get(kind, ()),
            fraction_micros=1_000 if kind is LineKind.SERVICE else 0,
        )
        for kind in LineKind
    )
    return Report(rows, counted.documents, counted.documents)


def printed(what: Report, width: int = 200, *, colour: bool = False) -> str:
    out = io.StringIO()
    environment = {"TERM": "xterm"} if colour else {}
    print_report(what, Console(file=out, width=width, force_terminal=colour, _environ=environment))
    return out.getvalue()


def test_tally() -> None:
    counted = tally()
    assert counted.figures(LineKind.SALE) == Figures(1, 1, 4_000, 10_000_000_000)
    assert counted.figures(LineKind.SERVICE) == Figures(2, 2, 4, 3_001_000)
    assert counted.figures(LineKind.RETURN) == Figures(1, 1, -2, -5_000_000)
    assert counted.figures(LineKind.FOUND) == Figures()
    assert (counted.documents, counted.lines, counted.micros) == (3, 4, 9_998_001_000)


def test_a_table_that_adds_up() -> None:
    assert report().agrees
    text = printed(report())
    lines = {line.split()[0]: line.split()[1:] for line in text.splitlines() if line.strip()}
    assert lines["sale"] == ["1", "1", "4,000", "10,000.00", "10,000.00", "10,000.00"]
    assert lines["service"] == ["2", "2", "4", "3.001", "3.001", "3.00"]
    assert lines["fractions"] == ["0.001"]
    assert lines["total"] == ["3", "4", "4,002", "9,998.001", "9,998.001", "9,998.001"]
    assert "posted by transfer code: sale 10,002.00, fee 1.00, refund -5.00" in text
    assert "The table adds up." in text


def test_amounts_are_never_cut_however_narrow_the_screen() -> None:
    assert printed(report(), width=20) == printed(report())
    assert "\x1b[" not in printed(report())
    assert "\x1b[" in printed(report(), colour=True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"posted": (Posted("sale", 999_999),)}, "10000.00 booked, 9999.99 posted and 0.00"),
        ({"booked": Figures(1, 1, 3_999, 10_000_000_000)}, "4,000 units in the file, 3,999 in"),
        ({"booked": Figures(1, 1, 4_000, 9_000_000_000)}, "10000.00 in the file, 9000.00 booked"),
        ({"fraction_micros": 1}, "10000.00 booked, 10000.00 posted and 0.000001 in fractions"),
    ],
)
def test_a_table_that_does_not_add_up(change: dict[str, object], told: str) -> None:
    whole_report = report()
    sale, *others = whole_report.rows
    wrong = replace(whole_report, rows=(replace(sale, **change), *others))  # type: ignore[arg-type]
    assert not wrong.agrees
    assert f"Does not add up: sale: {told}" in printed(wrong)
    assert not json.loads(report_json(wrong))["agrees"]


def test_a_missing_document() -> None:
    wrong = replace(report(), booked_documents=2)
    assert list(wrong.differences()) == ["total: 3 documents in the file, 2 in the store"]
    assert "3 ≠ 2" in printed(wrong)


def test_json_tells_amounts_as_text() -> None:
    told = json.loads(report_json(report()))
    assert told["agrees"] is True
    assert told["fractions"] == "0.001"
    assert [each["kind"] for each in told["rows"]] == [kind.value for kind in LineKind]
    assert told["rows"][1] == {
        "kind": "service",
        "file": {"documents": 2, "lines": 2, "units": 4, "money": "3.001"},
        "booked": {"documents": 2, "lines": 2, "units": 4, "money": "3.001"},
        "posted": "3.00",
        "fractions": "0.001",
        "posted_by_code": {"sale": "2.00", "fee": "1.00"},
    }
    assert told["total"]["posted_and_fractions"] == "9998.001"
    assert told["total"]["file"]["documents"] == 3


@given(st.integers(-(10**18), 10**18))
def test_decimal_text_is_exact(micros: int) -> None:
    text = decimal_text(micros, ",").replace(",", "")
    whole_part, decimals = text.removeprefix("-").split(".")
    assert 2 <= len(decimals) <= 6
    sign = -1 if text.startswith("-") else 1
    assert sign * (int(whole_part) * 10**6 + int(decimals.ljust(6, "0"))) == micros
