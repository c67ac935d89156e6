"""Receipts as they are printed: the same words in each form, whole for a reader of each."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from uuid import UUID

import pytest

from tests.counter.conftest import Counter
from tradepost.counter.domain.slip import (
    Slip,
    SlipKind,
    SlipLine,
    SlipTax,
    SlipTender,
    SlipText,
)
from tradepost.counter.http.printing import Language, escpos, html, pdf, rows_of
from tradepost.counter.http.printing.escpos import BOLD_ON, CUT, INIT, KANJI_ON, KICK
from tradepost.counter.http.printing.layout import COLUMNS, lines_of, width
from tradepost.counter.http.printing.words import WORDS
from tradepost.kernel.ids import RegisterId, SaleId, ShiftId, SlipId

ID = UUID(int=7)
EN, JA = Language.ENGLISH, Language.JAPANESE


def slip(
    printed: int = 1, *, title: str = "Earl Grey <loose> & fine", is_void: bool = False
) -> Slip:
    text = SlipText(
        shop="The Tea Room",
        register="till-1",
        time_zone="Asia/Tokyo",
        at=datetime(2026, 1, 5, 20, 30, tzinfo=UTC),
        currency="GBP",
        order_number=1001,
        lines=(SlipLine(title, "tea", 2, "piece", "3.50", 1, 700, 50),),
        subtotal=700,
        discount=50,
        tax_included=True,
        tax=108,
        taxes=(SlipTax(200_000, 542, 108),),
        rounding=0,
        total=650,
        tenders=(SlipTender("cash", 1000),),
        change=350,
    )
    named = SlipId(ID), RegisterId(ID), ShiftId(ID)
    return Slip(*named, 42, SlipKind.SALE, SaleId(ID), None, is_void, printed, text, text.at)


def test_languages_have_the_same_words() -> None:
    assert WORDS[EN].keys() == WORDS[JA].keys()
    assert all(all(words.values()) for words in WORDS.values())


def test_rows_fit_on_the_paper_and_tell_everything() -> None:
    rows = rows_of(slip(title="紅茶の詰め合わせ " * 6), JA)
    lines = [line for row in rows for line in lines_of(row)]
    assert max(map(width, lines)) <= COLUMNS
    told = "\n".join(lines)
    for part in (
        "2026-01-06 05:30",
        "1001",
        "20 %",
        "5.42",
        "1.08",
        "6.50",
        "10.00",
        "3.50",
        "-0.50",
    ):
        assert part in told, part
    assert "till-1-42" in told and "控え" not in told


@pytest.mark.parametrize("language", list(Language))
def test_what_is_printed_again_is_a_copy_and_what_is_void_says_so(language: Language) -> None:
    words = WORDS[language]
    rows = "\n".join(row.left for row in rows_of(slip(3, is_void=True), language))
    assert f"*** {words['copy']} 2 ***" in rows and f"*** {words['void']} ***" in rows


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.fetched: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text += data + "\n"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value for name, value in attrs if name in ("src", "href") and value]


def test_html_needs_nothing_else_and_escapes_what_it_shows() -> None:
    page = html(slip(), EN).decode()
    read = _Text()
    read.feed(page)
    assert "Earl Grey <loose> & fine" in read.text and "TOTAL GBP" in read.text
    assert not read.fetched and '<html lang="en">' in page
    assert '<html lang="ja">' in html(slip(), JA).decode()


def test_escpos_begins_prints_the_total_bold_cuts_and_opens_the_drawer() -> None:
    plain = escpos(slip(title="Café £5"), EN)
    assert plain.startswith(INIT) and plain.endswith(CUT)
    assert "Café £5".encode("cp1252") in plain
    assert BOLD_ON + b"TOTAL GBP" in plain and KICK not in plain
    assert KICK in escpos(slip(), EN, kick=True)
    kanji = escpos(slip(title="紅茶"), JA)
    assert KANJI_ON + "紅茶".encode("cp932") in kanji and "合計".encode("cp932") in kanji


@pytest.mark.parametrize("title", ["(Tea) \\ Café", "紅茶とケーキ"])
def test_a_pdf_finds_its_objects_where_its_table_says(title: str) -> None:
    raw = pdf(slip(title=title), JA)
    start = int(re.findall(rb"startxref\n(\d+)", raw)[0])
    assert raw[start:].startswith(b"xref\n0 10\n")
    places = [int(one) for one in re.findall(rb"(\d{10}) 00000 n ", raw[start:])]
    assert len(places) == 9
    for number, place in enumerate(places, start=1):
        assert raw[place:].startswith(b"%d 0 obj\n" % number)
    length, stream = re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", raw, re.S)[0]
    assert int(length) == len(stream)
    shown = title.encode("utf-16-be").hex().encode() if not title.isascii() else b""
    assert shown in raw or b"\\(Tea\\) \\\\ Caf\xe9" in raw


async def test_a_receipt_is_printed_over_the_api_and_again_as_a_copy(counter: Counter) -> None:
    await counter.open()
    await counter.sell(("tea", 1), cash=500)
    place = f"/api/v1/registers/{counter.register_id}/receipts/1/print"
    first = await counter.cashier.client.post(place, json={"form": "escpos"})
    assert first.status_code == 200 and KICK in first.content and b"COPY" not in first.content
    second = await counter.cashier.client.post(place, json={"form": "pdf", "language": "ja"})
    assert second.headers["content-type"] == "application/pdf"
    assert (
        second.content.startswith(b"%PDF-1.7") and "控え".encode("utf-16-be").hex() in second.text
    )
    third = await counter.cashier.client.post(place, json={"form": "html"})
    assert third.headers["content-type"].startswith("text/html") and "COPY 2" in third.text
    missing = place.replace("/1/", "/9/")
    assert (await counter.cashier.client.post(missing, json={"form": "html"})).status_code == 404
