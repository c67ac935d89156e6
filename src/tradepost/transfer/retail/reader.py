"""Reads invoice lines one by one; a fault is told with its line and column."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter

from tradepost.transfer import errors
from tradepost.transfer.retail import cells
from tradepost.transfer.retail.kinds import check
from tradepost.transfer.retail.line import RetailLine

_PARSERS: dict[str, Callable[[str], object]] = {
    "InvoiceNo": cells.invoice,
    "StockCode": cells.stock_code,
    "Description": cells.description,
    "Quantity": cells.quantity,
    "InvoiceDate": cells.instant,
    "UnitPrice": cells.price_micros,
    "CustomerID": cells.customer,
    "Country": cells.country,
}
COLUMNS = tuple(_PARSERS)


def retail_lines(text: Iterable[str]) -> Iterator[RetailLine]:
    """The lines below the header; empty ones are passed over.

    Raises the refusals of ``transfer.errors``, each after all lines before the fault.
    """
    rows = _rows(text)
    _, header = next(rows, (1, []))
    pick = itemgetter(*_positions(header))
    for number, row in rows:
        if len(row) != len(header):
            raise errors.WrongFieldCount(number, len(row), len(header))
        yield _line(number, pick(row))


def _rows(text: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, strict=True)
    number = 1
    try:
        for row in reader:
            if row:
                yield number, row
            number = reader.line_num + 1  # a quoted value may span lines: count where it began
    except csv.Error as fault:
        raise errors.NotSeparated(number, str(fault)) from None


def _positions(header: Sequence[str]) -> list[int]:
    names = [name.strip() for name in header]
    absent = [name for name in COLUMNS if name not in names]
    if absent:
        raise errors.MissingColumn(", ".join(absent))
    for name in COLUMNS:
        if names.count(name) > 1:
            raise errors.RepeatedColumn(name)
    return [names.index(name) for name in COLUMNS]


def _line(number: int, row: Sequence[str]) -> RetailLine:
    invoice, code, description, quantity, instant, price, customer, country = row
    try:
        line = RetailLine(
            number,
            cells.invoice(invoice),
            cells.stock_code(code),
            cells.description(description),
            cells.quantity(quantity),
            cells.instant(instant),
            cells.price_micros(price),
            cells.customer(customer),
            cells.country(country),
        )
    except cells.Rejected:
        raise _blame(number, row) from None
    if line.quantity < 0 or line.unit_price_micros < 0 or line.invoice[0] == "C":
        check(line, quantity, price)
    return line


def _blame(number: int, row: Sequence[str]) -> errors.BadCell:
    """The refusal with its column; parsed a second time, so that good lines pay nothing."""
    for (column, parse), text in zip(_PARSERS.items(), row, strict=True):
        try:
            parse(text)
        except cells.Rejected as rejected:
            return rejected.reason(number, column, text[:80])
    raise AssertionError("one of the cells was rejected")
