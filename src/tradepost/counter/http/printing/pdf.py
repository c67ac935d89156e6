"""A receipt as a PDF of one narrow page.

Written by hand, since a receipt is a few dozen lines of text: Latin in Courier, everything else in
the Japanese font that every reader brings along (Adobe-Japan1), so that no font is shipped. Source:
ISO 32000-1, 7.5 (file structure), 9.6.2 (standard fonts), 9.7 (composite fonts).
"""

from __future__ import annotations

from itertools import groupby

from tradepost.counter.domain.slip import Slip
from tradepost.counter.http.printing.layout import COLUMNS, Row, lines_of, rows_of
from tradepost.counter.http.printing.words import Language

SIZE = 8
LEAD = 11
MARGIN = 12
CELL_MILLI = 600
"""A column is as wide as a letter of Courier: 0.6 of its size; a wide sign takes two of them."""

_LATIN, _BOLD, _WIDE = "/F1", "/F2", "/F3"
_FONTS = (
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier-Bold /Encoding /WinAnsiEncoding >>",
    b"<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5-UniJIS-UTF16-H"
    b" /Encoding /UniJIS-UTF16-H /DescendantFonts [8 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 /DW 1000"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >>"
    b" /FontDescriptor 9 0 R >>",
    b"<< /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [-92 -250 1010 922]"
    b" /ItalicAngle 0 /Ascent 752 /Descent -221 /CapHeight 737 /StemV 114 >>",
)


def pdf(slip: Slip, language: Language) -> bytes:
    """The document."""
    lines = [(row, line) for row in rows_of(slip, language) for line in lines_of(row)]
    width = COLUMNS * SIZE * CELL_MILLI // 1000 + 2 * MARGIN
    height = len(lines) * LEAD + 2 * MARGIN
    content = b"".join(
        _shown(row, line, height - MARGIN - LEAD * (place + 1) + 3)
        for place, (row, line) in enumerate(lines)
    )
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R /F2 6 0 R /F3 7 0 R >> >> >>"
    )
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /Lang ({language.value}) >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page.encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        *_FONTS,
    ]
    return _file(objects)


def _shown(row: Row, line: str, y: int) -> bytes:
    """One line of text, run by run, each in the font that has its signs."""
    out = []
    column = 0
    for latin, signs in groupby(line, _is_latin):
        text = "".join(signs)
        font = (_BOLD if row.strong else _LATIN) if latin else _WIDE
        x = MARGIN * 1000 + column * SIZE * CELL_MILLI
        size = SIZE if latin else f"{2 * SIZE * CELL_MILLI // 1000}"
        place = f"{x // 1000}.{x % 1000:03} {y}"
        string = _escaped(text) if latin else f"<{text.encode('utf-16-be').hex()}>".encode()
        out.append(f"BT {font} {size} Tf {place} Td ".encode() + string + b" Tj ET\n")
        column += len(text) * (1 if latin else 2)
    return b"".join(out)


def _is_latin(sign: str) -> bool:
    try:
        sign.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _escaped(text: str) -> bytes:
    raw = text.encode("cp1252")
    for sign in (b"\\", b"(", b")"):
        raw = raw.replace(sign, b"\\" + sign)
    return b"(" + raw + b")"


def _file(objects: list[bytes]) -> bytes:
    """Objects with the table of where each begins."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)
