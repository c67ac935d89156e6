"""Invoices put together in the time of the file, their kinds, and the ends of days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transfer.retail_samples import (
    Row,
    assemble,
    csv_text,
    lines_of,
    read,
    row,
    until_refusal,
    whole,
    write,
)
from tradepost.kernel.errors import Refusal
from tradepost.transfer import errors
from tradepost.transfer.retail.days import DayEnd
from tradepost.transfer.retail.documents import documents
from tradepost.transfer.retail.kinds import LineKind as Kind
from tradepost.transfer.retail.reader import retail_lines


def invoices(*rows: Row) -> list[str]:
    return [document.invoice for document in whole(assemble(*rows))]


def day_ends(*rows: Row) -> list[DayEnd]:
    return [event for event in assemble(*rows) if isinstance(event, DayEnd)]


def at(time: str, invoice: str = "700001", code: str = "TEA01", price: str = "1.25") -> Row:
    return row(invoice, code, at=f"2021-03-{time}:00", price=price)


def test_an_invoice_is_one_document_of_the_instant_of_its_first_line() -> None:
    [document] = whole(assemble(at("01 10:00"), at("01 10:00"), at("01 10:01", code="tea01")))
    assert document.opened_at == datetime(2021, 3, 1, 10, tzinfo=UTC)
    assert (document.customer, document.country) == ("501", "GB")
    assert [line.stock_code for line in document.lines] == ["TEA01", "TEA01", "tea01"]
    assert (document.first_line_number, document.last_line_number) == (2, 4)


def test_interleaved_invoices_come_in_the_order_of_their_first_lines() -> None:
    lines = [at("01 10:00", "700002"), at("01 10:00", "700001"), at("01 10:01", "700002")]
    assert invoices(*lines, at("01 10:05", "700003")) == ["700002", "700001", "700003"]


def test_an_invoice_grows_for_less_than_two_minutes() -> None:
    first, second = at("01 10:00"), at("01 10:01", "700002")
    assert len(whole(assemble(first, second, at("01 10:01")))[0].lines) == 2
    with pytest.raises(errors.InvoiceClosed) as refused:
        assemble(first, second, at("01 10:02"))
    assert refused.value.facts() == {"line": 4, "invoice": "700001", "closed_at_line": 2}


def test_documents_come_as_soon_as_they_close(tmp_path: Path) -> None:
    lines = [at("01 10:00", "700001"), at("01 10:01", "700002"), at("01 10:02", "700003")]
    path = write(tmp_path / "a.csv", csv_text([*lines, row(price="?")]))
    seen, refusal = until_refusal(read(path))
    assert [document.invoice for document in whole(seen)] == ["700001"]
    assert isinstance(refusal, errors.NotADecimal)


def test_time_going_back() -> None:
    with pytest.raises(errors.TimeGoesBack) as refused:
        assemble(at("01 10:01"), at("01 10:00", "700002"))
    assert refused.value.message == (
        "line 3, column InvoiceDate: '2021-03-01 10:00:00' is earlier than the line above."
    )


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (row(customer="502.0"), errors.CustomerChanges),
        (row(customer=""), errors.CustomerChanges),
        (row(country="France"), errors.CountryChanges),
    ],
)
def test_an_invoice_has_one_customer_and_one_country(second: Row, reason: type[Refusal]) -> None:
    with pytest.raises(reason):
        assemble(row(), second)


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        ([row("A700001", "B", price="-5", customer="")], [Kind.ADJUSTMENT]),
        ([row(code=" Bank Charges"), row(code="GIFT_0001_20")], [Kind.SERVICE, Kind.SERVICE]),
        ([row(code="m"), row(code="PADS", price="0")], [Kind.SERVICE, Kind.SERVICE]),
        ([row(code="POSTCARD"), row(code="gift")], [Kind.SALE, Kind.SALE]),
        (
            [row("C700001", quantity="-1"), row("C700001", "d", quantity="-1")],
            [Kind.RETURN, Kind.SERVICE_RETURN],
        ),
        ([row(quantity="-4", price="0", customer="")], [Kind.WRITE_OFF]),
        ([row(price="0", customer="")] * 2, [Kind.FOUND, Kind.FOUND]),
        (
            [row(price="0", customer=""), row(code="DOT", price="0", customer="")],
            [Kind.FOUND, Kind.SERVICE],
        ),
        ([row(price="0", customer=""), row(customer="")], [Kind.SALE, Kind.SALE]),
        ([row(price="0", customer=""), row(code="DOT", customer="")], [Kind.SALE, Kind.SERVICE]),
        ([row(price="0")], [Kind.SALE]),
    ],
)
def test_kinds(lines: list[Row], kinds: list[Kind]) -> None:
    [document] = whole(assemble(*lines))
    assert list(document.kinds) == kinds
    assert document.mix == set(kinds)
    assert [line for kind in document.mix for line in document.of(kind)]


def test_a_day_ends_with_the_last_title_and_price_of_each_article() -> None:
    [first, second] = day_ends(
        row("700001", "tea01", " OLD ", price="1", at="2021-03-01 09:00:00"),
        row("700001", "CUP", "CUP", price="3", at="2021-03-01 09:00:00"),
        row("700002", "TEA01", "NEW", price="2", at="2021-03-01 10:00:00"),
        row("700003", "TEA01", "?", price="0", at="2021-03-01 11:00:00"),
        row("700003", "TEA01", " ", price="5", at="2021-03-01 11:00:00"),
        row("A70003", "B", "debt", price="5", at="2021-03-01 11:00:00"),
        row("700004", "CUP", "CUP", price="4", at="2021-03-03 11:00:00"),
    )
    articles = [(each.sku_key, each.title, each.unit_price_micros) for each in first.articles]
    assert articles == [("cup", "CUP", 3_000_000), ("tea01", "NEW", 2_000_000)]
    assert (first.day, second.day) == (date(2021, 3, 1), date(2021, 3, 3))
    assert [each.unit_price_micros for each in second.articles] == [4_000_000]


def test_the_last_line_of_the_file_wins_over_the_last_document() -> None:
    [end] = day_ends(
        at("01 10:00", "700001", price="1"),
        at("01 10:00", "700002", price="2"),
        at("01 10:01", "700001", price="3"),
    )
    assert [each.unit_price_micros for each in end.articles] == [3_000_000]


def test_a_day_ends_at_local_midnight() -> None:
    [end] = day_ends(row(at="2021-07-01 10:00:00"))
    assert end.instant == datetime(2021, 7, 1, 23, tzinfo=UTC)


def test_a_document_open_over_midnight_belongs_to_the_day_it_was_opened_on() -> None:
    events = assemble(
        at("01 23:59", "700001", price="1"),
        at("02 00:00", "700002", price="2"),
        at("02 00:00", "700001", price="3"),
        at("02 09:00", "700003", price="4"),
    )
    first, end, second, third, last = events
    assert [document.invoice for document in whole([first, second, third])] == [
        "700001",
        "700002",
        "700003",
    ]
    assert isinstance(end, DayEnd)
    assert [each.unit_price_micros for each in end.articles] == [3_000_000]
    assert isinstance(last, DayEnd)
    assert [each.unit_price_micros for each in last.articles] == [4_000_000]


def test_no_lines_no_events() -> None:
    assert assemble() == []


TRADE = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=60)


@given(TRADE, st.data())
def test_a_file_cut_by_a_fault_gives_the_beginning_of_the_whole(
    steps: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Whatever the trade and wherever the fault: no look-ahead, no line lost or doubled."""
    minute = 23 * 60
    rows: list[Row] = []
    for later, desk in steps:
        minute += later
        opened = minute - minute % 2  # a desk writes to one invoice for two minutes at most
        clock = f"2021-03-{1 + minute // 1_440:02} {minute // 60 % 24:02}:{minute % 60:02}:00"
        rows.append(row(f"{desk}{opened:05}", f"T{len(rows)}", at=clock))
    everything = assemble(*rows)
    codes = [line.stock_code for document in whole(everything) for line in document.lines]
    assert sorted(codes) == sorted(cells[1] for cells in rows)
    opened_at = [document.opened_at for document in whole(everything)]
    assert opened_at == sorted(opened_at)

    cut = data.draw(st.integers(0, len(rows) - 1))
    bad = [*rows[:cut], row(quantity="?")]
    kept, refusal = until_refusal(documents(retail_lines(lines_of(csv_text(bad)))))
    assert isinstance(refusal, errors.NotAWholeNumber)
    assert kept == everything[: len(kept)]
