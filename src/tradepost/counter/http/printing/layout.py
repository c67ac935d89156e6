"""A receipt as rows: what stands left, what stands right, and how it is set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from tradepost.counter.domain.slip import Slip, SlipKind, SlipLine
from tradepost.counter.http.printing.words import WORDS, Language
from tradepost.kernel.money import Currency, Money
from tradepost.kernel.whole import decimal_text

COLUMNS = 42
"""Characters on a line of paper 80 mm wide, in the printer's first font."""
PPM_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a receipt; ``strong`` is set bold, ``centred`` has nothing on its right."""

    left: str
    right: str = ""
    strong: bool = False
    centred: bool = False


RULE = Row("-" * COLUMNS)


def rows_of(slip: Slip, language: Language) -> list[Row]:
    """The receipt, as it is printed this time: a copy after the first."""
    return [*_head(slip, language), RULE, *_lines(slip, language), RULE, *_foot(slip, language)]


def _head(slip: Slip, language: Language) -> Iterator[Row]:
    words, text = WORDS[language], slip.text
    yield Row(text.shop, strong=True, centred=True)
    yield Row(f"{words[slip.kind]} {text.register}-{slip.number}", centred=True)
    if slip.is_void:
        yield Row(f"*** {words['void']} ***", strong=True, centred=True)
    if slip.printed > 1:
        yield Row(f"*** {words['copy']} {slip.printed - 1} ***", strong=True, centred=True)
    yield Row(text.at.astimezone(ZoneInfo(text.time_zone)).strftime("%Y-%m-%d %H:%M"))
    if text.order_number is not None:
        yield Row(f"{words['order']} {text.order_number}")
    if text.of_receipt:
        yield Row(f"{words['of_receipt']} {text.of_receipt}")


def _lines(slip: Slip, language: Language) -> Iterator[Row]:
    for line in slip.text.lines:
        yield Row(line.title, _money(slip, line.amount))
        if line.quantity != 1 or line.price_per != 1:
            yield Row(f"  {_quantity(line)} x {line.price}")
        if line.discount:
            yield Row(f"  {WORDS[language]['off']}", _money(slip, -line.discount))


def _foot(slip: Slip, language: Language) -> Iterator[Row]:
    words, text = WORDS[language], slip.text
    yield Row(words["subtotal"], _money(slip, text.subtotal))
    if text.discount:
        yield Row(words["discount"], _money(slip, -text.discount))
    for one in text.taxes:
        rate = decimal_text(one.ppm, PPM_DECIMALS).rstrip("0").rstrip(".")
        told = words["tax"].format(rate=rate, net=_money(slip, one.net))
        yield Row(f"({told})" if text.tax_included else told, _money(slip, one.tax))
    if text.tax and not text.taxes:
        yield Row(f"({words['tax_inside']})", _money(slip, text.tax))
    if text.rounding:
        yield Row(words["rounding"], _money(slip, text.rounding))
    total = "total" if slip.kind is SlipKind.SALE else "given_back"
    yield Row(f"{words[total]} {text.currency}", _money(slip, text.total), strong=True)
    for given in text.tenders:
        yield Row(words.get(given.method, given.method), _money(slip, given.amount))
    if text.change:
        yield Row(words["change"], _money(slip, text.change))


def _quantity(line: SlipLine) -> str:
    """Whole pieces, or so much of the smallest unit of what is sold by measure."""
    return f"{line.quantity} {line.unit}" if line.price_per != 1 else str(line.quantity)


def _money(slip: Slip, amount: int) -> str:
    return Money(amount, Currency(slip.text.currency)).decimal_text


def wide(sign: str) -> bool:
    """Whether a sign takes the room of two."""
    return east_asian_width(sign) in "WF"


def width(text: str) -> int:
    """The room that text takes, in columns."""
    return sum(2 if wide(sign) else 1 for sign in text)


def wrapped(text: str, columns: int) -> list[str]:
    """Text on as many lines as it needs."""
    lines, line, room = [], "", columns
    for sign in text:
        size = 2 if wide(sign) else 1
        if size > room:
            lines.append(line)
            line, room = "", columns
        line += sign
        room -= size
    return [*lines, line]


def lines_of(row: Row, columns: int = COLUMNS) -> list[str]:
    """A row as lines of paper: the amount on the right of the last."""
    if row.centred:
        return [" " * ((columns - width(one)) // 2) + one for one in wrapped(row.left, columns)]
    room = columns - (width(row.right) + 1 if row.right else 0)
    *above, last = wrapped(row.left, max(room, 1))
    gap = columns - width(last) - width(row.right)
    return [*above, last + " " * gap + row.right if row.right else last]
