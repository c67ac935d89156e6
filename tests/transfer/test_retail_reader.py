"""Lines as values, their quirks, and faults told by line and column."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transfer.retail_samples import (
    Row,
    csv_text,
    lines_of,
    read,
    row,
    until_refusal,
    whole,
    write,
)
from tradepost.kernel import countries
from tradepost.kernel.errors import Refusal
from tradepost.transfer import errors
from tradepost.transfer.retail.countries import COUNTRY_CODES
from tradepost.transfer.retail.line import RetailLine
from tradepost.transfer.retail.reader import COLUMNS, retail_lines


def read_rows(*rows: Row) -> list[RetailLine]:
    return list(retail_lines(lines_of(csv_text(rows))))


def refusal_of(*rows: Row) -> Refusal:
    with pytest.raises(Refusal) as refused:
        read_rows(*rows)
    return refused.value


def test_a_line_becomes_values() -> None:
    cells = row("700001", "Tea01a", " TEA, TIN ", "12", at="2021-07-01 09:05:00", price="2.55")
    [line] = read_rows((*cells[:-1], "EIRE"))
    assert line == RetailLine(
        line_number=2,
        invoice="700001",
        stock_code="Tea01a",
        description="TEA, TIN",
        quantity=12,
        instant=datetime(2021, 7, 1, 8, 5, tzinfo=UTC),
        unit_price_micros=2_550_000,
        customer="501",
        country="IE",
    )
    assert line.sku_key == "tea01a"
    assert line.money_micros == 30_600_000


def test_quirks_of_descriptions() -> None:
    texts = ['10" PAN, BLUE', "£10 VOUCHER", "", "  "]
    lines = read_rows(*(row(description=text) for text in texts))
    assert [line.description for line in lines] == ['10" PAN, BLUE', "£10 VOUCHER", "", ""]
    assert [line.title for line in lines][2:] == ["TEA01", "TEA01"]


def test_guests_and_countries_without_code() -> None:
    lines = read_rows(row(customer="", country="Unspecified"), row(country="Channel Islands"))
    assert [(line.customer, line.country) for line in lines] == [(None, "ZZ"), ("501", "ZZ")]


def test_all_country_names_have_a_known_code() -> None:
    assert set(COUNTRY_CODES.values()) <= countries.KNOWN
    assert [COUNTRY_CODES[name] for name in ("EIRE", "RSA", "USA")] == ["IE", "ZA", "US"]
    assert len(COUNTRY_CODES) == 38


@pytest.mark.parametrize(
    ("price", "micros"),
    [("0", 0), ("0.001", 1_000), ("7", 7_000_000), ("9999999.999999", 9_999_999_999_999)],
)
def test_prices_are_exact(price: str, micros: int) -> None:
    [line] = read_rows(row(price=price))
    assert line.unit_price_micros == micros


def test_adjustments_alone_have_prices_below_zero() -> None:
    [line] = read_rows(row("A700001", "B", quantity="1", price="-11062.06", customer=""))
    assert line.money_micros == -11_062_060_000


def test_columns_are_found_by_name() -> None:
    order = [7, 0, 3, 1, 2, 6, 5, 4]
    shuffled = [[cells[i] for i in order] + ["extra"] for cells in [row(), row("700002")]]
    text = csv_text(shuffled, [*(COLUMNS[i] for i in order), "Note"])
    lines = list(retail_lines(lines_of(text)))
    assert lines == read_rows(row(), row("700002"))


def test_values_over_several_lines_keep_the_count() -> None:
    text = csv_text([row(), row(customer="x")]).replace("CustomerID,", '"Customer\nID",CustomerID,')
    text = text.replace(",501.0", ',"a\nb",501.0').replace(",x,", ',"a\nb",x,')
    with pytest.raises(errors.NotACustomer) as refused:
        list(retail_lines(lines_of(text)))
    assert refused.value.line == 5


def test_empty_lines_are_passed_over() -> None:
    text = csv_text([row(), row()]).replace("\n", "\n\n")
    assert [line.line_number for line in retail_lines(lines_of(text))] == [3, 5]


WRONG_CELLS = [
    ("UnitPrice", "abc", "'abc' is not a decimal number."),
    ("UnitPrice", "", "'' is not a decimal number."),
    ("UnitPrice", "1e3", "'1e3' is not a decimal number."),
    ("UnitPrice", "1,25", "'1,25' is not a decimal number."),
    ("UnitPrice", "٣", "'٣' is not a decimal number."),
    ("UnitPrice", "NaN", "'NaN' is not a decimal number."),
    ("UnitPrice", "1.", "'1.' is not a decimal number."),
    ("UnitPrice", "0.0000001", "'0.0000001' is not a decimal number."),
    ("UnitPrice", "10000000", "'10000000' is beyond 9,999,999."),
    ("UnitPrice", "-1", "only an adjustment (invoice A…) can have the price -1."),
    ("Quantity", "1.5", "'1.5' is not a whole number."),
    ("Quantity", "1000000000000000000", "'1000000000000000000' is beyond 9,999,999."),
    ("Quantity", "0", "a quantity of 0 moves nothing."),
    ("InvoiceDate", "01/03/2021 10:00", "'01/03/2021 10:00' is not a date with time."),
    ("InvoiceDate", "2021-02-29 10:00:00", "'2021-02-29 10:00:00' is not a date with time."),
    ("InvoiceDate", "2021-03-01 24:00:00", "'2021-03-01 24:00:00' is not a date with time."),
    (
        "InvoiceDate",
        "2021-03-28 01:30:00",
        "'2021-03-28 01:30:00' was skipped by the clocks in Europe/London.",
    ),
    ("InvoiceNo", "", "'' is not an invoice number."),
    ("InvoiceNo", "c700001", "'c700001' is not an invoice number."),
    ("StockCode", " ", "' ' is not a stock code."),
    ("StockCode", "T\x07EA", r"'T\x07EA' is not a stock code."),
    ("Description", "a\x1bb", r"'a\x1bb' is not a description."),
    ("CustomerID", "501.5", "'501.5' is not a customer number."),
    ("Country", "United", "'United' is not a country known here."),
    ("Country", "", "'' is not a country known here."),
]


@pytest.mark.parametrize(("column", "value", "problem"), WRONG_CELLS)
def test_wrong_cells_are_told_by_line_and_column(column: str, value: str, problem: str) -> None:
    cells = list(row())
    cells[COLUMNS.index(column)] = value
    refusal = refusal_of(row(), row(), tuple(cells))
    assert refusal.message == f"line 4, column {column}: {problem}"
    assert refusal.facts() == {"line": 4, "column": column, "value": value}
    assert refusal.remedy


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (row("C700001", quantity="2"), errors.CreditAddsGoods),
        (row("C700001", "POST", quantity="2"), errors.CreditAddsGoods),
        (row("C700001", quantity="-2", price="-1"), errors.PriceBelowZero),
        (row(quantity="-2"), errors.WriteOffPriced),
        (row(code="post", quantity="-2"), errors.ServiceBelowZero),
    ],
)
def test_what_no_kind_can_book(cells: Row, reason: type[Refusal]) -> None:
    assert type(refusal_of(cells)) is reason


def test_a_long_wrong_value_is_told_in_part() -> None:
    refusal = refusal_of(row(price="x" * 5_000))
    assert len(refusal.message) < 200


def test_missing_columns_are_named() -> None:
    header = [name for name in COLUMNS if name not in {"UnitPrice", "Country"}]
    with pytest.raises(errors.MissingColumn) as refused:
        list(retail_lines([",".join(header)]))
    assert refused.value.message == "line 1: the header has no column UnitPrice, Country."
    with pytest.raises(errors.MissingColumn):
        list(retail_lines([]))


def test_repeated_column() -> None:
    with pytest.raises(errors.RepeatedColumn):
        list(retail_lines([",".join([*COLUMNS, "Quantity"])]))


def test_wrong_number_of_fields() -> None:
    assert refusal_of(row(), row()[:5]).message == "line 3: 5 fields where the header has 8."
    assert isinstance(refusal_of((*row(), "more")), errors.WrongFieldCount)


@pytest.mark.parametrize("cell", ['"TEA" TIN', '"TEA TIN', "TEA\rTIN"])
def test_quotes_that_do_not_match(cell: str) -> None:
    text = csv_text([row(), row(description="@")]).replace("@", cell)
    with pytest.raises(errors.NotSeparated) as refused:
        list(retail_lines(lines_of(text)))
    assert refused.value.line == 3


def test_bad_number_keeps_everything_before(tmp_path: Path) -> None:
    """The documents that had closed come out, the open ones do not; the mended file goes on."""
    rows = [row(str(700_000 + n), at=f"2021-03-01 10:{n:02}:00") for n in range(60)]
    rows = [cells for cells in rows for _ in range(50)]
    good = write(tmp_path / "good.gz", csv_text(rows))
    rows[2_000 - 2] = row("700039", at="2021-03-01 10:39:00", price="abc")
    bad = write(tmp_path / "bad.gz", csv_text(rows))

    kept, refusal = until_refusal(read(bad))
    assert isinstance(refusal, errors.NotADecimal)
    assert refusal.message == "line 2000, column UnitPrice: 'abc' is not a decimal number."
    everything = list(read(good))
    assert kept == everything[: len(kept)]
    assert [document.invoice for document in whole(kept)][-1] == "700037"
    assert len(whole(everything)) == 60


TEXT = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=40)
PRICES = st.integers(0, 9_999_999).map(str) | st.decimals(
    0, 9_999_999, places=6, allow_nan=False, allow_infinity=False
).map("{:f}".format)


@given(TEXT, TEXT.filter(str.strip), st.integers(1, 9_999_999), PRICES, st.integers(0, 10**12 - 1))
def test_what_is_written_is_read(
    description: str, code: str, units: int, price: str, customer: int
) -> None:
    cells = row("700001", code, description, str(units), price=price, customer=f"{customer}.0")
    [line] = read_rows(cells)
    assert line.description == description.strip()
    assert line.stock_code == code.strip()
    assert line.quantity == units
    assert line.unit_price_micros == Decimal(price) * 10**6
    assert line.customer == str(customer)
