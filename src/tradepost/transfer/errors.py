"""Why a file is not taken in; every reason says where in the file it lies."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import Invalid, NotFound, TooLarge


@dataclass(eq=False)
class NoSuchFile(NotFound):
    """There is no file {path}.

    Check the spelling and the folder that the command was started in.
    """

    path: str


@dataclass(eq=False)
class FileUnreadable(Invalid):
    """{path} cannot be read: {problem}

    Name a file that this user may read.
    """

    path: str
    problem: str


@dataclass(eq=False)
class NotGzip(Invalid):
    """{path} is named .gz but does not hold gzip data.

    Compress the file, or give it a name without .gz if it is plain text.
    """

    path: str


@dataclass(eq=False)
class GzipTruncated(Invalid):
    """line {line}: the compressed file breaks off here.

    Fetch the whole file and start again: what came before is kept and not taken twice.
    """

    line: int


@dataclass(eq=False)
class GzipDamaged(Invalid):
    """line {line}: the compressed file is damaged: {problem}

    Fetch the file anew and start again: what came before is kept and not taken twice.
    """

    line: int
    problem: str


@dataclass(eq=False)
class MissingColumn(Invalid):
    """line 1: the header has no column {columns}.

    Add the column; the order of columns does not matter and further ones are passed over.
    """

    columns: str


@dataclass(eq=False)
class RepeatedColumn(Invalid):
    """line 1: the header names the column {column} more than once.

    Leave one of them.
    """

    column: str


@dataclass(eq=False)
class WrongFieldCount(Invalid):
    """line {line}: {found} fields where the header has {expected}.

    Put values that hold commas into quotes, and write empty values as empty fields.
    """

    line: int
    found: int
    expected: int


@dataclass(eq=False)
class NotSeparated(Invalid):
    """line {line}: is not comma-separated text: {problem}

    Put values with commas or quotes into quotes and double each quote inside (RFC 4180).
    """

    line: int
    problem: str


@dataclass(eq=False)
class NulByte(Invalid):
    """line {line}: holds a NUL byte, so this is not text.

    Save the file as UTF-8 text.
    """

    line: int


@dataclass(eq=False)
class NotUtf8(Invalid):
    """line {line}: byte {position} of the line is not UTF-8.

    Save the file as UTF-8 text.
    """

    line: int
    position: int


@dataclass(eq=False)
class LineTooLong(TooLarge):
    """line {line}: is longer than {limit} bytes.

    Check that the file is the intended one and that its lines end.
    """

    line: int
    limit: int


@dataclass(eq=False)
class InvoiceClosed(Invalid):
    """line {line}: invoice {invoice} was complete at line {closed_at_line} and cannot grow.

    Move the line up to the others of its invoice: an invoice closes two minutes after its first
    line, in the time of the file.
    """

    line: int
    invoice: str
    closed_at_line: int


@dataclass(eq=False)
class BadCell(Invalid):
    """line {line}, column {column}: {value!r} is not accepted.

    Mend the value and start again: what came before is kept and not taken twice.
    """

    line: int
    column: str
    value: str


class NotADecimal(BadCell):
    """line {line}, column {column}: {value!r} is not a decimal number.

    Write it with a point and at most six decimals, without exponent or separators: 1234.56.
    """


class NotAWholeNumber(BadCell):
    """line {line}, column {column}: {value!r} is not a whole number.

    Write digits only, with a minus sign before them where less than zero is meant.
    """


class NumberTooLarge(BadCell):
    """line {line}, column {column}: {value!r} is beyond 9,999,999.

    Check the number, and split the line if it is meant.
    """


class NotADate(BadCell):
    """line {line}, column {column}: {value!r} is not a date with time.

    Write it as YYYY-MM-DD HH:MM:SS, in the local time of the shop.
    """


class NoSuchLocalTime(BadCell):
    """line {line}, column {column}: {value!r} was skipped by the clocks in Europe/London.

    Check the time: in that night the clocks went forward over it.
    """


class TimeGoesBack(BadCell):
    """line {line}, column {column}: {value!r} is earlier than the line above.

    Sort the lines by time; the order of the file is the order of the trade.
    """


class NotAnInvoice(BadCell):
    """line {line}, column {column}: {value!r} is not an invoice number.

    Write up to 12 digits, with A (adjustment) or C (credit) before them at most.
    """


class NotAStockCode(BadCell):
    """line {line}, column {column}: {value!r} is not a stock code.

    Write 1 to 64 printable characters.
    """


class NotADescription(BadCell):
    """line {line}, column {column}: {value!r} is not a description.

    Write at most 255 printable characters on one line.
    """


class NotACustomer(BadCell):
    """line {line}, column {column}: {value!r} is not a customer number.

    Write up to 12 digits, or nothing for a guest.
    """


class UnknownCountry(BadCell):
    """line {line}, column {column}: {value!r} is not a country known here.

    Write the English name as it appears in the file's other lines, or Unspecified.
    """


class NothingMoved(BadCell):
    """line {line}, column {column}: a quantity of {value} moves nothing.

    Write the quantity that was traded, or take the line out.
    """


class CreditAddsGoods(BadCell):
    """line {line}, column {column}: a credit (invoice C…) cannot have the quantity {value}.

    Write the quantity below zero, or take the C off the invoice number.
    """


class ServiceBelowZero(BadCell):
    """line {line}, column {column}: a service of {value} belongs on a credit (invoice C…).

    Put C before the invoice number, or write the quantity above zero.
    """


class PriceBelowZero(BadCell):
    """line {line}, column {column}: only an adjustment (invoice A…) can have the price {value}.

    Write the price above zero, and a quantity below zero on a credit (invoice C…).
    """


class WriteOffPriced(BadCell):
    """line {line}, column {column}: goods written off carry no money, but the price is {value}.

    Write the price 0, or put C before the invoice number if the goods came back for money.
    """


class CustomerChanges(BadCell):
    """line {line}, column {column}: {value!r} is not the customer of the invoice's first line.

    Give all lines of an invoice the same customer, or none.
    """


class CountryChanges(BadCell):
    """line {line}, column {column}: {value!r} is not the country of the invoice's first line.

    Give all lines of an invoice the same country.
    """


class NotAnItem(BadCell):
    """line {line}, column {column}: {value!r} is no dish of a menu.

    Give each dish an identifier of its own, a name and a category.
    """


class NotOnTheMenu(BadCell):
    """line {line}, column {column}: the menu has no dish {value!r}.

    Add it to the menu, or write NULL where nobody knows what it was.
    """


class NotASitting(BadCell):
    """line {line}, column {column}: {value!r} is no order, or one that was closed above.

    Number orders by whole numbers, and keep the lines of an order together.
    """


@dataclass(eq=False)
class NoMenu(NotFound):
    """There is no menu {path} beside the orders.

    Put restaurant_menu_items.csv into the same folder.
    """

    path: str
