"""Receipts that keep stock at or above zero, the same wherever the replay was broken off."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tests.transfer.retail_samples import Row, Shelves, assemble, row, whole
from tradepost.transfer.retail.documents import Document
from tradepost.transfer.retail.stock import Receipt, StockBook


def plan(*rows: Row, available: int = 0, ever_received: int = 0) -> list[tuple[str, str, int]]:
    book, planned = StockBook(), []
    for document in whole(assemble(*rows)):
        for sku_key in book.unknown(document):
            book.load(sku_key, available, ever_received)
        planned += [(each.invoice, each.sku_key, each.quantity) for each in book.plan(document)]
    return planned


def test_a_receipt_is_four_dozen_at_least() -> None:
    assert plan(row(quantity="3")) == [("700001", "tea01", 48)]


def test_a_receipt_is_what_is_missing() -> None:
    assert plan(row(quantity="80"), available=10) == [("700001", "tea01", 70)]


def test_a_receipt_is_what_was_ever_received() -> None:
    assert plan(row(quantity="80"), ever_received=500) == [("700001", "tea01", 500)]


def test_no_receipt_while_there_is_enough() -> None:
    assert plan(row(quantity="80"), available=80) == []


def test_receipts_double_what_was_received() -> None:
    rows = [row(str(700_001 + n), quantity="48") for n in range(5)]
    assert [units for _, _, units in plan(*rows)] == [48, 48, 96, 192]


def test_one_receipt_covers_all_lines_of_an_article_in_an_invoice() -> None:
    rows = [row(code="TEA01", quantity="40"), row(code="CUP"), row(code="tea01", quantity="41")]
    assert plan(*rows) == [("700001", "cup", 48), ("700001", "tea01", 81)]


def test_returns_and_finds_are_sold_again() -> None:
    back = row("C700001", quantity="-5")
    found = row("700002", quantity="5", price="0", customer="")
    assert plan(back, found, row("700003", quantity="10")) == []


def test_write_offs_take_and_services_do_not() -> None:
    broken = row("700001", quantity="-50", price="0", customer="")
    assert plan(broken, row("700002", "POST", quantity="99")) == [("700001", "tea01", 50)]


def test_a_receipt_names_the_first_line_that_takes() -> None:
    [document] = whole(assemble(row(code="CUP"), row(quantity="3"), row(quantity="4")))
    book = StockBook()
    for sku_key in book.unknown(document):
        book.load(sku_key, 0, 0)
    assert [(each.sku_key, each.line_number) for each in book.plan(document)] == [
        ("cup", 2),
        ("tea01", 3),
    ]
    assert book.available("tea01") == 48 - 7


@st.composite
def trade(draw: st.DrawFn) -> list[Document]:
    """A few dozen invoices of all kinds over three articles and a service."""
    rows: list[Row] = []
    codes = st.sampled_from(["TEA01", "tea01", "CUP", "POT", "POST"])
    for number in range(draw(st.integers(1, 25))):
        what = draw(st.sampled_from(["sale", "credit", "mixed", "found"]))
        invoice = f"{'C' if what == 'credit' else ''}{700_000 + number}"
        for code in draw(st.lists(codes, min_size=1, max_size=5)):
            units = draw(st.integers(1, 200))
            off = what == "credit" or (what == "mixed" and code != "POST" and draw(st.booleans()))
            free = what == "found" or (off and what == "mixed")
            price, quantity = "0" if free else "2.50", f"{'-' if off else ''}{units}"
            rows.append(row(invoice, code, quantity=quantity, price=price, customer=""))
    return whole(assemble(*rows))


def replay(documents: Sequence[Document], breaks: set[int]) -> list[Receipt]:
    """All receipts when the book is begun anew before each of the given documents."""
    shelves, book, receipts = Shelves(), StockBook(), []
    for index, document in enumerate(documents):
        if index in breaks:
            book = StockBook()
        for receipt in shelves.plan(book, document):
            shelves.receive(receipt)
            receipts.append(receipt)
        shelves.book(document)
    return receipts


@given(trade(), st.sets(st.integers(0, 24)))
def test_same_receipts_wherever_it_begins_anew_and_never_below_zero(
    documents: list[Document], breaks: set[int]
) -> None:
    whole_run = replay(documents, set())
    assert replay(documents, breaks) == whole_run
    keys = [(receipt.invoice, receipt.sku_key) for receipt in whole_run]
    assert len(set(keys)) == len(keys)
    assert all(receipt.quantity >= 48 for receipt in whole_run)


@given(trade(), st.data())
def test_broken_off_between_receipts_and_their_document(
    documents: list[Document], data: st.DataObject
) -> None:
    """Some receipts of a document are booked, then a new start: the rest follows, none twice."""
    shelves = Shelves()
    receipts: list[Receipt] = []
    for document in documents:
        planned = shelves.plan(StockBook(), document)
        booked = planned[: data.draw(st.integers(0, len(planned)))]
        for receipt in booked:
            shelves.receive(receipt)
        rest = shelves.plan(StockBook(), document)
        assert (*booked, *rest) == planned
        for receipt in rest:
            shelves.receive(receipt)
        receipts += planned
        shelves.book(document)
    assert receipts == replay(documents, set())
