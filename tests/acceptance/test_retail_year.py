"""The whole year of UCI "Online Retail", read and accounted for to the last digit."""

from __future__ import annotations

import gzip
import itertools
from collections import Counter
from pathlib import Path

import pytest
from tests.transfer.retail_samples import Event, Shelves, read, until_refusal

from tradepost.transfer import errors
from tradepost.transfer.retail import DEMO_EXCERPT
from tradepost.transfer.retail.days import DayEnd
from tradepost.transfer.retail.documents import Document
from tradepost.transfer.retail.kinds import LineKind
from tradepost.transfer.retail.report import decimal_text
from tradepost.transfer.retail.stock import StockBook
from tradepost.transfer.retail.tally import FileTally

pytestmark = pytest.mark.acceptance

LINES_AND_MONEY = {
    LineKind.SALE: (528_157, "10271433.06"),
    LineKind.SERVICE: (2_363, "384189.424"),
    LineKind.RETURN: (8_704, "-478724.18"),
    LineKind.SERVICE_RETURN: (584, "-418088.31"),
    LineKind.ADJUSTMENT: (3, "-11062.06"),
    LineKind.WRITE_OFF: (1_336, "0.00"),
    LineKind.FOUND: (762, "0.00"),
}
MIXES = {
    "sale": 17_680,
    "return": 3_359,
    "sale service": 2_105,
    "write_off": 1_336,
    "found": 752,
    "service_return": 414,
    "service": 187,
    "return service_return": 63,
    "adjustment": 3,
    "found service": 1,
}


@pytest.fixture(scope="module")
def year(shared_data: Path) -> Path:
    """All 541,909 lines."""
    return shared_data / "retail" / "online_retail.csv.gz"


def test_every_line_is_counted_once(year: Path) -> None:
    counted, days, mixes = FileTally(), 0, Counter[str]()
    for event in read(year):
        if isinstance(event, DayEnd):
            days += 1
            continue
        counted.add(event)
        mixes[" ".join(sorted(event.mix))] += 1
    assert mixes == MIXES
    assert days == 305
    figures = {kind: counted.figures(kind) for kind in LineKind}
    found = {kind: (each.lines, decimal_text(each.micros)) for kind, each in figures.items()}
    assert found == LINES_AND_MONEY
    assert (counted.documents, counted.lines) == (25_900, 541_909)
    assert decimal_text(counted.micros) == "9747747.934"


def test_stock_never_goes_below_zero(year: Path) -> None:
    """The book that begins anew every hundred documents plans what the whole one does."""
    shelves, whole, parts = Shelves(), StockBook(), StockBook()
    documents = (event for event in read(year) if isinstance(event, Document))
    for number, document in enumerate(documents):
        if number % 100 == 0:
            parts = StockBook()
        for sku_key in whole.unknown(document):
            whole.load(sku_key, 0, 0)
        receipts = whole.plan(document)
        assert shelves.plan(parts, document) == receipts
        for receipt in receipts:
            shelves.receive(receipt)
        shelves.book(document)
    assert sum(shelves.received.values()) == 8_151_821


def _faulty(year: Path, folder: Path) -> Path:
    lines = gzip.decompress(year.read_bytes()).split(b"\n")
    cells = lines[300_000 - 1].rsplit(b",", 3)
    lines[300_000 - 1] = b",".join([cells[0], b"abc", *cells[2:]])
    path = folder / "faulty.csv"
    path.write_bytes(b"\n".join(lines))
    return path


def _cut(year: Path, folder: Path) -> Path:
    packed = year.read_bytes()
    path = folder / "cut.csv.gz"
    path.write_bytes(packed[: len(packed) // 2])
    return path


def test_bad_number_in_line_300_000(year: Path, tmp_path: Path) -> None:
    kept, refusal = until_refusal(read(_faulty(year, tmp_path)))
    assert isinstance(refusal, errors.NotADecimal)
    assert refusal.message == "line 300000, column UnitPrice: 'abc' is not a decimal number."
    _is_the_beginning(kept, year)
    assert sum(len(event.lines) for event in kept if isinstance(event, Document)) > 299_000


def test_truncated_file(year: Path, tmp_path: Path) -> None:
    kept, refusal = until_refusal(read(_cut(year, tmp_path)))
    assert isinstance(refusal, errors.GzipTruncated)
    lines = sum(len(event.lines) for event in kept if isinstance(event, Document))
    assert refusal.line - 2_000 < lines < refusal.line
    _is_the_beginning(kept, year)


def _is_the_beginning(kept: list[Event], year: Path) -> None:
    beginning = itertools.islice(read(year), len(kept))
    assert all(ours == theirs for ours, theirs in zip(kept, beginning, strict=True))


def test_the_excerpt_is_the_beginning_of_the_year_unaltered(year: Path) -> None:
    excerpt = gzip.decompress(DEMO_EXCERPT.read_bytes())
    assert gzip.decompress(year.read_bytes()).startswith(excerpt)
    assert excerpt.endswith(b"\n")
